import { Told } from "../shell/Told";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import { Jobs } from "./Jobs";
import { StartRun } from "./StartRun";

/** An empty installation: the way to a first run, for those who may start one. */
export function FirstRun() {
  const { say } = useWords();
  const start = useMay("POST /v1/jobs");
  return (
    <Told title={say("app.first_run")} text={start ? say("app.first_run_why") : say("app.first_run_others")}>
      {start ? <StartRun /> : null}
      <Jobs />
    </Told>
  );
}
