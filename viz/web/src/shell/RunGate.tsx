import { type ReactNode, useState } from "react";

import { queries, useServedRun } from "../service/queries";
import { useWords } from "../words";
import { FirstRun } from "../runs/FirstRun";
import { Told, Waiting } from "./Told";

/** Screens of a run: where there is none, how to come to one; where a newer one came in, the way to it. */
export function RunGate({ children }: { children: ReactNode }) {
  const { say } = useWords();
  const { data } = useServedRun();
  const [shown, setShown] = useState<string | null>(null);
  if (!data) return <Waiting />;
  if (data.run === null) {
    if (data.why === "no_run") return <FirstRun />;
    return data.why === "loading" ? <Told title={say("app.loading")} text={say("app.loading_why")} /> : <Told title={say("app.unreadable")} text={say("app.unreadable_why")} />;
  }
  if (shown === null) setShown(data.run);
  function goOver(): void {
    setShown(data?.run ?? null);
    void queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" && query.queryKey[0] !== "ready" });
  }
  return (
    <>
      {shown !== null && shown !== data.run ? (
        <p className="notice" role="status">
          {say("app.newer_run")}{" "}
          <button type="button" onClick={goOver}>
            {say("app.newer_run_go")}
          </button>
        </p>
      ) : null}
      {children}
    </>
  );
}
