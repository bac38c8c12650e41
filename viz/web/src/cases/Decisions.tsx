import { exactMoney } from "../figures";
import { turn, usePlace } from "../place/use";
import { asked, client } from "../service/client";
import { FactList } from "../shell/FactList";
import { useWho } from "../shell/who";
import { useWords } from "../words";
import { StepForm } from "./StepForm";
import { decisionForm, rungCalled } from "./inquiryForms";
import { useStep } from "./queries";
import { Overtaken } from "./Overtaken";
import { type Case, type Decision, type DecisionStep, decidesIn, decisionSteps, subjectCalled } from "./steps";

/** What is proposed or decided: on what, by which law, how much, since when; what a proposal still lacks, and what may be done with each. */
export function Decisions({ one }: { one: Case }) {
  const { say } = useWords();
  const me = useWho();
  const { params } = usePlace();
  const step = useStep(one.case_id);
  if (!one.decisions.length) return <p className="quiet">{say("casework.decisions_none")}</p>;
  function press(what: DecisionStep, decision: Decision): void {
    if (what !== "carry_out") return turn({ do: `${what}-${decision.number}` });
    const path = { case_id: one.case_id, number: decision.number };
    void step
      .run({ seen: one, content: `carry_out ${decision.number}`, send: (header) => asked(client.POST("/v1/cases/{case_id}/decisions/{number}:carry_out", { params: { path, header } })) })
      .catch(() => undefined);
  }
  return (
    <>
      <ul className="cards">
        {one.decisions.map((each) => {
          const steps = decisionSteps(each, one, me);
          const open = steps.find((what) => params.get("do") === `${what}-${each.number}`);
          const form = open ? decisionForm(open, each, one) : null;
          return (
            <li key={each.number} className={each.state === "withdrawn" || each.state === "revoked" ? "gone" : ""}>
              <h3>
                {rungCalled(each)} <span className={`state ${each.state}`}>{each.state_name}</span>
              </h3>
              <Told one={one} decision={each} />
              {each.lacks.length ? (
                <p className="lacks">
                  <strong>{say("casework.lacks")}</strong>{" "}
                  {each.lacks.map((lack) => (lack === "hearing" ? say("casework.lacks_hearing", { subject: subject(one, each) }) : say("casework.lacks_check"))).join(say("app.comma"))}
                </p>
              ) : each.possible.includes("issue") && !decidesIn(one, me) ? (
                <p className="quiet">{say("casework.needs_boss")}</p>
              ) : null}
              {steps.length ? (
                <p className="row">
                  {steps.map((what, i) => (
                    <button key={what} type="button" className={i === 0 && what !== "withdraw" && what !== "revoke" ? "first" : ""} disabled={step.pending} aria-expanded={what === "carry_out" ? undefined : what === open} onClick={() => press(what, each)}>
                      {say(`casework.${what}`)}
                      {what === "carry_out" ? "" : say("casework.dots")}
                    </button>
                  ))}
                </p>
              ) : null}
              {form ? <StepForm key={form.name} one={one} {...form} done={() => turn({ do: "" }, true)} /> : null}
            </li>
          );
        })}
      </ul>
      <Overtaken step={step} />
    </>
  );
}

const subject = (one: Case, decision: Decision): string => one.violations.filter((each) => each.number === decision.violation).map(subjectCalled).join("");

function Told({ one, decision }: { one: Case; decision: Decision }) {
  const { say } = useWords();
  const on = one.violations.find((each) => each.number === decision.violation);
  const facts: [string, string][] = [
    [say("casework.col_on"), on ? `${say("casework.violation_of", { number: on.number })} ${on.behaviour_name} · ${subjectCalled(on)}` : String(decision.violation)],
    [say("casework.col_basis"), decision.basis_name],
  ];
  if (decision.amount !== null) facts.push([say("casework.amount"), exactMoney(decision.amount)]);
  if (decision.amount !== null && (decision.kind === "fine" || decision.kind === "return_money") && decision.decided_on) facts.push([say("casework.col_received"), exactMoney(decision.received)]);
  if (decision.months !== null) facts.push([say("casework.months"), say("casework.months_of", { count: decision.months })]);
  if (decision.decided_on) facts.push([say("casework.decided_on"), decision.decided_on]);
  if (decision.free_on) facts.push([say("casework.col_runs"), `${decision.begins_on ?? ""} – ${decision.free_on}`]);
  if (decision.ended_on) facts.push([decision.state_name, `${decision.ended_on} ${decision.ended_reason ?? ""}`]);
  return (
    <>
      <FactList facts={facts} />
      {decision.reason ? <p className="typed">{decision.reason}</p> : null}
    </>
  );
}
