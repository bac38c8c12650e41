import { useDeferredValue, useMemo } from "react";

import { Certainty } from "../alerts/Certainty";
import { Growth } from "../alerts/Growth";
import { count, day, exactMoney } from "../figures";
import { address } from "../place/place";
import { Link, turn, usePlace } from "../place/use";
import type { Shapes } from "../service/client";
import { useAround, useRing } from "../service/queries";
import { FactList } from "../shell/FactList";
import { Waiting, Wrong } from "../shell/Told";
import { later } from "../shell/later";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import { Chosen } from "./Chosen";
import { Graph } from "./Graph";
import { NoRing } from "./NoRing";
import { Sentence } from "./Sentence";
import { Sides } from "./Sides";
import { Timeline } from "./Timeline";
import { withAround } from "./beyond";
import { type Choice, NO_VISITS, choiceOf, claimsIn, pictureOf, put, reach, visitsOf, written } from "./data";
import { scaleOf } from "./drawn";
import { useView } from "./useView";
import { keysOf } from "./view";

const RingCase = later(() => import("../cases/RingCase"), true);

/** One ring in three panes: graph, timeline, evidence; each stands when its answer has come, and what is chosen in one shows in all. */
export default function Ring({ ring }: { ring: string }) {
  const { detail, evidence, graph, timeline } = useRing(ring);
  const cases = useMay("GET /v1/cases");
  const { params } = usePlace();
  const picture = useMemo(() => (graph.data ? pictureOf(graph.data) : null), [graph.data]);
  const times = useDeferredValue(timeline.data, undefined); // may be large: the graph, which is there first, does not wait for it
  const visits = useMemo(() => (times ? visitsOf(claimsIn(times), times.facilities) : NO_VISITS), [times]);
  const acting = useView(ring);
  const { around } = acting.view;
  const beyond = useAround(ring, around);
  const whole = useMemo(() => (picture ? withAround(picture, beyond.data, around, scaleOf(picture).people) : null), [picture, beyond.data, around]);
  const data = useMemo(() => (whole ? put(whole, visits, evidence.data?.evidence ?? []) : null), [whole, visits, evidence.data]);
  const keys = useMemo(() => keysOf(whole?.nodes.values() ?? []), [whole]);
  const text = params.get("pick");
  const choice = useMemo(() => (data ? choiceOf(text, data) : null), [data, text]);
  const reached = useMemo(() => (data && choice ? reach(choice, data) : null), [data, choice]);
  const error = detail.error ?? graph.error ?? timeline.error ?? evidence.error;
  if (error) return <NoRing error={error} />;
  if (!picture || !whole || !data || !detail.data) return <Waiting />;
  const told = beyond.error ? <Wrong error={beyond.error} /> : beyond.isFetching ? <Waiting /> : null;
  const choose = (now: Choice | null) => turn({ pick: now ? written(now) : "" });
  return (
    <article className="ring">
      <Head ring={detail.data} places={data.places} />
      {cases ? (
        <RingCase ring={detail.data} />
      ) : null}
      <div className="panes">
        <div className="left">
          <Graph data={picture} whole={whole} choice={choice} reached={reached} choose={choose} keys={keys} acting={acting} left={beyond.data?.left ?? {}} told={told} />
          {times ? <Timeline nodes={picture.nodes} claims={visits.claims} reached={reached} choose={choose} /> : <Waiting />}
        </div>
        <div className="right">
          <Chosen ring={detail.data} data={data} choice={choice} choose={choose} keys={keys} acting={acting} />
          {evidence.data ? <Sides ring={detail.data} data={data} choice={choice} reached={reached} choose={choose} /> : <Waiting />}
        </div>
      </div>
    </article>
  );
}

function Head({ ring, places }: { ring: Shapes["RingDetail"]; places: Parameters<typeof Sentence>[0]["places"] }) {
  const { say, word, lang } = useWords();
  const exports = useMay("GET /v1/rings/{ring_id}/export.html");
  const facts: [string, React.ReactNode][] = [
    [say("app.col_people"), count(ring.patients, lang)],
    [say("app.fact_claims"), count(ring.claims, lang)],
    [say("app.fact_total"), exactMoney(ring.total_amount)],
    [say("app.col_money"), exactMoney(ring.fund_amount)],
    [say("app.fact_period"), `${day(ring.first_time)} – ${day(ring.last_time)}`],
    [say("app.col_districts"), ring.districts.join(say("app.comma"))],
    [say("app.col_growth"), <Growth key="growth" ring={ring} />],
  ];
  return (
    <header className="ringhead">
      <div>
        <p className="quiet">
          <Link to="/app/">{say("app.nav_alerts")}</Link> / {ring.ring_id}
        </p>
        <h1>{say("app.consistent", { kind: ring.kind_name })}</h1>
        <p className="lead">
          <Sentence text={ring.reason} places={places} />
        </p>
        <p className="quiet">
          {word("kinds", `${ring.kind}_meaning`)} {say("app.law")} {word("kinds", `${ring.kind}_law`)}
        </p>
      </div>
      <div className="verdict">
        {ring.alert ? <strong className="alert">{say("app.is_alert")}</strong> : <strong className="none">{say("app.no_alert")}</strong>}
        <Certainty ring={ring} />
        <p className="links">
          <Link to={address(["rings", ring.ring_id, "compare"])}>{say("app.compare")}</Link>
          {exports ? (
            <>
              <a href={`/v1/rings/${encodeURIComponent(ring.ring_id)}/export.html`} download={`${ring.ring_id}.html`}>
                {say("app.export_html")}
              </a>
              <a href={`/v1/rings/${encodeURIComponent(ring.ring_id)}/export.xlsx`} download={`${ring.ring_id}.xlsx`}>
                {say("app.export_xlsx")}
              </a>
            </>
          ) : null}
        </p>
      </div>
      <FactList facts={facts} />
    </header>
  );
}
