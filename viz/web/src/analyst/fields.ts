// A form made from a query's header: what each parameter takes, and what is sent of what was typed.
import type { Shapes } from "../service/client";

export type Field = Shapes["QueryField"];
type Value = string | number | boolean | string[];

export const SPANS = ["days", "hours", "minutes"];

export function inputOf(type: string): { type: "number" | "date" | "datetime-local" | "checkbox" | "text"; step?: string } {
  if (type === "count") return { type: "number", step: "1" };
  if (type === "number" || SPANS.includes(type)) return { type: "number", step: "any" };
  if (type === "date") return { type: "date" };
  if (type === "time") return { type: "datetime-local" };
  return type === "flag" ? { type: "checkbox" } : { type: "text" };
}

/** What is sent: nothing for what was left as it is; `missing` names what must be given. */
export function given(fields: readonly Field[], typed: ReadonlyMap<string, string>): { parameters: Record<string, Value>; missing: string[] } {
  const parameters: Record<string, Value> = {};
  const missing: string[] = [];
  for (const field of fields) {
    const text = (typed.get(field.name) ?? "").trim();
    if (text === "" && field.type !== "flag") {
      if (field.default === null || field.default === undefined) missing.push(field.name);
    } else if (text !== "") parameters[field.name] = read(field.type, text);
  }
  return { parameters, missing };
}

function read(type: string, text: string): Value {
  if (type === "count" || type === "number" || SPANS.includes(type)) return Number(text);
  if (type === "flag") return text === "true";
  if (type === "texts") return text.split(/[;；]/).map((one) => one.trim()).filter(Boolean);
  return text;
}

/** Queries whose title or purpose has every word that was typed. */
export function fitting<Query extends { title: string; purpose: string }>(queries: readonly Query[], typed: string): readonly Query[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  return queries.filter((one) => words.every((word) => `${one.title} ${one.purpose}`.toLowerCase().includes(word)));
}

/** Queries by the folder that they stand in, in the order of the library. */
export function byFolder<Query extends { name: string }>(queries: readonly Query[]): [string, Query[]][] {
  const found = new Map<string, Query[]>();
  for (const query of queries) {
    const folder = query.name.split("/", 1)[0]!;
    found.set(folder, [...(found.get(folder) ?? []), query]);
  }
  return [...found];
}
