import { amount, day, exactMoney } from "../figures";
import { useWords } from "../words";
import { Sentence } from "./Sentence";
import { type Choice, type Reach, type Reason, type RingData, called } from "./data";

type Props = { data: RingData; choice: Choice | null; reached: Reach | null; choose: (choice: Choice | null) => void };
const SIDES = ["for", "harm", "against"] as const;

const headOf = (side: string): string => `evidence-${side}`;

function goTo(side: string): void {
  const head = document.getElementById(headOf(side))!;
  head.focus({ preventScroll: true });
  head.parentElement!.scrollIntoView({ block: "start" });
}

/** Each reason as a sentence, what was seen and what chance would give, its claims one click away; and what speaks against the suspicion. */
export function Evidence({ data, choice, reached, choose }: Props) {
  const { say, word } = useWords();
  const sides = SIDES.map((side) => ({ side, reasons: data.reasons.map((reason, i) => ({ reason, i })).filter(({ reason }) => reason.side === side) }));
  return (
    <>
      <ul className="weighed" aria-label={say("app.weighed")}>
        {sides.map(({ side, reasons }) => (
          <li key={side} className={side}>
            <button type="button" onClick={() => goTo(side)}>
              {say(`app.weighed_${side}`, { count: reasons.length })}
            </button>
          </li>
        ))}
      </ul>
      {sides.map(({ side, reasons }) => {
        return (
          <section key={side} className={`evidence ${side}`}>
            <h3 id={headOf(side)} tabIndex={-1}>{word("kinds", `side_${side}`)}</h3>
            {side === "against" ? <p className="quiet">{say("app.against_note")}</p> : null}
            {reasons.length ? (
              <ul>
                {reasons.map(({ reason, i }) => (
                  <One key={i} reason={reason} i={i} data={data} open={choice?.kind === "reason" && choice.reason === i} lit={reached?.reasons.has(i) ?? false} choose={choose} />
                ))}
              </ul>
            ) : (
              <p className="quiet">{say(`app.none_${side}`)}</p>
            )}
          </section>
        );
      })}
    </>
  );
}

function One({ reason, i, data, open, lit, choose }: { reason: Reason; i: number; data: RingData; open: boolean; lit: boolean; choose: Props["choose"] }) {
  const { say } = useWords();
  return (
    <li className={lit ? "lit" : ""}>
      <p>
        <Sentence text={reason.sentence} places={data.places} />
      </p>
      <Numbers reason={reason} />
      {reason.claim_ids.length ? (
        <button type="button" aria-expanded={open} onClick={() => choose(open ? null : { kind: "reason", reason: i })}>
          {open ? say("app.claims_hide") : say("app.claims_show", { count: reason.claim_ids.length })}
        </button>
      ) : null}
      {open ? <Claims ids={reason.claim_ids} data={data} choose={choose} /> : null}
    </li>
  );
}

/** Seen and expected by chance, side by side; nothing where both are 0: such a sentence tells that something was not found. */
function Numbers({ reason }: { reason: Reason }) {
  const { say, lang } = useWords();
  const { observed, expected } = reason;
  if (observed === null || (!observed && !expected)) return null;
  const most = Math.max(observed, expected ?? 0);
  const rows: [string, number, string][] = [[say("app.observed"), observed, "seen"], ...(expected === null ? [] : [[say("app.expected"), expected, "chance"] as [string, number, string]])];
  return (
    <dl className="numbers">
      {rows.map(([name, value, kind]) => (
        <div key={kind}>
          <dt>{name}</dt>
          <dd>
            <span className={`measure ${kind}`} aria-hidden="true">
              <i style={{ width: `${(100 * value) / most}%` }} />
            </span>
            {amount(value, lang)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Claims({ ids, data, choose }: { ids: readonly string[]; data: RingData; choose: Props["choose"] }) {
  const { say, word } = useWords();
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={say("app.fact_claims")}>
      <table className="small">
        <thead>
          <tr>
            <th scope="col">{say("app.col_day")}</th>
            <th scope="col">{say("app.col_who")}</th>
            <th scope="col">{say("app.col_where")}</th>
            <th scope="col">{say("app.col_what")}</th>
            <th scope="col" className="number">{say("app.fact_total")}</th>
          </tr>
        </thead>
        <tbody>
          {ids.map((id) => {
            const claim = data.claim.get(id);
            if (!claim) return null;
            const who = claim.member ? data.nodes.get(claim.member) : undefined;
            return (
              <tr key={id}>
                <td>
                  <button type="button" className="plain" title={id} onClick={() => choose({ kind: "claim", claim: id })}>
                    {day(claim.start)}
                  </button>
                </td>
                <td>{who ? called(who) : ""}</td>
                <td>{claim.facility_name ?? claim.facility_id}</td>
                <td>{word("kinds", claim.service_type)}</td>
                <td className="number">{exactMoney(claim.total_amount)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
