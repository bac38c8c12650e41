import { expect, test } from "vitest";

import { beside, inCommon, sharedVisits } from "../src/ring/beside";
import { type Choice, type Node, choiceOf, named, pictureOf, reach, written } from "../src/ring/data";
import { type Shown, WIDER, labels, linesOf, litOf, scaleOf, signsOf, tiesOf } from "../src/ring/drawn";
import { frameOf, inPane, inPicture, lineAt, signAt, zoomed } from "../src/ring/frame";
import { pointed } from "../src/ring/hand";
import { type Kept, NOTHING, keysOf } from "../src/ring/view";
import { DATA } from "./world";

const NONE = new Set<string>();
const ONE = { people: 1, hubs: 1 };
const KEYS = keysOf(DATA.nodes.values());
const shown = (off: ReadonlySet<string> = NONE, kept: Kept = NOTHING): Shown => ({ data: DATA, scale: ONE, off, keys: KEYS, kept });
const scene = (off: ReadonlySet<string> = NONE, kept: Kept = NOTHING) => {
  const signs = signsOf(shown(off, kept));
  return { signs, lines: linesOf(DATA, signs, off) };
};
const sets = (choice: Choice) => {
  const found = reach(choice, DATA);
  return [[...found.members].sort(), [...found.claims].sort(), [...found.reasons]];
};

test("a member reaches its claims and the reasons that rest on them", () => {
  expect(sets({ kind: "member", member: "m2" })).toEqual([["m2"], ["C2", "C5"], [0, 1]]);
});

test("a reason reaches its claims and all whom these name", () => {
  expect(sets({ kind: "reason", reason: 0 })).toEqual([["m1", "m2", "m3", "m4", "m5"], ["C1", "C2", "C3"], [0]]);
});

test("a claim reaches all whom it names", () => {
  expect(sets({ kind: "claim", claim: "C4" })).toEqual([["m1", "m4", "m6"], ["C4"], []]);
});

test("what joins a patient and a doctor are the claims that name both, what joins two patients the days at one place", () => {
  expect(sets({ kind: "tie", a: "m1", b: "m4" })[1]).toEqual(["C1", "C4"]);
  expect(sets({ kind: "tie", a: "m1", b: "m2" })[1]).toEqual(["C1", "C2"]);
});

test("every choice comes out of the address as it went in, and one that is not there is none", () => {
  const choices: Choice[] = [{ kind: "member", member: "m3" }, { kind: "tie", a: "m1", b: "m2" }, { kind: "claim", claim: "C5" }, { kind: "reason", reason: 2 }];
  expect(choices.map((one) => choiceOf(written(one), DATA))).toEqual(choices);
  expect(["member:m99", "claim:", "reason:9", "tie:m1~m9", "nothing", undefined].map((text) => choiceOf(text, DATA))).toEqual([null, null, null, null, null, null]);
});

test("a sentence tells places by their names where they have one, and nothing else", () => {
  expect(named("3 people at F1, F2, F11 and toString", DATA.places)).toEqual(["", "3", " ", "people", " ", "at", " ", { id: "F1", name: "一院" }, ", ", "F2", ", ", "F11", " ", "and", " ", "toString", ""]);
});

test("lines between people come in by strength", () => {
  expect(tiesOf(DATA).map((edge) => [edge.a, edge.b])).toEqual([["m2", "m3"], ["m1", "m2"]]);
});

test("names that several share are told apart by their ids", () => {
  expect([...labels(DATA).values()]).toEqual(["王**\nP1", "王**\nP2", "李**", "赵**", "一院", "F2"]);
});

test("every member and line is drawn, at the service's places, hubs above the others", () => {
  const { signs, lines } = scene();
  expect(signs.map((one) => one.node.member)).toEqual(["m1", "m2", "m3", "m4", "m5", "m6"]);
  expect(signs.map((one) => one.spot)).toEqual([10, 20, 30, 40, 50, 60].map((x) => [x * WIDER, -5]));
  expect(lines.map((one) => [one.id, one.tie, one.from.node.member, one.to.node.member])).toEqual([["m1~m4", false, "m1", "m4"], ["m1~m2", true, "m1", "m2"], ["m2~m3", true, "m2", "m3"]]);
  const turned = { ...DATA, nodes: new Map([...DATA.nodes].reverse()) };
  expect(signsOf({ ...shown(), data: turned }).map((one) => one.node.member)).toEqual(["m3", "m2", "m1", "m6", "m5", "m4"]);
});

test("lines that are not shown and signs that are hidden are left out, with whatever is joined to them", () => {
  const { signs, lines } = scene(new Set(["m1~m2", "m3"]));
  expect(signs.map((one) => one.node.member)).toEqual(["m1", "m2", "m4", "m5", "m6"]);
  expect(lines.map((one) => one.id)).toEqual(["m1~m4"]);
});

test("a sign stands where it was pinned, with its note", () => {
  const [first, second] = signsOf(shown(NONE, { pins: { "patient:P1": [7, 9] }, notes: { "patient:P1": "ask her" } }));
  expect([first!.spot, first!.pinned, first!.label]).toEqual([[7, 9], true, "王**\nP1\n✎ ask her"]);
  expect(second!.pinned).toBe(false);
});

