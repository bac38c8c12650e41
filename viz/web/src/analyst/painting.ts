// A statement cut into what it is made of, to be told apart by colour. Every sign of it is in exactly one part: painted below the field in
// which it is typed, the two must not drift apart.
import { MODEL, WORDS } from "./completing";

export type Paint = "word" | "text" | "comment" | "number" | "parameter" | "graph" | "plain";
export type Part = { text: string; paint: Paint };

// As the service cuts it (ringfinder/store/statements.py); what has no end yet reaches to the end.
const PARTS = /(?<comment>\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<text>'(?:[^'\\]|\\[\s\S])*(?:'|$)|"(?:[^"\\]|\\[\s\S])*(?:"|$))|(?<quoted>`[^`]*(?:`|$))|(?<parameter>\$\w+)|(?<number>\d[\w.]*)|(?<name>\w+)/g;
const NEAR = 20; // signs before a name that tell what it is
const KEYWORDS = new Set(WORDS.flatMap((one) => one.split(" ")));

export function painted(statement: string): Part[] {
  const found: Part[] = [];
  const put = (text: string, paint: Paint) => {
    const last = found.at(-1);
    if (last?.paint === paint) last.text += text;
    else if (text) found.push({ text, paint });
  };
  let end = 0;
  for (const match of statement.matchAll(PARTS)) {
    put(statement.slice(end, match.index), "plain");
    end = match.index + match[0].length;
    put(match[0], paintOf(match.groups!, statement.slice(Math.max(0, match.index - NEAR), match.index)));
  }
  put(statement.slice(end), "plain");
  return found;
}

function paintOf(groups: Record<string, string | undefined>, before: string): Paint {
  for (const paint of ["comment", "text", "parameter", "number"] as const) if (groups[paint] !== undefined) return paint;
  const name = groups["name"];
  if (name === undefined || /\.\s*$/.test(before)) return "plain"; // a quoted name, or a property
  if (/[:|&]\s*$/.test(before)) return Object.hasOwn(MODEL.labels, name) || Object.hasOwn(MODEL.types, name) ? "graph" : "plain";
  return KEYWORDS.has(name) || KEYWORDS.has(name.toUpperCase()) ? "word" : "plain";
}
