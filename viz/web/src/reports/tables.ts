// A report's figures as tables to be read: what the service counted, in words; nothing is counted here.
import { count, exactMoney } from "../figures";
import type { Key, Language, say as Say } from "../words";

type Line = { name: string; count: number; facility: number; person: number; staff: number; amount: string; received: string };
type Band = readonly [number, number | null];
type Group = { kind: string | null; behaviour: string; cases: Band; patients: Band | null; fund_amount: Band | null; loss: Band; found_by: string | null; decided: readonly string[] };
type Counts = Readonly<Record<string, number>>;
/** What the service answers (docs/casebook.md, Reports). */
export type Figures = {
  outcomes?: readonly Line[];
  behaviours?: readonly Line[];
  opened?: Counts;
  closed?: Counts;
  open_now?: Counts;
  overdue?: number;
  revoked?: number;
  least?: number;
  groups?: readonly Group[];
  others?: boolean;
};
/** `words`: how many columns at the left hold words; `sums`: which rows are the sum of those above. */
export type Table = { name: string; title: string; heads: readonly string[]; rows: readonly (readonly string[])[]; words: number; sums: ReadonlySet<number> };

export function tablesOf(figures: Figures, say: typeof Say, lang: Language): Table[] {
  const heads = (...names: string[]) => names.map((name) => say(`cases.head_${name}` as Key));
  const called = (words: string, name: string) => say((name === "total" ? "cases.total" : `cases.${words}_${name}`) as Key);
  const tables: Table[] = [];
  if (figures.opened) tables.push(work(figures, heads("what", "of_which", "how_many"), say, lang));
  if (figures.outcomes) {
    const rows = figures.outcomes.map((line) => [called("kind", line.name), ...counts(line, lang), exactMoney(line.amount), exactMoney(line.received)]);
    tables.push({ name: "outcomes", title: say("cases.table_outcomes"), heads: heads("kind", "decisions", "facility", "person", "staff", "amount", "received"), rows, words: 1, sums: new Set([rows.length - 1]) });
  }
  if (figures.behaviours) {
    const rows = figures.behaviours.map((line) => [called("behaviour", line.name), ...counts(line, lang), exactMoney(line.amount)]);
    tables.push({ name: "behaviours", title: say("cases.table_behaviours"), heads: heads("behaviour", "violations", "facility", "person", "staff", "loss"), rows, words: 1, sums: new Set([rows.length - 1]) });
  }
  if (figures.groups) tables.push(typical(figures.groups, heads("ring_kind", "found_by", "behaviour", "decisions_made", "cases", "patients", "fund_amount", "loss"), say, lang));
  return tables;
}

const counts = (line: Line, lang: Language): string[] => [line.count, line.facility, line.person, line.staff].map((one) => count(one, lang));

function work(figures: Figures, heads: readonly string[], say: typeof Say, lang: Language): Table {
  const rows: string[][] = [];
  const sums = new Set<number>();
  for (const [group, words, of] of [["opened", "origin", figures.opened], ["closed", "resolution", figures.closed], ["open_now", "state", figures.open_now]] as const) {
    const entries = Object.entries(of ?? {});
    for (const [name, times] of entries) rows.push([say(`cases.work_${group}`), say(`cases.${words}_${name}` as Key), count(times, lang)]);
    sums.add(rows.length);
    rows.push([say(`cases.work_${group}`), say("cases.total"), count(entries.reduce((all, [, times]) => all + times, 0), lang)]);
  }
  rows.push([say("cases.work_overdue"), "", count(figures.overdue ?? 0, lang)], [say("cases.work_revoked"), "", count(figures.revoked ?? 0, lang)]);
  return { name: "work", title: say("cases.table_work"), heads, rows, words: 2, sums };
}

function typical(groups: readonly Group[], heads: readonly string[], say: typeof Say, lang: Language): Table {
  const whole = ([first, below]: Band) => (below === null ? say("cases.band_open", { first: count(first, lang) }) : say("cases.band_count", { first: count(first, lang), last: count(below - 1, lang) }));
  const sum = ([first, below]: Band) => (below === null ? say("cases.band_open", { first: count(first, lang) }) : say("cases.band_money", { first: count(first, lang), below: count(below, lang) }));
  const rows = groups.map((one) => [
    one.kind === null ? say("cases.no_ring") : say(`kinds.${one.kind}` as Key),
    one.found_by === null ? say("cases.mixed") : say(`cases.origin_${one.found_by}` as Key),
    say(`cases.behaviour_${one.behaviour}` as Key),
    one.decided.map((name) => say(`cases.kind_${name}` as Key)).join(say("app.comma")) || say("cases.mixed"),
    whole(one.cases),
    one.patients ? whole(one.patients) : "",
    one.fund_amount ? sum(one.fund_amount) : "",
    sum(one.loss),
  ]);
  return { name: "typical", title: say("cases.table_typical"), heads, rows, words: 4, sums: new Set() };
}