test("the frame holds every sign that is shown with its name, as large as the pane allows", () => {
  const { signs } = scene();
  const frame = frameOf(signs, 640, 4000, 20); // so high that the width alone decides
  const [left, right] = [DATA.nodes.get("m1")!, DATA.nodes.get("m6")!].map((node) => frame.pan.x + frame.zoom * node.x * WIDER) as [number, number];
  expect([left > 20, right < 620]).toEqual([true, true]);
  const half = frameOf(signs, 320, 4000, 20);
  expect(half.zoom / frame.zoom).toBeCloseTo((320 - 40) / (640 - 40), 9);
  const fewer = frameOf(scene(new Set(["m5", "m6"])).signs, 640, 4000, 20);
  expect(fewer.zoom).toBeGreaterThan(frame.zoom);
});

test("what is pointed at is the uppermost sign, else the nearest line, else nothing", () => {
  const { signs, lines } = scene(NONE, { pins: { "patient:P1": [0, 0], "patient:P2": [100, 0], "doctor:D1": [0, 80], "patient:P3": [2, 0] }, notes: {} });
  const frame = { zoom: 2, pan: { x: 10, y: 20 } };
  const at = (x: number, y: number) => pointed({ signs: () => signs, lines: () => lines, frame: () => frame }, inPane(frame, [x, y]));
  expect(inPicture(frame, inPane(frame, [3, 4]))).toEqual([3, 4]);
  expect(signAt(signs, frame, inPane(frame, [1, 0]))?.node.member).toBe("m3"); // above m1, as it is painted after it
  expect([at(-8, 0), at(0, 40), at(50, 2), at(50, 30)]).toEqual([{ kind: "member", member: "m1" }, { kind: "tie", a: "m1", b: "m4" }, { kind: "tie", a: "m1", b: "m2" }, null]);
  expect(lineAt(lines, { zoom: 1, pan: { x: 0, y: 0 } }, [0, 200])).toBeNull(); // beyond its end
});

test("what is looked at stays under the hand while it comes nearer, which has an end", () => {
  const frame = zoomed({ zoom: 1, pan: { x: 0, y: 0 } }, 2, [30, 40]);
  expect(frame).toEqual({ zoom: 2, pan: { x: -30, y: -40 } });
  expect(inPicture(frame, [30, 40])).toEqual([30, 40]);
  expect([zoomed(frame, 100, [0, 0]).zoom, zoomed(frame, 0.001, [0, 0]).zoom]).toEqual([6, 0.05]);
});

test("a choice lifts out whom it touches with the lines between them, and whoever is joined to a member stays as it is", () => {
  const { lines } = scene();
  const lit = (choice: Choice) => {
    const found = litOf(choice, reach(choice, DATA), lines)!;
    return [[...found.chosen].sort(), [...found.plain].sort(), [...found.lines].sort()];
  };
  expect(lit({ kind: "member", member: "m2" })).toEqual([["m2"], ["m1", "m2", "m3"], ["m1~m2", "m2~m3"]]);
  expect(lit({ kind: "tie", a: "m1", b: "m2" })).toEqual([["m1", "m2"], [], ["m1~m2"]]);
  expect(lit({ kind: "claim", claim: "C1" })).toEqual([["m1", "m4", "m5"], [], ["m1~m4"]]);
  expect(litOf(null, null, lines)).toBeNull();
});

test("signs are drawn larger in a larger ring; in a very large one hubs larger still, as far as they do not meet", () => {
  const at = (member: string, entity_type: Node["entity_type"], entity_id: string, x: number, y: number): Node => ({ member, entity_type, entity_id, name: null, role: "member", strength: 1, x, y });
  const ring = (radius: number, apart: number) => scaleOf(pictureOf({ ring_id: "R1", run_id: "1", edges: [], nodes: [at("m1", "patient", "P1", 0, radius), at("m2", "facility", "F1", 0, 0), at("m3", "facility", "F2", apart, 0)] }));
  expect(ring(100, 1000)).toEqual({ people: 1, hubs: 1 });
  expect(ring(410, 1000)).toEqual({ people: 2, hubs: 2 });
  expect(ring(1730, 1000)).toEqual({ people: 2.4, hubs: 6 }); // eight times as high as the pane
  const box = 14 + 7 * 2; // of a name of two letters
  expect(ring(1730, 70).hubs).toBeCloseTo((0.8 * 70 * WIDER) / box, 9);
  expect(ring(1730, 1).hubs).toBe(2.4);
});

test("a ring of which nothing is shown has a frame as well", () => {
  expect(frameOf(scene(new Set(DATA.nodes.keys())).signs, 640, 400, 20)).toEqual({ zoom: 1, pan: { x: 320, y: 200 } });
});

test("members side by side: claims, money to the cent, places, and what is common", () => {
  expect(beside("m1", DATA)).toEqual({ member: "m1", claims: 2, total: 10.3, fund: 0, places: [["F2", 1], ["一院", 1]], kinds: [["outpatient", 2]], first: "2024-03-01T09:00:00", last: "2024-03-08T09:00:00" });
  expect(sharedVisits(["m1", "m2"], DATA)).toEqual({ shared: ["F1|2024-03-01"], of: 2 });
  expect(inCommon(["m1", "m2"], DATA)).toEqual(["m5"]);
});
