import { dayThere, exactMoney } from "../figures";
import { turn, usePlace } from "../place/use";
import { asked, client } from "../service/client";
import { useWho } from "../shell/who";
import { useWords } from "../words";
import { Decisions } from "./Decisions";
import { Person } from "./Person";
import { StepForm } from "./StepForm";
import { answerForm, rungCalled } from "./inquiryForms";
import { useStep } from "./queries";
import { Overtaken } from "./Overtaken";
import { type Case, answers, subjectCalled, worksOn } from "./steps";

/** What the inquiry established: violations, who was heard, what other districts say; and what was decided. */
export function Inquiry({ one }: { one: Case }) {
  const { say } = useWords();
  return (
    <>
      <h2>{say("casework.decisions")}</h2>
      <Decisions one={one} />
      <h2 className="spaced">{say("casework.violations")}</h2>
      <Violations one={one} />
      <h2 className="spaced">{say("casework.hearings")}</h2>
      <Hearings one={one} />
      <h2 className="spaced">{say("casework.checks")}</h2>
      <Checks one={one} />
    </>
  );
}

function Violations({ one }: { one: Case }) {
  const { say } = useWords();
  const me = useWho();
  const step = useStep(one.case_id);
  if (!one.violations.length) return <p className="quiet">{say("casework.violations_none")}</p>;
  const decided = new Set(one.decisions.filter((each) => each.state !== "withdrawn" && each.state !== "revoked").map((each) => each.violation));
  const takeBack = (number: number) =>
    void step
      .run({ seen: one, content: `remove ${number}`, send: (header) => asked(client.POST("/v1/cases/{case_id}/violations/{number}:remove", { params: { path: { case_id: one.case_id, number }, header } })) })
      .catch(() => undefined);
  return (
    <>
      <ul className="cards">
        {one.violations.map((each) => (
          <li key={each.number} className={each.stands ? "" : "gone"}>
            <h3>
              {say("casework.violation_of", { number: each.number })} {each.behaviour_name} {each.stands ? null : <span className="quiet">({say("casework.withdrawn")})</span>}
            </h3>
            <p>
              {say(`casework.one_${each.subject}`)} <strong>{each.subject_name ?? each.subject_id}</strong> {each.subject_name ? <span className="quiet">{each.subject_id}</span> : null} · {each.article_name} · {say("casework.loss")}: {exactMoney(each.amount)} · {each.established_on}
              {each.intent ? ` · ${say("casework.intent")}` : ""}
            </p>
            {each.text ? <p className="typed">{each.text}</p> : null}
            {each.stands ? (
              <details>
                <summary>{say("casework.ladder")}</summary>
                <ul>
                  {each.ladder.map((rung) => (
                    <li key={rungCalled(rung)}>
                      {rungCalled(rung)}
                      {rung.least !== null && rung.most !== null ? `: ${say("casework.between", { least: exactMoney(rung.least), most: exactMoney(rung.most) })}` : ""}
                      {rung.fewest !== null && rung.longest !== null ? `: ${say("casework.months_of", { count: say("casework.between", { least: rung.fewest, most: rung.longest }) })}` : ""}
                      <span className="quiet">
                        {" "}
                        · {rung.basis_name}
                        {rung.heard_first ? ` · ${say("casework.ladder_heard")}` : ""}
                        {rung.checked_first ? ` · ${say("casework.ladder_checked")}` : ""}
                      </span>
                    </li>
                  ))}
                </ul>
              </details>
            ) : null}
            {each.stands && worksOn(one, me) && one.possible.includes("decide") && !decided.has(each.number) ? (
              <button type="button" disabled={step.pending} onClick={() => takeBack(each.number)}>
                {say("casework.take_back")}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      <Overtaken step={step} />
    </>
  );
}

function Hearings({ one }: { one: Case }) {
  const { say } = useWords();
  if (!one.hearings.length) return <p className="quiet">{say("casework.hearings_none")}</p>;
  return (
    <ul className="cards">
      {one.hearings.map((each) => (
        <li key={each.number}>
          <h3>
            {say(`casework.one_${each.subject}`)} {subjectCalled(each)} <span className="quiet">· {say(`casework.form_${each.form}`)}</span>
          </h3>
          <p className="quiet">
            {say("casework.told_on")} {each.told_on} · {say("casework.held_on")} {each.held_on}
          </p>
          {each.statement ? <p className="typed">{each.statement}</p> : null}
          {each.considered ? (
            <p className="typed">
              <span className="quiet">{say("casework.considered")}: </span>
              {each.considered}
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function Checks({ one }: { one: Case }) {
  const { say } = useWords();
  const me = useWho();
  const { params } = usePlace();
  if (!one.checks.length) return <p className="quiet">{say("casework.checks_none")}</p>;
  return (
    <ul className="cards">
      {one.checks.map((each) => {
        const form = answerForm(one, each.number);
        const may = answers(each, one, me);
        return (
          <li key={each.number}>
            <h3>
              {each.district}{" "}
              {each.agrees === null ? <span className="quiet">{say("casework.check_waits")}</span> : <strong className={each.agrees ? "agrees" : "alertword"}>{say(each.agrees ? "casework.yes" : "casework.no")}</strong>}
            </h3>
            <p className="quiet">
              {dayThere(each.asked_at)} · <Person id={each.asked_by} />
            </p>
            <p className="typed">{each.question}</p>
            {each.answer ? (
              <>
                <p className="quiet">
                  {dayThere(each.answered_at!)} · <Person id={each.answered_by} />
                </p>
                <p className="typed">{each.answer}</p>
              </>
            ) : null}
            {may && params.get("do") !== form.name ? (
              <button type="button" className="first" onClick={() => turn({ do: form.name })}>
                {say("casework.check_answer")}
              </button>
            ) : null}
            {may && params.get("do") === form.name ? <StepForm key={form.name} one={one} {...form} done={() => turn({ do: "" }, true)} /> : null}
          </li>
        );
      })}
    </ul>
  );
}
