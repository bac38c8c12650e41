// Values of an answer as people read them and as a file holds them.
import type { Shapes } from "../service/client";
import type { EntityType } from "../look";
import { exactMoney } from "../figures";
import { LOOKS } from "../look";
import type { say as Say } from "../words";

export type Cell = unknown;

export function shown(value: Cell): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return JSON.stringify(value);
  const text = String(value);
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? text.slice(0, 16).replace("T", " ") : text;
}

// Columns whose values are slugs of the house, by what stands before them in the catalogue.
const SLUGS: Readonly<Record<string, readonly ["kinds" | "channels", string]>> = { service_type: ["kinds", ""], kind: ["kinds", ""], entity_type: ["kinds", ""], role: ["kinds", "role_"], channel: ["channels", ""] };
const MONEY = /(^|_)amount$/;

/** The head of a column: what it means, and of money its unit. */
export function headed(column: string, meaning: string | undefined, say: typeof Say): string {
  return meaning && MONEY.test(column) ? say("app.column_money", { name: meaning }) : (meaning ?? column);
}

/** A value of a column in words; money to the cent. */
export function told(column: string, value: Cell, word: (room: "kinds" | "channels", slug: string) => string): string {
  const slug = SLUGS[column];
  if (slug && typeof value === "string" && value) return word(slug[0], slug[1] + value);
  return typeof value === "number" && MONEY.test(column) ? exactMoney(value.toFixed(2)) : shown(value);
}

/** Where a value leads: a ring, or an entity whose id is not masked. */
export function leads(type: string | undefined, value: Cell): string[] | null {
  if (typeof value !== "string" || !value || value.includes("*") || !type) return null;
  if (type === "ring") return ["rings", value];
  return Object.hasOwn(LOOKS, type) ? ["entity", type as EntityType, value] : null;
}

const NEEDS_QUOTES = /[",\r\n]/;
const FORMULA = /^[=+\-@\t\r]/; // a spreadsheet would compute it

/** The answer as CSV for a spreadsheet: with a mark that it is UTF-8, and nothing that would be computed. */
export function csv(answer: Pick<Shapes["QueryAnswer"], "columns" | "rows">): string {
  const cell = (value: Cell): string => {
    const plain = value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
    const text = typeof value === "string" && FORMULA.test(plain) ? `'${plain}` : plain;
    return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\ufeff${[answer.columns, ...(answer.rows as Cell[][])].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
