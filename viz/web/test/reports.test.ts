import { expect, test } from "vitest";

import { type Figures, tablesOf } from "../src/reports/tables";
import { asked, shifted, usualSpan, wantedOf } from "../src/reports/wanted";
import { say } from "../src/words";
import "../src/cases/words";

const WEDNESDAY = new Date(2026, 4, 20, 23, 30);
const line = (name: string, count: number, amount: string, received = "0.00") => ({ name, count, facility: count, person: 0, staff: 0, amount, received });

test("a report is usually of the last whole week, the last year or the year so far", () => {
  expect(usualSpan("weekly", WEDNESDAY)).toEqual(["2026-05-11", "2026-05-17"]);
  expect(usualSpan("weekly", new Date(2026, 4, 18))).toEqual(["2026-05-11", "2026-05-17"]);
  expect(usualSpan("weekly", new Date(2026, 0, 4))).toEqual(["2025-12-22", "2025-12-28"]);
  expect(usualSpan("typical", WEDNESDAY)).toEqual(["2025-05-20", "2026-05-20"]);
  expect(usualSpan("statistics", WEDNESDAY)).toEqual(["2026-01-01", "2026-05-20"]);
});

test("what is wanted stands in the address; a campaign belongs to its report, and typical cases tell no district", () => {
  const of = (...params: [string, string][]) => wantedOf(new Map(params), WEDNESDAY);
  expect(of()).toEqual({ report: "statistics", first: "2026-01-01", last: "2026-05-20", campaign: "", district: "" });
  expect(asked(of(["report", "campaign"], ["campaign", "spring"], ["district", "340801"], ["last", "2026-04-30"]))).toEqual({ first: "2026-01-01", last: "2026-04-30", campaign: "spring", district: "340801" });
  expect(asked(of(["report", "typical"], ["campaign", "spring"], ["district", "340801"]))).toEqual({ first: "2025-05-20", last: "2026-05-20" });
  expect(of(["report", "of everything"]).report).toBe("statistics");
  expect(shifted({ first: "2026-03-23", last: "2026-03-29" }, 1)).toEqual({ first: "2026-03-30", last: "2026-04-05" });
});

test("figures become tables in words whose sums are told apart", () => {
  const figures: Figures = {
    opened: { ring: 2, tip: 1, hand: 0 },
    closed: { confirmed: 1 },
    open_now: { new: 1234 },
    overdue: 3,
    revoked: 0,
    outcomes: [line("fine", 2, "1234567.80", "10.00"), line("total", 2, "1234567.80", "10.00")],
    behaviours: [line("overcharging", 1, "5.00"), line("total", 1, "5.00")],
  };
  const [work, outcomes, behaviours] = tablesOf(figures, say, "en");
  expect(work!.rows.map((row) => row[2])).toEqual(["2", "1", "0", "3", "1", "1", "1,234", "1,234", "3", "0"]);
  expect([...work!.sums]).toEqual([3, 5, 7]);
  expect(work!.rows[3]).toEqual(["opened", "total", "3"]);
  expect(outcomes!.rows[0]!.slice(1)).toEqual(["2", "2", "0", "0", "1,234,567.80", "10.00"]);
  expect([outcomes!.rows[1]![0], [...outcomes!.sums], outcomes!.heads.length]).toEqual(["total", [1], 7]);
  expect(behaviours!.rows[1]).toEqual(["total", "1", "1", "0", "0", "5.00"]);
  expect([...outcomes!.heads.slice(5), behaviours!.heads.at(-1)]).toEqual(["amount in yuan", "came in, in yuan", "loss in yuan"]);
});

test("bands of typical cases are told with both ends, an open one with its first", () => {
  const groups = [{ kind: "sham_stay", behaviour: "overcharging", cases: [5, 10], patients: [500, null], fund_amount: [0, 10_000], loss: [5_000_000, null], found_by: null, decided: ["fine", "police"] }, { kind: null, behaviour: "overcharging", cases: [5, 10], patients: null, fund_amount: null, loss: [0, 10_000], found_by: "tip", decided: [] }] as const;
  const [table] = tablesOf({ groups, least: 5, others: true }, say, "en");
  expect(table!.rows[0]!.slice(1, 2)).toEqual(["differs"]);
  expect(table!.rows[0]!.slice(4)).toEqual(["5 to 9", "500 or more", "0 to below 10,000", "5,000,000 or more"]);
  expect([table!.rows[1]![0], table!.rows[1]!.slice(3)]).toEqual(["no ring linked", ["differs", "5 to 9", "", "", "0 to below 10,000"]]);
});
