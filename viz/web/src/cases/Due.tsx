import { useWords } from "../words";
import { dueness, today } from "./wanted";

/** The day on which a case is due, and whether that is past. */
export function Due({ one }: { one: { due_on: string | null; state: string } }) {
  const { say } = useWords();
  const how = dueness(one.due_on, one.state === "closed", today());
  if (!one.due_on) return <span className="quiet">{say("casework.no_due")}</span>;
  return (
    <>
      {one.due_on} {how === "late" ? <strong className="alertword">{say("casework.late")}</strong> : how === "today" ? <strong>{say("casework.due_today")}</strong> : null}
    </>
  );
}
