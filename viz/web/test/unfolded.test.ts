import { expect, test } from "vitest";

import { isUnchanged, keptOf } from "../src/analyst/unfolded";

const UNFOLDED = { name: "hunt/x", text: "MATCH (n)\nWHERE n.x + 1 > 3\nRETURN n" };

test("a question is asked as such while its statement is what was unfolded, but for blanks and a last semicolon", () => {
  expect(isUnchanged(UNFOLDED.text, UNFOLDED)).toBe(true);
  expect(isUnchanged("  MATCH (n) WHERE n.x + 1 > 3\n\n RETURN n;\n", UNFOLDED)).toBe(true);
  expect(isUnchanged("MATCH (n) WHERE n.x + 1 > 4 RETURN n", UNFOLDED)).toBe(false);
  expect(isUnchanged(UNFOLDED.text, null)).toBe(false);
});

test("one that lacks a value is not", () => {
  const lacks = { name: "read/entity", text: "MATCH (n {id: $who}) RETURN n" };
  expect(isUnchanged(lacks.text, lacks)).toBe(false);
});

test("of what a tab kept only what was written is taken", () => {
  expect(keptOf(JSON.stringify(UNFOLDED))).toEqual(UNFOLDED);
  expect([keptOf(null), keptOf("null"), keptOf("{"), keptOf('{"name": 1}')]).toEqual([null, null, null, null]);
});
