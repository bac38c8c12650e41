import { expect, test } from "vitest";

import { narrowed, wantedOf } from "../src/alerts/wanted";

test("a list without parameters shows alerts that were not dismissed, the surest first", () => {
  expect(wantedOf(new Map(), true)).toEqual({ alert: true, suppressed: false, sort: "score" });
});

test("every filter of the address is asked for", () => {
  const params = new Map([["kind", "sham_stay"], ["show", "all"], ["district", "340801"], ["least", "1000.50"], ["since", "2024-01-01"], ["until", "2024-12-31"], ["case", "none"], ["dismissed", "only"], ["sort", "growth"]]);
  expect(wantedOf(params, true)).toEqual({ kind: "sham_stay", district: "340801", least_fund: "1000.50", since: "2024-01-01", until: "2024-12-31", case: "none", suppressed: true, sort: "growth" });
  expect(narrowed(wantedOf(params, true))).toBe(true);
});

test("what no filter takes is not asked for, nor is anything about cases of who may not see them", () => {
  const params = new Map([["kind", "murder"], ["least", "-1"], ["since", "yesterday"], ["case", "mine"], ["sort", "name"]]);
  expect(wantedOf(params, true)).toEqual({ alert: true, suppressed: false, sort: "score" });
  expect(narrowed(wantedOf(params, true))).toBe(false);
  expect(wantedOf(new Map([["case", "open"]]), false)).toEqual({ alert: true, suppressed: false, sort: "score" });
});
