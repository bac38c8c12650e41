import { keepPreviousData, useQuery } from "@tanstack/react-query";

import { count, money } from "../figures";
import { address } from "../place/place";
import { Link, turn, usePlace } from "../place/use";
import { type Shapes, asked, client } from "../service/client";
import { Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";
import { MOST_HARM, Q_STOPS, type Tried, comeAndGo, stopOf, triedOf } from "./thresholds";
import { useSettled } from "../useSettled";

const STAYS_MS = 250;

const useRescored = (run: string, tried: Tried) =>
  useQuery({
    queryKey: ["rescored", run, tried.alert_q, tried.alert_harm],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => asked(client.POST("/v1/runs/{run_id}:rescore", { signal, params: { path: { run_id: run } }, body: tried })),
  });

/** What would alert if alerts had to be surer, or less sure: judged again from the run that is served, which stays as it is. */
export function WhatIf({ run }: { run: string }) {
  const { say, lang } = useWords();
  const { params } = usePlace();
  const tried = triedOf(params);
  const text = useSettled(JSON.stringify(tried), STAYS_MS);
  const used = useRescored(run, {});
  const { data, error, isFetching } = useRescored(run, JSON.parse(text) as Tried);
  const wrong = used.error ?? error;
  if (wrong) return <section className="pane"><Wrong error={wrong} /></section>;
  if (!used.data || !data) return <Waiting />;
  const was = used.data.settings;
  const { alert_q, alert_harm } = { ...was, ...tried };
  const { come, go } = comeAndGo(data.changes);
  const set = (name: string, value: number, usual: number) => turn({ [name]: value === usual ? "" : String(value) }, true);
  const stops = Q_STOPS.map((stop) => (stopOf(was.alert_q) === Q_STOPS.indexOf(stop) ? was.alert_q : stop));
  return (
    <section className="pane whatif" aria-labelledby="whatif">
      <h2 id="whatif">{say("app.whatif")}</h2>
      <p className="quiet">{say("app.whatif_note")}</p>
      <label className="slider">
        <span>{say("app.whatif_q", { share: percent(alert_q) })}</span>
        <input type="range" min={0} max={stops.length - 1} value={stopOf(alert_q)} aria-valuetext={say("app.whatif_q", { share: percent(alert_q) })} onChange={(event) => set("q", stops[Number(event.target.value)]!, was.alert_q)} />
      </label>
      <label className="slider">
        <span>{say("app.whatif_harm", { harm: alert_harm })}</span>
        <input type="range" min={0} max={MOST_HARM} value={alert_harm} onChange={(event) => set("harm", Number(event.target.value), was.alert_harm)} />
      </label>
      {Object.keys(tried).length ? (
        <button type="button" onClick={() => turn({ q: "", harm: "" })}>
          {say("app.whatif_back")}
        </button>
      ) : null}
      <p role="status" aria-busy={isFetching || text !== JSON.stringify(tried)}>
        {say("app.whatif_sum", { after: count(data.alerts_after, lang), before: count(data.alerts_before, lang), rings: count(data.rings, lang), come: count(come.length, lang), go: count(go.length, lang) })}
      </p>
      <Judged title={say("app.whatif_come")} rings={come} />
      <Judged title={say("app.whatif_go")} rings={go} />
    </section>
  );
}

function Judged({ title, rings }: { title: string; rings: readonly Shapes["RejudgedRing"][] }) {
  const { say, word, lang } = useWords();
  if (!rings.length) return null;
  return (
    <>
      <h3>{title}</h3>
      <div className="scroll" tabIndex={0} role="region" aria-label={title}>
        <table className="small">
          <thead>
            <tr>
              <th scope="col">{say("app.col_group")}</th>
              <th scope="col" className="number">{say("app.whatif_wrong")}</th>
              <th scope="col" className="number">{say("app.whatif_nats")}</th>
              <th scope="col" className="number">{say("app.col_people")}</th>
              <th scope="col" className="number">{say("app.col_money")}</th>
            </tr>
          </thead>
          <tbody>
            {rings.map((ring) => (
              <tr key={ring.ring_id}>
                <td>
                  <Link to={address(["rings", ring.ring_id])}>{word("kinds", ring.kind)}</Link> <span className="quiet">{ring.ring_id}</span>
                </td>
                <td className="number">{percent(ring.q_value)}</td>
                <td className="number">{ring.harm.toFixed(1)}</td>
                <td className="number">{ring.patients}</td>
                <td className="number">{money(ring.fund_amount, lang)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** A share in hundredths, with as many places as it needs. */
const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
