import { useWords } from "../words";
import { dueness, today } from "./wanted";

/** The day on which a case is due, and whether that is past. */
export function Due({ one }: { one: { due_on: string | null; state: string; due_basis?: string | null; due_provisional?: boolean } }) {
  const { say } = useWords();
  const how = dueness(one.due_on, one.state === "closed", today());
  if (!one.due_on) return <span className="quiet">{say("casework.no_due")}</span>;
  return (
    <>
      {one.due_on} {how === "late" ? <strong className="alertword">{say("casework.late")}</strong> : how === "today" ? <strong>{say("casework.due_today")}</strong> : null}
      {one.due_provisional && one.state !== "closed" ? <> <span className="quiet">({say("casework.due_may_move")})</span></> : null}
      {one.due_basis ? <> <span className="quiet">{one.due_basis}</span></> : null}
    </>
  );
}
