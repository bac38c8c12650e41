// What could be meant by what is being typed in a statement: labels, types and properties of the graph, names bound before, words of Cypher,
// questions of the library. Nothing inside a text or a comment.
import graph from "../../graph.json";

export type Kind = "label" | "type" | "property" | "name" | "word" | "query";
export type Option = { text: string; kind: Kind; /** Whose property, which ends, what a question is called. */ detail: string };
/** Options for what stands between `from` and the caret. */
export type Completions = { from: number; options: readonly Option[] };
export type Query = { name: string; title: string };

type Model = {
  labels: Readonly<Record<string, readonly string[]>>;
  types: Readonly<Record<string, { ends: readonly (readonly [string, string])[]; properties: readonly string[] }>>;
};
export const MODEL = graph as unknown as Model;
const { labels: LABELS, types: TYPES } = MODEL;
export const WORDS =
  "MATCH,OPTIONAL MATCH,WHERE,WITH,RETURN,DISTINCT,ORDER BY,DESC,ASC,SKIP,LIMIT,UNION ALL,UNWIND,AS,AND,OR,NOT,XOR,IN,IS NULL,IS NOT NULL,CONTAINS,STARTS WITH,ENDS WITH,CASE,WHEN,THEN,ELSE,END,EXISTS,TRUE,FALSE,NULL,count,sum,avg,min,max,collect,size,round,abs,coalesce".split(",");
const MOST = 12;
const LEAST = 2; // letters of a word without a sign before it
const WORD = /[\w/-]*$/;
const STEM = /\w*$/;

/** What may stand at the caret, for a word from its second letter on unless that is `forced`; nothing where that is inside a text or a comment, or is finished. */
export function completions(statement: string, caret: number, queries: readonly Query[] = [], forced = false): Completions | null {
  const before = bare(statement.slice(0, caret));
  if (before === null) return null;
  const stem = STEM.exec(before)![0];
  const head = before.slice(0, before.length - stem.length);
  const options = fitting(stem, inPattern(head, statement) ?? ofName(head, statement) ?? words(before, statement, queries, forced ? 0 : LEAST));
  const from = caret - (options[0]?.kind === "query" ? WORD.exec(before)![0] : stem).length;
  return options.length ? { from, options } : null;
}

/** Texts, comments and quoted names blanked, as long as before; null where the end is inside one. */
function bare(text: string): string | null {
  const open = /'(?:[^'\\]|\\.)*('|$)|"(?:[^"\\]|\\.)*("|$)|`[^`]*(`|$)|\/\/[^\n]*(\n|$)|\/\*[\s\S]*?(\*\/|$)/g;
  let inside = false;
  const found = text.replace(open, (part, ...ends: (string | number | undefined)[]) => {
    inside ||= ends.slice(0, 5).every((end) => !end);
    return part.replace(/[^\n]/g, " ");
  });
  return inside ? null : found;
}

