import { count } from "../figures";
import { address } from "../place/place";
import { Link } from "../place/use";
import { useWords } from "../words";
import type { Shown } from "./occasions";

const [ROWS, NAMED] = [50, 3];

/** What the picture shows, in words: who met, where, how often. Whoever points at a row sees its ring in the picture. */
export function MeetingTable({ title, met, name, setOver }: { title: string; met: readonly Shown[]; name: (place: number) => string; setOver: (ring: string | null) => void }) {
  const { say, lang } = useWords();
  return (
    <section className="pane meetings">
      <h2>{title}</h2>
      {met.length ? (
        <table className="small">
          <thead>
            <tr>
              <th scope="col">{say("app.col_group")}</th>
              <th scope="col">{say("app.land_places")}</th>
              <th scope="col" className="number">{say("app.col_people")}</th>
              <th scope="col" className="number">{say("app.fact_claims")}</th>
            </tr>
          </thead>
          <tbody>
            {met.slice(0, ROWS).map(({ ring, at, claims }) => {
              const now = at.filter((one) => one.claims > 0);
              const more = now.length - NAMED;
              return (
                <tr key={ring.ring_id} onPointerEnter={() => setOver(ring.ring_id)} onPointerLeave={() => setOver(null)}>
                  <td>
                    <Link to={address(["rings", ring.ring_id])} onFocus={() => setOver(ring.ring_id)} onBlur={() => setOver(null)}>
                      {ring.kind_name} {ring.ring_id}
                    </Link>{" "}
                    {ring.alert ? <strong className="alertword">{say("app.is_alert")}</strong> : null}
                  </td>
                  <td>
                    {now.slice(0, NAMED).map((one) => say("app.land_at", { place: name(one.place), claims: count(one.claims, lang) })).join(say("app.comma"))}
                    {more > 0 ? ` ${say("app.land_more", { count: more })}` : ""}
                  </td>
                  <td className="number">{count(ring.patients, lang)}</td>
                  <td className="number">{count(claims, lang)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      ) : (
        <p>{say("app.land_nobody")}</p>
      )}
      {met.length > ROWS ? <p>{say("app.land_more_groups", { count: count(met.length - ROWS, lang) })}</p> : null}
    </section>
  );
}
