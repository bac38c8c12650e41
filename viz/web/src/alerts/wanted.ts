// Which rings are listed, and in which order: it stands in the address, so that a list can be handed on as a link.
import { KINDS } from "../made/kinds";

export const SORTS = ["score", "fund_amount", "patients", "last_time", "growth"] as const;
export type Sort = (typeof SORTS)[number];
export type Kind = (typeof KINDS)[number];

export const CASES = ["none", "open", "closed"] as const;

/** `alert` undefined: all groups; `suppressed`: only those that were dismissed as false positives, or only others. What the address does not
 * say, or says wrongly, is not asked for. */
export type Wanted = { kind?: Kind; alert?: true; district?: string; least_fund?: string; since?: string; until?: string; case?: (typeof CASES)[number]; suppressed: boolean; sort: Sort };

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MONEY = /^\d{1,12}(\.\d{1,2})?$/;
/** What of an address the list takes. */
export const FILTERS = ["kind", "show", "district", "least", "since", "until", "case", "dismissed", "sort"] as const;
/** What takes every filter away. */
export const NOT_NARROWED = { kind: "", district: "", least: "", since: "", until: "", case: "" } as const;

/** `cases`: the reader may see cases; of others nothing about them is asked. */
export function wantedOf(params: ReadonlyMap<string, string>, cases: boolean): Wanted {
  const how = cases ? CASES.find((one) => one === params.get("case")) : undefined;
  const kind = KINDS.find((one) => one === params.get("kind"));
  const sort = SORTS.find((one) => one === params.get("sort")) ?? "score";
  const fitting = (name: string, rule: RegExp) => (rule.test(params.get(name) ?? "") ? params.get(name) : undefined);
  const [district, least, since, until] = [params.get("district"), fitting("least", MONEY), fitting("since", DAY), fitting("until", DAY)];
  return {
    ...(kind && { kind }),
    ...(params.get("show") !== "all" && { alert: true as const }),
    ...(district && { district }),
    ...(least && { least_fund: least }),
    ...(since && { since }),
    ...(until && { until }),
    ...(how && { case: how }),
    suppressed: params.get("dismissed") === "only",
    sort,
  };
}

/** Whether filters narrow the list beyond what it shows at first. */
export const narrowed = (wanted: Wanted): boolean => Boolean(wanted.kind ?? wanted.district ?? wanted.least_fund ?? wanted.since ?? wanted.until ?? wanted.case);
