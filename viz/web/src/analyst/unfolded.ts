// A question of the library that was unfolded into a statement, and whether the statement still is that question.

/** `text`: the statement as it was unfolded, with what the question's form would send by itself. */
export type Unfolded = { name: string; text: string };

const plain = (statement: string): string => statement.trim().replace(/;$/, "").replace(/\s+/g, " ");

/** Whether that is the question still, but for blanks; one that lacks a value can only be asked by its form. */
export const isUnchanged = (statement: string, unfolded: Unfolded | null): boolean => unfolded !== null && !/\$\w/.test(unfolded.text) && plain(statement) === plain(unfolded.text);

/** What was kept, as far as it is what was written. */
export function keptOf(text: string | null): Unfolded | null {
  try {
    const found = JSON.parse(text ?? "null") as Partial<Unfolded> | null;
    return typeof found?.name === "string" && typeof found.text === "string" ? { name: found.name, text: found.text } : null;
  } catch {
    return null;
  }
}
