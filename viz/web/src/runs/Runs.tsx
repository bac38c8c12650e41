import { useQuery } from "@tanstack/react-query";

import { count, minute } from "../figures";
import { Refused, asked, client } from "../service/client";
import { Wrong } from "../shell/Told";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import { Changes } from "./Changes";
import { Jobs } from "./Jobs";
import { Rejects } from "./Rejects";
import { StartRun } from "./StartRun";
import { WhatIf } from "./WhatIf";

/** Every run, what the last one changed, and the way to a new one. */
export default function Runs() {
  const { say, lang } = useWords();
  const start = useMay("POST /v1/jobs");
  const compare = useMay("GET /v1/runs:compare");
  const rings = useMay("GET /v1/rings");
  const rescore = useMay("POST /v1/runs/{run_id}:rescore");
  const { data, error } = useQuery({ queryKey: ["runs"], queryFn: () => asked(client.GET("/v1/runs")) });
  const refused = useMay("GET /v1/runs/{run_id}/rejects");
  const served = data?.runs.find((run) => run.served)?.run_id;
  const none = error instanceof Refused && error.code === "no_run";
  return (
    <section>
      <h1>{say("app.nav_runs")}</h1>
      <Jobs />
      {error && !none ? <Wrong error={error} /> : null}
      {none ? <p>{say("app.first_run_why")}</p> : null}
      {data ? (
        <section className="pane">
          <table className="small">
            <thead>
              <tr>
                <th scope="col">{say("app.col_run")}</th>
                <th scope="col" className="number">{say("app.fact_claims")}</th>
                <th scope="col" className="number">{say("app.col_groups")}</th>
                <th scope="col" className="number">{say("app.nav_alerts")}</th>
                <th scope="col" className="number">{say("app.col_seconds")}</th>
                <th scope="col">{say("app.col_state")}</th>
              </tr>
            </thead>
            <tbody>
              {data.runs.map((run) => (
                <tr key={run.run_id}>
                  <td>{run.started ? minute(run.started) : run.run_id}</td>
                  <td className="number">{run.claims === null ? "" : count(run.claims, lang)}</td>
                  <td className="number">{run.rings}</td>
                  <td className="number">{run.alerts}</td>
                  <td className="number">{count(Math.round(run.seconds), lang)}</td>
                  <td>{[run.served ? say("app.run_served") : "", run.pinned ? say("app.run_pinned") : ""].filter(Boolean).join(say("app.comma"))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ) : null}
      {rescore && served ? <WhatIf key={`what-if ${served}`} run={served} /> : null}
      {compare && rings && data && data.runs.length > 1 ? <Changes /> : null}
      {refused && served ? <Rejects key={`rejects ${served}`} run={served} /> : null}
      {start ? (
        <>
          <h2 className="spaced">{say("app.start_new")}</h2>
          <StartRun />
        </>
      ) : null}
    </section>
  );
}
