import { useQuery } from "@tanstack/react-query";

import { Code } from "../codes/Code";
import { count, day, exactMoney } from "../figures";
import { turn, usePlace } from "../place/use";
import { type Shapes, asked, client } from "../service/client";
import { Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";

type Life = Shapes["Life"];
type Times = Shapes["Times"];
const MOST = 5; // as the service has it

/** A member beside people like it who are in no ring: visits, places, medicines, amounts. `members`: patients who may be chosen, with their names. */
export function Peers({ ring, members }: { ring: string; members: readonly (readonly [string, string])[] }) {
  const { say, lang } = useWords();
  const { params } = usePlace();
  const member = members.find(([one]) => one === params.get("peer"))?.[0];
  const { data, error, isPending } = useQuery({
    queryKey: ["peers", ring, member, lang],
    enabled: member !== undefined,
    queryFn: ({ signal }) => asked(client.GET("/v1/rings/{ring_id}/peers", { signal, params: { path: { ring_id: ring }, query: { of: member!, limit: MOST } } })),
  });
  const asks = Number(params.get("nth") ?? "1");
  const nth = data && Number.isInteger(asks) && asks >= 1 && asks <= data.peers.length ? asks : 1;
  const peer = data?.peers[nth - 1];
  return (
    <section className="pane peers" aria-labelledby="peers">
      <h2 id="peers">{say("app.peers")}</h2>
      <p className="quiet">{say("app.peers_note")}</p>
      <label>
        {say("app.peers_of")}{" "}
        <select value={member ?? ""} onChange={(event) => turn({ peer: event.target.value, nth: "" })}>
          <option value="">{say("app.peers_choose")}</option>
          {members.map(([one, title]) => (
            <option key={one} value={one}>
              {title}
            </option>
          ))}
        </select>
      </label>
      {error ? <Wrong error={error} /> : null}
      {member && isPending && !error ? <Waiting /> : null}
      {data && !peer ? <p role="status">{say("app.peers_none")}</p> : null}
      {data && peer ? (
        <>
          <p role="status">
            {say("app.peers_found", { nth, all: data.peers.length, compared: count(data.compared, lang), likeness: Math.round(100 * peer.likeness) })}{" "}
            {data.peers.length > 1 ? (
              <button type="button" onClick={() => turn({ nth: String((nth % data.peers.length) + 1) })}>
                {say("app.peers_next")}
              </button>
            ) : null}
          </p>
          <p className="quiet">{peer.signs.map((sign) => sign.says).join(say("app.semicolon"))}</p>
          {data.life.whole ? null : <p className="notice">{say("app.peers_part")}</p>}
          <Beside lives={[data.life, peer.life]} />
        </>
      ) : null}
    </section>
  );
}

function Beside({ lives }: { lives: readonly [Life, Life] }) {
  const { say, word, lang } = useWords();
  const list = (all: readonly Times[], of: number, name: (one: Times) => React.ReactNode) => (
    <>
      <ul className="plainlist">
        {all.map((one) => (
          <li key={one.value}>
            {name(one)} <span className="quiet">× {one.claims} · {exactMoney(one.total_amount)}</span>
          </li>
        ))}
      </ul>
      {of > all.length ? <p className="quiet">{say("app.peers_more", { count: of - all.length })}</p> : null}
    </>
  );
  const rows: [string, (life: Life) => React.ReactNode][] = [
    [say("app.peers_age"), (life) => life.age ?? say("app.unknown")],
    [say("app.peers_district"), (life) => life.district ?? say("app.unknown")],
    [say("app.fact_claims"), (life) => count(life.claims, lang)],
    [say("app.peers_days"), (life) => count(life.days, lang)],
    [say("app.fact_total"), (life) => exactMoney(life.total_amount)],
    [say("app.col_money"), (life) => (life.fund_amount === null ? say("app.unknown") : exactMoney(life.fund_amount))],
    [say("app.fact_period"), (life) => `${day(life.first_time)} – ${day(life.last_time)}`],
    [say("app.col_what"), (life) => list(life.kinds, life.kinds.length, (one) => word("kinds", one.value))],
    [say("app.peers_places"), (life) => list(life.places, life.places_in_all, (one) => one.name ?? one.value)],
    [say("app.peers_medicines"), (life) => (life.medicines.length ? list(life.medicines, life.medicines_in_all, (one) => <Code kind="medicine" code={one.value} />) : say("app.peers_no_medicine"))],
    [say("app.peers_illnesses"), (life) => list(life.illnesses, life.illnesses.length, (one) => <Code kind="illness" code={one.value} />)],
  ];
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">
            <span className="hidden">{say("app.col_what")}</span>
          </th>
          {lives.map((life, i) => (
            <th key={i} scope="col">
              {say(i ? "app.peers_other" : "app.peers_member")}: {life.name ?? life.entity_id} {life.name ? <span className="quiet">{life.entity_id}</span> : null}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {lives.map((life, i) => (
              <td key={i}>{value(life)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
