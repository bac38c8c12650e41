import { expect, test } from "vitest";

import { placed, withAround } from "../src/ring/beyond";
import { labelled, linesOf, signsOf, tiesOf } from "../src/ring/drawn";
import { NOTHING, NO_STEPS, type View, acted, keptOf, keysOf, lookedAround, lookedAway, lookedAwayFromAll, namesOf, redone, undone, withOne } from "../src/ring/view";
import { DATA, NODES } from "./world";

const START: View = { hide: [], around: [], pins: {}, notes: {} };
const node = (member: string, of: string, entity_id: string) => ({ member, of, entity_type: "patient" as const, entity_id, name: null, rings: ["R2"] });
const FOUND = {
  ring_id: "R1",
  run_id: "1",
  left: { m1: 3 },
  nodes: [node("m1.1", "m1", "P9"), node("m1.2", "m1", "P1"), node("m2.1", "m2", "P8")],
  edges: [
    { a: "m1.1", b: "m4", claims: 3, weight: null, ties: [] },
    { a: "m1", b: "m1.1", claims: null, weight: 2, ties: [{ channel: "together", observed: 2, expected: 0.1 }] },
    { a: "m2", b: "m2.1", claims: null, weight: 2, ties: [] },
  ],
};

test("each act is a step back, and forth again until something else is done", () => {
  const hidden = { ...START, hide: ["m2"] };
  const noted = { ...hidden, notes: { "patient:P1": "ask her" } };
  const steps = acted(acted(NO_STEPS, START), hidden);
  const once = undone(steps, noted)!;
  expect(once.view).toEqual(hidden);
  const twice = undone(once.steps, hidden)!;
  expect(twice.view).toEqual(START);
  expect(undone(twice.steps, START)).toBeNull();
  const forth = redone(twice.steps, START)!;
  expect(forth.view).toEqual(hidden);
  expect(redone(forth.steps, hidden)!.view).toEqual(noted);
  expect(redone(acted(forth.steps, hidden), noted)).toBeNull();
});

test("moves of one sign that follow each other are one step", () => {
  const moved = (x: number): View => ({ ...START, pins: { "patient:P1": [x, 0] } });
  const steps = acted(acted(acted(NO_STEPS, START, "pin:m1"), moved(20), "pin:m1"), moved(40), "pin:m1");
  expect(undone(steps, moved(60))!.view).toEqual(START);
  expect(undone(acted(steps, moved(60), "pin:m2"), moved(60))!.view).toEqual(START);
});

test("what the browser's own way back undid is passed over", () => {
  const hidden = { ...START, hide: ["m2"] };
  expect(undone(acted(acted(NO_STEPS, START), hidden), hidden)!.view).toEqual(START);
  expect(undone(acted(NO_STEPS, START), START)).toBeNull();
});

test("a key outlives a run, and tells apart those who are shown alike", () => {
  expect([...keysOf([...NODES, { ...NODES[0]!, member: "m1.1" }])].map(([member, key]) => `${member} ${key}`)).toEqual([
    "m1 patient:P1", "m2 patient:P2", "m3 patient:P3", "m4 doctor:D1", "m5 facility:F1", "m6 facility:F2", "m1.1 patient:P1#2",
  ]);
});

test("only what was written is read again", () => {
  const kept = { pins: { "patient:P1": [1, -2] as const }, notes: { "patient:P1": "ask her" } };
  expect(keptOf(JSON.stringify(kept))).toEqual(kept);
  const broken = { pins: { a: [1], b: ["x", 1], c: null }, notes: { a: 1, b: "", c: "x".repeat(201) } };
  expect([keptOf(JSON.stringify(broken)), keptOf("{"), keptOf("null"), keptOf(null), keptOf("[]")]).toEqual(Array(5).fill({ pins: {}, notes: {} }));
  expect(namesOf("m1,m3.2,x,,m4.,m5.1.2")).toEqual(["m1", "m3.2", "m5.1.2"]);
  expect(withOne({ a: 1, b: 2 }, "a", null)).toEqual({ b: 2 });
  expect(withOne({ a: 1 }, "a", 3)).toEqual({ a: 3 });
});

test("whoever looks away keeps only what still means the same", () => {
  let view = ["m1", "m1.1", "m2", "m2.3"].reduce(lookedAround, START);
  view = { ...view, hide: ["m4", "m1.2", "m2.1", "m2.3.1"] };
  expect(lookedAround(view, "m1").around).toEqual(["m1", "m1.1", "m2", "m2.3"]);
  expect(lookedAway(view, "m1")).toEqual({ ...view, around: ["m2"], hide: ["m4"] });
  expect(lookedAway(view, "m2")).toEqual({ ...view, around: ["m1", "m1.1"], hide: ["m4", "m1.2"] });
  expect(lookedAway(view, "m3")).toBe(view);
  expect(lookedAwayFromAll(view)).toEqual({ ...view, around: [], hide: ["m4"] });
});

test("what is around stands outside of the ring, each near whom it was found around, and no two at one place", () => {
  const spots = placed(NODES, FOUND.nodes, 1);
  const farthest = Math.max(...NODES.map((one) => Math.hypot(one.x, one.y)));
  expect([...spots.values()].every(([x, y]) => Math.hypot(x, y) > farthest)).toBe(true);
  expect(new Set([...spots.values()].map(String)).size).toBe(3);
  expect(placed(NODES, FOUND.nodes, 1)).toEqual(spots);
});

test("only those are shown who are looked around; the ring's own lines stay what they are", () => {
  const whole = withAround(DATA, FOUND, ["m1"], 1);
  expect([...whole.nodes.keys()].slice(6)).toEqual(["m1.1", "m1.2"]);
  expect(whole.edges.slice(3).map((edge) => [edge.a, edge.b])).toEqual([["m1.1", "m4"], ["m1", "m1.1"]]);
  expect(tiesOf(whole)).toEqual(tiesOf(DATA));
  expect([withAround(DATA, undefined, ["m1"], 1), withAround(DATA, FOUND, [], 1)]).toEqual([DATA, DATA]);
  const signs = signsOf({ data: whole, scale: { people: 1, hubs: 1 }, off: new Set(), keys: keysOf(whole.nodes.values()), kept: NOTHING });
  expect(signs.filter((one) => one.beyond).map((one) => one.node.member)).toEqual(["m1.1", "m1.2"]);
  expect(linesOf(whole, signs, new Set()).filter((one) => one.beyond).map((one) => one.id)).toEqual(["m1.1~m4", "m1~m1.1"]);
});

test("a note stands below the name, cut where it is long", () => {
  expect(labelled("一院", undefined, 1)).toEqual({ label: "一院", width: 38, height: 22 });
  expect(labelled("F2", "ask her", 2)).toEqual({ label: "F2\n✎ ask her", width: 2 * (14 + 7 * 8 + 7), height: 74 });
  expect(labelled("F2", "0123456789abcdefghijk", 1).label).toBe("F2\n✎ 0123456789abcdefgh…");
});
