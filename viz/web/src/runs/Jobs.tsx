import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { minute } from "../figures";
import { type Shapes, asked, client, once } from "../service/client";
import { queries } from "../service/queries";
import { useMay } from "../shell/who";
import { useWords } from "../words";

const LOOK_MS = 1000;
const going = (job: Shapes["JobDetail"]): boolean => job.state === "running" || job.state === "cancelling";

/** Runs that were asked for, with what they are doing now; when one ends, what is served is asked for again. */
export function Jobs() {
  const { say, lang } = useWords();
  const may = useMay("GET /v1/jobs");
  const { data } = useQuery({
    queryKey: ["jobs", lang],
    enabled: may,
    queryFn: () => asked(client.GET("/v1/jobs")),
    refetchInterval: (query) => (query.state.data?.jobs.some(going) ? LOOK_MS : false),
  });
  const busy = data?.jobs.some(going) ?? false;
  const was = useRef(busy);
  useEffect(() => {
    if (was.current && !busy) void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] === "runs" || query.queryKey[0] === "ready" });
    was.current = busy;
  }, [busy]);
  if (!data?.jobs.length) return null;
  return (
    <section className="pane">
      <h2>{say("app.jobs")}</h2>
      <ul className="jobs">
        {data.jobs.slice(0, 5).map((job) => (
          <Job key={job.job_id} job={job} />
        ))}
      </ul>
    </section>
  );
}

function Job({ job }: { job: Shapes["JobDetail"] }) {
  const { say } = useWords();
  const cancel = useMay("POST /v1/jobs/{job_id}:cancel");
  const stop = useMutation({
    mutationFn: () => asked(client.POST("/v1/jobs/{job_id}:cancel", { params: { path: { job_id: job.job_id }, header: once() } })),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["jobs"] }),
  });
  return (
    <li>
      <p className="row">
        <span>
          {minute(job.ordered_at)} · {job.claims === "sample-city" ? say("app.sample_city") : (job.claims ?? say("app.uploaded"))} · <b>{say(`app.job_${job.state}`)}</b>
        </span>
        {going(job) && cancel ? (
          <button type="button" onClick={() => stop.mutate()}>
            {say("app.cancel")}
          </button>
        ) : null}
      </p>
      {going(job) ? (
        <>
          <progress aria-label={say("app.job_running")} max={1} value={job.share ?? 0} /> <span className="quiet">{job.stage_name}</span>
        </>
      ) : null}
      {job.detail ? <p className="wrong">{job.detail}</p> : null}
    </li>
  );
}
