// Which report is looked at, of which days: it stands in the address, so that a report has a link.
import { today } from "../cases/wanted";

export const REPORTS = ["weekly", "statistics", "campaign", "typical"] as const;
export type Report = (typeof REPORTS)[number];
/** `campaign` and `district`: empty for all. */
export type Wanted = { report: Report; first: string; last: string; campaign: string; district: string };
const WEEK_MS = 7 * 86_400_000;
const YEAR = 365; // days of typical cases

/** The days that a report is usually of: the last whole week, Monday to Sunday; the last year; the year so far. */
export function usualSpan(report: Report, now: Date): readonly [string, string] {
  const back = (days: number) => today(new Date(now.getFullYear(), now.getMonth(), now.getDate() - days));
  if (report === "weekly") {
    const sinceMonday = (now.getDay() + 6) % 7;
    return [back(sinceMonday + 7), back(sinceMonday + 1)];
  }
  return [report === "typical" ? back(YEAR) : `${now.getFullYear()}-01-01`, today(now)];
}

export function wantedOf(params: ReadonlyMap<string, string>, now: Date): Wanted {
  const report = REPORTS.find((one) => one === params.get("report")) ?? "statistics";
  const [first, last] = usualSpan(report, now);
  return {
    report,
    first: params.get("first") ?? first,
    last: params.get("last") ?? last,
    campaign: report === "campaign" ? (params.get("campaign") ?? "") : "",
    district: report === "typical" ? "" : (params.get("district") ?? ""), // typical cases tell no place
  };
}

/** The same report of another week: `weeks` later. */
export function shifted({ first, last }: Pick<Wanted, "first" | "last">, weeks: number): { first: string; last: string } {
  const moved = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + weeks * WEEK_MS).toISOString().slice(0, 10);
  return { first: moved(first), last: moved(last) };
}

/** As the service takes it. */
export const asked = ({ first, last, campaign, district }: Wanted) => ({ first, last, ...(campaign && { campaign }), ...(district && { district }) });
