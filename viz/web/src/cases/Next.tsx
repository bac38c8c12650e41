import { turn, usePlace } from "../place/use";
import { useWho } from "../shell/who";
import { useWords } from "../words";
import { StepForm } from "./StepForm";
import { type Form, assignForm, atOnce, changeForm, closeForm, linkForm } from "./forms";
import { checkForm, hearingForm, proposeForm, violationForm } from "./inquiryForms";
import { type Known, useKnown } from "./known";
import { type Colleague, named, useColleagues, useStep } from "./queries";
import { Overtaken } from "./Overtaken";
import { type Case, type Step, WITH_FORM, stepsOf, worksOn } from "./steps";

/** Steps that lead a case on stand first, each in a line of its own; whose it is matters there only while it is nobody's. */
const LESSER: ReadonlySet<Step> = new Set(["release", "change", "link"]);
const lesser = (step: Step, one: Case): boolean => LESSER.has(step) || ((step === "take" || step === "assign") && one.assignee !== null);

/** What may be done next in a case by whoever looks at it, each step with what it needs; a form opens beneath. */
export function Next({ one }: { one: Case }) {
  const { say } = useWords();
  const me = useWho();
  const { params } = usePlace();
  const { data: colleagues = [] } = useColleagues();
  const steps = stepsOf(one, me);
  const asked = steps.find((step) => step === params.get("do") && WITH_FORM.has(step) && (step !== "close" || one.resolutions.length > 0));
  const known = useKnown(one, asked === "violation" || asked === "hear" || asked === "check");
  const form = asked ? formOf(asked, one, colleagues, known) : null;
  const quick = useStep(one.case_id);
  const close = () => turn({ do: "" }, true);
  const main = steps.filter((step) => !lesser(step, one) && !(step === "close" && !one.resolutions.length));
  const waits = steps.includes("close") && !one.resolutions.length;
  function press(step: Step): void {
    const send = atOnce(step, one, me);
    if (send) void quick.run({ seen: one, content: step, send }).catch(() => undefined);
    else turn({ do: step === asked ? "" : step });
  }
  const button = (step: Step, first: boolean) => (
    <button type="button" className={first ? "first" : ""} disabled={quick.pending} aria-expanded={WITH_FORM.has(step) ? step === asked : undefined} onClick={() => press(step)}>
      {say(`casework.step_${step}`)}
    </button>
  );
  return (
    <section className="pane next" aria-labelledby="next">
      <h2 id="next">{say("casework.next")}</h2>
      {!worksOn(one, me) && one.state !== "closed" ? <p>{one.assignee ? say("casework.only_works", { name: named(colleagues, one.assignee) }) : say("casework.only_nobody")}</p> : null}
      <ul className="steps">
        {main.map((step, i) => (
          <li key={step}>
            {button(step, i === 0)} <span className="quiet">{step === "close" ? say(closing(one)) : say(`casework.step_${step}_needs`)}</span>
          </li>
        ))}
        {waits ? (
          <li className="quiet">
            <span>{say("casework.step_close")}</span> <span>{say("casework.step_close_proposed")}</span>
          </li>
        ) : null}
      </ul>
      <p className="row">
        {steps.filter((step) => lesser(step, one)).map((step) => (
          <span key={step} title={say(`casework.step_${step}_needs`)}>
            {button(step, false)}
          </span>
        ))}
      </p>
      <Overtaken step={quick} />
      {form ? <StepForm key={form.name} one={one} {...form} done={close} /> : null}
    </section>
  );
}

function closing(one: Case) {
  return one.resolutions.includes("confirmed") ? "casework.step_close_confirmed" : one.violations.length ? "casework.step_close_none" : "casework.step_close_needs";
}

function formOf(step: Step, one: Case, colleagues: readonly Colleague[], known: Known): Form | null {
  switch (step) {
    case "assign":
      return colleagues.length ? assignForm(one, colleagues) : null;
    case "change":
      return changeForm(one);
    case "close":
      return closeForm(one);
    case "link":
      return linkForm(one);
    case "violation":
      return violationForm(one, known.members);
    case "hear":
      return hearingForm(one, known.members);
    case "check":
      return checkForm(one, known.districts);
    case "decide":
      return proposeForm(one);
    default:
      return null;
  }
}
