// What somebody else changed in a case between the version that was seen and the one there is now.
import type { Case } from "./steps";

export const FIELDS = ["state", "title", "summary", "priority", "assignee", "due_on", "districts", "campaign", "resolution", "reason"] as const;
export const PARTS = ["violations", "hearings", "checks", "decisions"] as const;
export type Field = (typeof FIELDS)[number];
export type Part = (typeof PARTS)[number];
/** A field before and after, as text ("" for nothing); of a part how many there were. */
export type Difference = { field: Field | Part; before: string; after: string };

const text = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : value == null ? "" : String(value));
const part = (one: Case, name: Part): string => JSON.stringify(one[name].map((each) => ({ ...each, ladder: undefined, open: undefined, lacks: undefined })));

export function differences(seen: Case, now: Case): Difference[] {
  const fields = FIELDS.map((field) => ({ field, before: text(seen[field]), after: text(now[field]) })).filter((one) => one.before !== one.after);
  const parts = PARTS.filter((name) => part(seen, name) !== part(now, name)).map((field) => ({ field, before: String(seen[field].length), after: String(now[field].length) }));
  return [...fields, ...parts];
}

/** Of what was typed, the fields that somebody else changed too, each with all three: what was, what is now, what was typed. */
export function collisions(typed: Readonly<Record<string, string>>, changed: readonly Difference[]): (Difference & { mine: string })[] {
  return changed.flatMap((one) => {
    const mine = typed[one.field];
    return mine === undefined || mine === one.before || mine === one.after ? [] : [{ ...one, mine }];
  });
}