/** After a colon in round brackets a label, in square ones a type; in curly ones a property of what stands before them. */
function inPattern(head: string, statement: string): Option[] | null {
  const inside = /([([])([^()[\]{}]*)$/.exec(head);
  if (inside && /[:|&]\s*$/.test(inside[2]!)) return inside[1] === "(" ? labels() : types(head, statement);
  const map = /[([]\s*\w*\s*:\s*([\w|:]+)\s*\{(?:[^{}]*,)?\s*$/.exec(head);
  return map ? properties(map[1]!.split(/[|:]/)) : null;
}

/** After a name and a dot a property of what the name stands for; of anything where that is not known. */
function ofName(head: string, statement: string): Option[] | null {
  const name = /(\w+)\.$/.exec(head)?.[1];
  if (!name || /^\d+$/.test(name)) return null;
  const known = bound(statement).get(name);
  return properties(known?.length ? known : [...Object.keys(LABELS), ...Object.keys(TYPES)]);
}

function words(before: string, statement: string, queries: readonly Query[], least: number): Option[] {
  const typed = WORD.exec(before)![0];
  if (typed.length < least) return [];
  const asked = before.slice(0, before.length - typed.length).trim() === "" ? queries.filter((one) => one.name.includes(typed.toLowerCase())) : [];
  if (asked.length && typed.includes("/")) return asked.map(asOption);
  const names = [...bound(statement).keys()].map((text): Option => ({ text, kind: "name", detail: bound(statement).get(text)!.join(" | ") }));
  return [...names, ...WORDS.map((text): Option => ({ text, kind: "word", detail: "" })), ...asked.map(asOption)];
}

const asOption = (one: Query): Option => ({ text: one.name, kind: "query", detail: one.title });
const labels = (): Option[] => Object.keys(LABELS).map((text) => ({ text, kind: "label", detail: "" }));

/** Types, those first that fit the label before them. */
function types(head: string, statement: string): Option[] {
  const node = /\(\s*(\w*)\s*(?::\s*(\w+))?[^()]*\)\s*<?-\s*\[[^[\]]*$/.exec(head);
  const label = node?.[2] ?? bound(statement).get(node?.[1] ?? "")?.[0];
  const all = Object.entries(TYPES).map(([text, { ends }]): Option & { fits: boolean } => ({
    text,
    kind: "type",
    detail: ends.map(([from, to]) => `${from} → ${to}`).slice(0, 2).join(", "),
    fits: ends.some((pair) => pair.includes(label ?? "")),
  }));
  return [...all.filter((one) => one.fits), ...all.filter((one) => !one.fits)].map(({ text, kind, detail }) => ({ text, kind, detail }));
}

function properties(owners: readonly string[]): Option[] {
  const found = new Map<string, string[]>();
  for (const owner of owners) {
    for (const one of LABELS[owner] ?? TYPES[owner]?.properties ?? []) found.set(one, [...(found.get(one) ?? []), owner]);
  }
  return [...found].map(([text, of]) => ({ text, kind: "property", detail: of.slice(0, 3).join(", ") }));
}

/** Names that patterns of the statement bind, with their labels or types. */
function bound(statement: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, name, of] of statement.matchAll(/[([]\s*([A-Za-z_]\w*)\s*(?::\s*([\w|:]+))?(?=[\s){\]*])/g)) {
    const known = (of ?? "").split(/[|:]/).filter((one) => one in LABELS || one in TYPES);
    if (known.length || !found.has(name!)) found.set(name!, known);
  }
  return found;
}

/** Those that begin with what was typed, then those that hold it, in any case; nothing where one is typed whole already. */
function fitting(stem: string, options: readonly Option[]): Option[] {
  const wanted = stem.toLowerCase();
  const [begin, hold]: [Option[], Option[]] = [[], []];
  for (const one of options) {
    const text = one.text.toLowerCase();
    if (one.text === stem) return [];
    if (text.startsWith(wanted)) begin.push(one);
    else if (one.kind === "query" || (wanted.length >= LEAST && one.kind !== "word" && text.includes(wanted))) hold.push(one);
  }
  return [...begin, ...hold].slice(0, MOST);
}

/** A question's statement with what its form would send by itself in place of its parameters. */
export function filled(statement: string, parameters: readonly { name: string; type: string; default?: string | null }[]): string {
  return parameters.reduce((text, one) => {
    const given = one.default;
    return given === null || given === undefined ? text : text.replace(new RegExp(`\\$${one.name}\\b`, "g"), () => literal(one.type, given));
  }, statement);
}

function literal(type: string, text: string): string {
  if (["count", "number", "days", "hours", "minutes", "flag"].includes(type)) return text;
  const quoted = (one: string) => `'${one.replace(/[\\']/g, "\\$&")}'`;
  return type === "texts" ? `[${text.split(/[;；]/).map((one) => one.trim()).filter(Boolean).map(quoted).join(", ")}]` : quoted(text);
}
