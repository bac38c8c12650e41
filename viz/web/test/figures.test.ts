import { expect, test } from "vitest";

import { amount, dayThere, exactMoney, moment, money, oneIn } from "../src/figures";

test("money to the cent keeps every digit", () => {
  expect(exactMoney("12345678901234567.89")).toBe("12,345,678,901,234,567.89");
  expect(exactMoney("999.00")).toBe("999.00");
  expect(exactMoney(null)).toBe("");
});

test("money in a list has no cents", () => {
  expect(money("352028.89", "en")).toBe("352,029");
});

test("counts are whole, chances as fine as they need", () => {
  expect([27, 0.374, 4.274, 36.3, 0.0004].map((value) => amount(value, "en"))).toEqual(["27", "0.37", "4.3", "36", "< 0.01"]);
});

test("one in so many is told where it says something", () => {
  expect([0.001325, 0.02, 0.6, 0].map(oneIn)).toEqual([755, 50, null, null]);
});

test("an instant of the casebook is told where the reader is", () => {
  const at = "2026-03-01T23:30:00+00:00";
  const there = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  const wanted = `${there.getFullYear()}-${two(there.getMonth() + 1)}-${two(there.getDate())}`;
  expect(moment(at)).toBe(`${wanted} ${two(there.getHours())}:${two(there.getMinutes())}`);
  expect(dayThere(at)).toBe(wanted);
});
