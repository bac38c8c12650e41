import { expect, test } from "vitest";

import { completions, filled } from "../src/analyst/completing";

/** What is offered where `|` stands. */
function offered(text: string, queries: { name: string; title: string }[] = [], forced = false): string[] {
  const at = text.indexOf("|");
  return completions(text.replace("|", ""), at, queries, forced)?.options.map((one) => one.text) ?? [];
}

test("after a colon come labels in round brackets, types in square ones, those that fit the label first", () => {
  expect(offered("MATCH (r:Ri|")).toEqual(["Ring"]);
  expect(offered("MATCH (p:Patient)-[:|")[0]).toBe("FOR_PATIENT");
  expect(offered("MATCH (p:Patient)-[t:TI|]-(o)")).toEqual(["TIED", "FOR_PATIENT"]);
  expect(offered("MATCH (c:Claim)-[:PAID_TO|")).toEqual([]);
  expect(offered("MATCH (k:Card) MATCH (k)<-[:|").slice(0, 3)).toEqual(["WITH_CARD", "HOLDS", "HAS_MEMBER"]);
});

test("after a dot come properties of what the name stands for", () => {
  expect(offered("MATCH (f:Facility) RETURN f.na|")).toEqual(["name"]);
  expect(offered("MATCH (a)-[t:TIED]-(b) WHERE t.w|")).toEqual(["weight"]);
  expect(offered("MATCH (k:Card) RETURN k.|")).toEqual(["card_id", "registered", "set_aside"]);
  expect(offered("RETURN x.strength| ")).toEqual([]);
  expect(offered("RETURN x.streng|")).toEqual(["strength"]);
  expect(offered("WHERE c.total > 1.|")).toEqual([]);
});

test("in curly brackets come properties of the label before them", () => {
  expect(offered("MATCH (p:Patient {pat|")).toEqual(["patient_id"]);
  expect(offered("MATCH (p:Patient {sex: 'F', dis|")).toEqual(["district"]);
});

test("elsewhere come bound names and words, from the second letter on", () => {
  expect(offered("MATCH (claim:Claim) RETURN cl|")).toEqual(["claim"]);
  expect(offered("MATCH (n) r|")).toEqual([]);
  expect(offered("MATCH (n) re|")).toEqual(["RETURN"]);
  expect(offered("MATCH (ring:Ring) RETURN |", [], true)[0]).toBe("ring");
});

test("at the start comes what the library calls its questions", () => {
  const queries = [{ name: "hunt/admitted-together", title: "People admitted together" }, { name: "read/entity", title: "An entity" }];
  expect(offered("hunt/|", queries)).toEqual(["hunt/admitted-together"]);
  expect(completions("  hunt/ad", 9, queries)).toEqual({ from: 2, options: [{ text: "hunt/admitted-together", kind: "query", detail: "People admitted together" }] });
  expect(offered("RETURN hunt/ad|", queries)).toEqual([]);
});

test("nothing is offered inside texts and comments", () => {
  expect([offered("WHERE p.name = 're|"), offered('WHERE p.name = "re|'), offered("// re|"), offered("/* re|"), offered("RETURN `re|")]).toEqual([[], [], [], [], []]);
  expect([offered("WHERE a = 'x' re|"), offered("// what\nre|"), offered("/* x */ re|")]).toEqual([["RETURN"], ["RETURN"], ["RETURN"]]);
});

test("a question's statement is filled with what its form would send", () => {
  const parameters = [{ name: "days", type: "days", default: "3" }, { name: "d", type: "text", default: "it's" }, { name: "ids", type: "texts", default: "A; B" }, { name: "who", type: "text", default: null }];
  expect(filled("$days $d $ids $who", parameters)).toBe("3 'it\\'s' ['A', 'B'] $who");
});
