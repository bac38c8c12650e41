import type { ReactNode } from "react";

import { type Key, useWords } from "../words";
import { type Difference, PARTS, collisions, differences } from "./differences";
import { named, useColleagues } from "./queries";
import type { Values } from "./drafts";
import type { Case } from "./steps";

type Props = { seen: Case; now: Case; values?: Values; take?: (field: string, value: string) => void; children: ReactNode };

/** Somebody else changed the case meanwhile: what was seen, what it is now and what was typed, side by side. */
export function Conflict({ seen, now, values = {}, take, children }: Props) {
  const { say } = useWords();
  const changed = differences(seen, now);
  const mine = new Map(collisions(values, changed).map((one) => [one.field as string, one.mine]));
  return (
    <section className="conflict" role="alert">
      <h3>{say("casework.conflict")}</h3>
      <p>{say("casework.conflict_why")}</p>
      {changed.length ? (
        <table className="small">
          <thead>
            <tr>
              <th scope="col">{say("casework.col_fields")}</th>
              <th scope="col">{say("casework.conflict_was")}</th>
              <th scope="col">{say("casework.conflict_now")}</th>
              {mine.size ? <th scope="col">{say("casework.conflict_mine")}</th> : null}
            </tr>
          </thead>
          <tbody>
            {changed.map((one) => (
              <tr key={one.field}>
                <th scope="row">{say(fieldName(one.field))}</th>
                <td>
                  <Value field={one.field} value={one.before} />
                </td>
                <td>
                  <Value field={one.field} value={one.after} same={one.before === one.after} />
                </td>
                {mine.size ? (
                  <td>
                    {mine.has(one.field) ? (
                      <>
                        <Value field={one.field} value={mine.get(one.field)!} />{" "}
                        {take ? (
                          <button type="button" onClick={() => take(one.field, one.after)}>
                            {say("casework.conflict_take")}
                          </button>
                        ) : null}
                      </>
                    ) : null}
                  </td>
                ) : null}
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <p>{say("casework.conflict_same")}</p>
      )}
      <p className="row">{children}</p>
    </section>
  );
}

const OWN_NAME: ReadonlySet<string> = new Set(["state", "origin", "origin_id", "run_id", "name", "media_type", "size", "sha256"]);

/** What a field of a case is called. */
export function fieldName(field: string): Key {
  return (OWN_NAME.has(field) ? `casework.field_${field}` : `casework.${field === "text" ? "note" : field}`) as Key;
}

/** A value of a field as people read it: names for ids, words for slugs. */
export function Value({ field, value, same = false }: { field: Difference["field"] | string; value: string; same?: boolean }) {
  const { say } = useWords();
  const { data } = useColleagues();
  if (same) return <>{say("casework.changed_inside")}</>;
  if ((PARTS as readonly string[]).includes(field)) return <>{say("casework.parts", { count: value })}</>;
  if (!value) return <span className="quiet">{say(field === "assignee" ? "casework.nobody" : "casework.no_due")}</span>;
  if (field === "assignee") return <>{named(data, value)}</>;
  if (field === "state" || field === "priority" || field === "resolution" || field === "origin") return <>{say(`cases.${field}_${value}` as Key)}</>;
  return <span className="typed">{value}</span>;
}
