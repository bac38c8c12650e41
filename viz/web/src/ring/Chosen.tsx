import { amount, exactMoney, minute } from "../figures";
import { LOOKS, type EntityType } from "../look";
import { address } from "../place/place";
import { Link } from "../place/use";
import type { Shapes } from "../service/client";
import { useWords } from "../words";
import { Note } from "./Note";
import { isOutsider } from "./beyond";
import { type Choice, type Node, type RingData, called, whoOf } from "./data";
import type { Acting } from "./useView";
import { beyond } from "./view";

type Props = { ring: Shapes["RingDetail"]; data: RingData; choice: Choice | null; choose: (choice: Choice | null) => void; keys: ReadonlyMap<string, string>; acting: Acting };

/** What was chosen, in words. */
export function Chosen({ choice, choose, ...rest }: Props) {
  const { say } = useWords();
  return (
    <section className="chosen" aria-label={say("app.chosen")} aria-live="polite">
      {choice ? (
        <>
          <button type="button" className="close" onClick={() => choose(null)} aria-label={say("app.choose_nothing")}>
            ×
          </button>
          <Told choice={choice} choose={choose} {...rest} />
        </>
      ) : (
        <p className="quiet">{say("app.choose")}</p>
      )}
    </section>
  );
}

/** A member as a button that chooses it. */
export function MemberButton({ node, choose }: { node: Node; choose: Props["choose"] }) {
  const { word } = useWords();
  const look = LOOKS[node.entity_type as EntityType];
  return (
    <button type="button" className="member" onClick={() => choose({ kind: "member", member: node.member })}>
      <span style={{ color: look.fill }} aria-hidden="true">
        {look.sign}
      </span>{" "}
      <span className="quiet">{word("kinds", node.entity_type)}</span> {called(node)} {node.name ? <span className="quiet">{node.entity_id}</span> : null}
    </button>
  );
}

function Told({ ring, data, choice, choose, keys, acting }: Props & { choice: Choice }) {
  const { say, word, lang } = useWords();
  if (choice.kind === "member") {
    const node = data.nodes.get(choice.member)!;
    const roles = ring.members.filter((one) => one.member === choice.member);
    const key = keys.get(choice.member)!;
    return (
      <>
        <h3>
          {word("kinds", node.entity_type)} {called(node)} {node.name ? <span className="quiet">{node.entity_id}</span> : null}
        </h3>
        {roles.length ? (
          roles.map((one) => <p key={one.role}>{say("app.member_is", { role: one.role_name, strength: Math.round(100 * one.strength), claims: one.claims })}</p>)
        ) : isOutsider(node) ? (
          <Beyond ring={ring.ring_id} rings={node.rings} />
        ) : (
          <p>{say("app.member_none")}</p>
        )}
        {node.entity_id.includes("*") ? null : <Link to={address(["entity", node.entity_type, node.entity_id])}>{say("app.entity_page")}</Link>}
        <Note key={`${key} ${acting.view.notes[key] ?? ""}`} name={key} acting={acting} />
      </>
    );
  }
  if (choice.kind === "tie") {
    const edge = data.edges.find((one) => one.a === choice.a && one.b === choice.b)!;
    const [a, b] = [data.nodes.get(choice.a)!, data.nodes.get(choice.b)!];
    return (
      <>
        <h3>
          <MemberButton node={a} choose={choose} /> — <MemberButton node={b} choose={choose} />
        </h3>
        {edge.claims !== null && (beyond(edge.a) || beyond(edge.b)) ? <p>{say("app.tie_beyond", { claims: edge.claims })}</p> : null}
        {edge.claims !== null && !beyond(edge.a) && !beyond(edge.b) ? <p>{say("app.tie_claims", { claims: edge.claims, own: data.claimsOf.get(edge.a)?.size ?? edge.claims, patient: called(a), other: called(b) })}</p> : null}
        {edge.ties.map((tie) => (
          <p key={tie.channel}>{say("app.tie_met", { channel: word("channels", tie.channel), observed: amount(tie.observed, lang), expected: amount(tie.expected, lang) })}</p>
        ))}
      </>
    );
  }
  if (choice.kind === "claim") {
    const claim = data.claim.get(choice.claim)!;
    return (
      <>
        <h3>
          {word("kinds", claim.service_type)} {minute(claim.start)}
          {claim.end !== claim.start ? ` – ${minute(claim.end)}` : ""}
        </h3>
        <p>{say("app.claim_is", { id: claim.claim_id, place: claim.facility_name ?? claim.facility_id, total: exactMoney(claim.total_amount), fund: claim.fund_amount === null ? say("app.unknown") : exactMoney(claim.fund_amount) })}</p>
        <p className="members">
          {whoOf(claim).map((one) => (
            <MemberButton key={one} node={data.nodes.get(one)!} choose={choose} />
          ))}
        </p>
      </>
    );
  }
  const reason = data.reasons[choice.reason]!;
  return <p>{say("app.reason_chosen", { claims: reason.claim_ids.length })}</p>;
}

/** Of somebody who is around the ring: no member, and in which other rings. */
function Beyond({ ring, rings }: { ring: string; rings: readonly string[] }) {
  const { say } = useWords();
  const others = rings.filter((one) => one !== ring);
  return (
    <>
      <p>{say("app.beyond")}</p>
      {others.length ? (
        <p>
          {say("app.beyond_rings")}{" "}
          {others.map((one) => (
            <Link key={one} to={address(["rings", one])}>
              {one}{" "}
            </Link>
          ))}
        </p>
      ) : null}
    </>
  );
}
