import { LOOKS, type EntityType } from "../look";
import type { Shapes } from "../service/client";
import { useWords } from "../words";
import { type Choice, type Reach, type RingData } from "./data";

type Props = { ring: Shapes["RingDetail"]; data: RingData; reached: Reach | null; choose: (choice: Choice | null) => void };

/** Everybody with the role in this ring, how sure that is, and the claims; also the way to choose without the picture. */
export function Members({ ring, reached, choose }: Props) {
  const { say, word } = useWords();
  return (
    <>
      <p className="quiet">{say("app.role_note")}</p>
      <table className="small">
        <thead>
          <tr>
            <th scope="col">{say("app.col_member")}</th>
            <th scope="col">{say("app.col_role")}</th>
            <th scope="col" className="number">{say("app.col_strength")}</th>
            <th scope="col" className="number">{say("app.fact_claims")}</th>
          </tr>
        </thead>
        <tbody>
          {ring.members.map((one) => (
            <tr key={`${one.member}${one.role}`} className={reached?.members.has(one.member) ? "lit" : ""}>
              <td>
                <button type="button" className="plain" onClick={() => choose({ kind: "member", member: one.member })}>
                  <span style={{ color: LOOKS[one.entity_type as EntityType].fill }} aria-hidden="true">
                    {LOOKS[one.entity_type as EntityType].sign}
                  </span>{" "}
                  {one.name ?? `${word("kinds", one.entity_type)} ${one.entity_id}`}
                </button>{" "}
                {one.name ? <span className="quiet">{one.entity_id}</span> : null}
              </td>
              <td>{one.role_name}</td>
              <td className="number">{Math.round(100 * one.strength)} %</td>
              <td className="number">{one.claims}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
