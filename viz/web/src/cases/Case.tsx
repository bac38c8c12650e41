import { type KeyboardEvent, useMemo } from "react";

import { dayThere } from "../figures";
import { address } from "../place/place";
import { Link, turn, usePlace } from "../place/use";
import { Refused } from "../service/client";
import { FactList } from "../shell/FactList";
import { Told, Waiting, Wrong } from "../shell/Told";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import { Due } from "./Due";
import { Evidence } from "./Evidence";
import { Files } from "./Files";
import { History } from "./History";
import { Inquiry } from "./Inquiry";
import { Next } from "./Next";
import { Person } from "./Person";
import { Story } from "./Story";
import { useCase } from "./queries";
import { type Case, STATES } from "./steps";
import "./cases.css";
import "./words";

const TABS = ["case", "inquiry", "files", "history"] as const;
type Tab = (typeof TABS)[number];

/** One case: where it stands, what may be done next, and all that is known, said, decided and written down in it. */
export default function CasePage({ id }: { id: string }) {
  const { say } = useWords();
  const { data, error } = useCase(id);
  if (error instanceof Refused && error.status === 404) return <Told title={say("casework.no_such_case")}>{<Link to="/app/cases">{say("casework.cases")}</Link>}</Told>;
  if (error && !data) return <Wrong error={error} />;
  if (!data) return <Waiting />;
  return (
    <article className="case">
      <Head one={data} />
      <Next one={data} />
      <Tabs one={data} />
    </article>
  );
}

function Head({ one }: { one: Case }) {
  const { say } = useWords();
  const pack = useMay("GET /v1/cases/{case_id}/evidence.zip");
  const rings = useMay("GET /v1/rings");
  const from = one.origin === "ring" && one.origin_id && rings ? <Link to={address(["rings", one.origin_id])}>{one.origin_id}</Link> : one.origin_id;
  const facts: [string, React.ReactNode][] = [
    [say("casework.assignee"), <Person key="who" id={one.assignee} />],
    [say("casework.priority"), say(`cases.priority_${one.priority}`)],
    [say("casework.due_on"), <Due key="due" one={one} />],
    [say("casework.districts"), one.districts.join(say("app.comma"))],
    ...(one.campaign ? [[say("casework.campaign"), one.campaign] as [string, string]] : []),
    [say("casework.origin"), <span key="from">{say(`cases.origin_${one.origin}`)} {from}</span>],
    [say("casework.created"), <span key="by">{dayThere(one.created_at)} · <Person id={one.created_by} /></span>],
  ];
  const at = STATES.indexOf(one.state);
  return (
    <header className="casehead">
      <div className="row">
        <div className="grow">
          <p className="quiet">
            <Link to="/app/cases">{say("casework.cases")}</Link> / {one.case_id}
          </p>
          <h1>{one.title}</h1>
        </div>
        {pack ? <Evidence id={one.case_id} /> : null}
      </div>
      <ol className="progress" aria-label={say("casework.progress")}>
        {STATES.map((state, i) => (
          <li key={state} className={i < at ? "past" : ""} aria-current={state === one.state ? "step" : undefined}>
            {say(`cases.state_${state}`)}
          </li>
        ))}
      </ol>
      {one.resolution ? (
        <p className="lead">
          <strong>{say("casework.closed_as", { day: dayThere(one.closed_at!), resolution: say(`cases.resolution_${one.resolution}`) })}</strong> <span className="typed">{one.reason}</span>{" "}
          {one.duplicate_of ? <Link to={address(["cases", one.duplicate_of])}>{one.duplicate_of}</Link> : null}
        </p>
      ) : null}
      <FactList facts={facts} />
    </header>
  );
}

function Tabs({ one }: { one: Case }) {
  const { say } = useWords();
  const { params } = usePlace();
  const tab: Tab = TABS.find((each) => each === params.get("tab")) ?? "case";
  const counts = useMemo<Partial<Record<Tab, number>>>(() => ({ inquiry: one.violations.length + one.hearings.length + one.checks.length + one.decisions.length }), [one]);
  function key(event: KeyboardEvent): void {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by) return;
    const next = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length]!;
    turn({ tab: next === "case" ? "" : next }, true);
    document.getElementById(`tab-${next}`)?.focus();
  }
  return (
    <section className="sides">
      <div role="tablist" aria-label={say("casework.tabs")} onKeyDown={key}>
        {TABS.map((each) => (
          <button key={each} id={`tab-${each}`} type="button" role="tab" aria-selected={each === tab} aria-controls="tab" tabIndex={each === tab ? 0 : -1} onClick={() => turn({ tab: each === "case" ? "" : each })}>
            {say(`casework.tab_${each}`)}
            {counts[each] ? <span className="quiet"> {counts[each]}</span> : null}
          </button>
        ))}
      </div>
      <div id="tab" className="casetab" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === "case" ? <Story one={one} /> : null}
        {tab === "inquiry" ? <Inquiry one={one} /> : null}
        {tab === "files" ? <Files one={one} /> : null}
        {tab === "history" ? <History id={one.case_id} /> : null}
      </div>
    </section>
  );
}
