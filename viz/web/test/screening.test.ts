import { expect, test } from "vitest";

import { answersOf, checksOf, itemsOf, looksOf, partOf } from "../src/screening/parts";

test("which part of screening is shown, and what of it, stands in the address", () => {
  const of = (...params: [string, string][]) => new Map(params);
  expect([partOf(of()), partOf(of(["part", "checks"])), partOf(of(["part", "money"]))]).toEqual(["next", "checks", "next"]);
  expect([looksOf(of()), looksOf(of(["state", "taken"])), looksOf(of(["state", "sent"]))]).toEqual(["planned", "taken", "planned"]);
  expect(checksOf(of(["state", "answered"], ["late", "1"]))).toEqual({ state: "answered", late: true });
  expect(checksOf(of(["state", "planned"], ["late", "yes"]))).toEqual({});
});

test("questions stand one a line; an item without an amount is none", () => {
  expect(itemsOf(" 是否有空刷 \n\n  beds  \n")).toEqual(["是否有空刷", "beds"]);
  expect(answersOf({ amount0: "12.50", remark0: " two beds ", amount1: "" }, 2)).toEqual([
    { amount: "12.50", remark: "two beds" },
    { amount: "0", remark: "" },
  ]);
});
