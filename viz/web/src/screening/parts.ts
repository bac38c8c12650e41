// Parts of the screening page, and what is typed into its forms; which part is shown stands in the address.
import type { Values } from "../cases/drafts";
import type { Shapes } from "../service/client";

/** A self-check in full; cross-checks of a case bear that name too. */
export type SelfCheck = Shapes["ringfinder_api__shapes_of_screening__CheckDetail"];

export const PARTS = ["next", "looks", "checks"] as const;
export const LOOKS = ["planned", "taken", "dropped"] as const;
export const CHECKS = ["sent", "answered", "closed"] as const;
export const OUTCOMES = ["nothing_found", "found", "case_opened"] as const;
export const MOST_ITEMS = 200;

const one = <Value extends string>(all: readonly Value[], value: string | undefined): Value | undefined => all.find((each) => each === value);

export const partOf = (params: ReadonlyMap<string, string>) => one(PARTS, params.get("part")) ?? "next";
export const looksOf = (params: ReadonlyMap<string, string>) => one(LOOKS, params.get("state")) ?? "planned";

export function checksOf(params: ReadonlyMap<string, string>): { state?: (typeof CHECKS)[number]; late?: true } {
  const state = one(CHECKS, params.get("state"));
  return { ...(state && { state }), ...(params.get("late") === "1" && { late: true as const }) };
}

/** Questions as they are typed, one a line. */
export const itemsOf = (text: string): string[] => text.split(/\n/).map((line) => line.trim()).filter(Boolean);

/** What a facility said, item by item, from the fields of the form; an amount that was left empty is none. */
export function answersOf(values: Values, items: number): { amount: string; remark: string }[] {
  return Array.from({ length: items }, (_, at) => ({ amount: values[`amount${at}`] || "0", remark: (values[`remark${at}`] ?? "").trim() }));
}
