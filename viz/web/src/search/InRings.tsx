import { address } from "../place/place";
import { Link } from "../place/use";
import type { Shapes } from "../service/client";
import { useWords } from "../words";

/** The rings that somebody is in, the surest first. */
export function InRings({ rings }: { rings: readonly Shapes["RingOfEntity"][] }) {
  const { say } = useWords();
  if (!rings.length) return <p>{say("app.in_no_ring")}</p>;
  return (
    <ul className="inrings">
      {rings.map((ring) => (
        <li key={ring.ring_id}>
          <Link to={address(["rings", ring.ring_id])}>{ring.kind_name}</Link> <span className="quiet">{ring.ring_id}</span>{" "}
          {ring.alert ? <strong className="alertword">{say("app.is_alert")}</strong> : <span className="quiet">{say("app.short_no_alert")}</span>} · {Math.round(ring.score)} / 100 · {say("app.member_short", { role: ring.role_name, strength: Math.round(100 * ring.strength) })}
        </li>
      ))}
    </ul>
  );
}
