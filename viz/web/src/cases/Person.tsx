import { useWords } from "../words";
import { named, useColleagues } from "./queries";

/** Somebody by name. */
export function Person({ id }: { id: string | null }) {
  const { say } = useWords();
  const { data } = useColleagues();
  return id === null ? <span className="quiet">{say("casework.nobody")}</span> : <>{named(data, id)}</>;
}
