import { expect, test } from "vitest";

import { narrowed, wantedOf } from "../src/alerts/wanted";

test("a list without parameters shows alerts, the surest first", () => {
  expect(wantedOf(new Map())).toEqual({ alert: true, sort: "score" });
});

test("every filter of the address is asked for", () => {
  const params = new Map([["kind", "sham_stay"], ["show", "all"], ["district", "340801"], ["least", "1000.50"], ["since", "2024-01-01"], ["until", "2024-12-31"], ["sort", "growth"]]);
  expect(wantedOf(params)).toEqual({ kind: "sham_stay", district: "340801", least_fund: "1000.50", since: "2024-01-01", until: "2024-12-31", sort: "growth" });
  expect(narrowed(wantedOf(params))).toBe(true);
});

test("what no filter takes is not asked for", () => {
  const params = new Map([["kind", "murder"], ["least", "-1"], ["since", "yesterday"], ["sort", "name"]]);
  expect(wantedOf(params)).toEqual({ alert: true, sort: "score" });
  expect(narrowed(wantedOf(params))).toBe(false);
});
