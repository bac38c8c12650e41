import { expect, test } from "vitest";

import { placed, widthOf } from "../src/map/labels";
import { bearing, boxOf, flat, frameOf, hull, near, onSheet, scaleBar } from "../src/map/land";
import { following, meeting, mostOf, occasions, placesOf, seats } from "../src/map/occasions";
import { fits, mapWantedOf, monthOf, narrowed } from "../src/map/wanted";

const of = (...params: [string, string][]) => new Map(params);
type Met = { facility: number; months: number[]; claims: number[] };
const ring = (ring_id: string, alert: boolean, score: number, ...meetings: Met[]) => ({
  ring_id, kind: "sham_stay" as const, kind_name: "sham stay", alert, suppressed: false, score, patients: 3, fund_amount: "10.00", districts: ["east"], first_time: "", last_time: "", meetings,
});
const A = ring("A", true, 90, { facility: 0, months: [0, 2], claims: [1, 5] }, { facility: 1, months: [2], claims: [7] });
const B = ring("B", false, 40, { facility: 1, months: [1], claims: [9] });
const C = ring("C", true, 95, { facility: 1, months: [0, 2], claims: [2, 3] });

test("which picture, which rings and which month stand in the address; what it says wrongly is not asked for", () => {
  expect(mapWantedOf(of())).toEqual({ view: "districts", alerts: false });
  expect(mapWantedOf(of(["view", "land"], ["kind", "sham_stay"], ["district", "east"], ["show", "alerts"]))).toEqual({ view: "land", kind: "sham_stay", district: "east", alerts: true });
  expect(mapWantedOf(of(["view", "moon"], ["kind", "sham"], ["show", "all"]))).toEqual({ view: "districts", alerts: false });
  const months = ["2024-01", "2024-02"];
  expect([monthOf(of(), months), monthOf(of(["month", "2024-02"]), months), monthOf(of(["month", "2023-12"]), months)]).toEqual([null, 1, null]);
  expect([narrowed({ view: "land", alerts: false }), narrowed({ view: "land", alerts: true }), narrowed({ view: "land", alerts: false, district: "east" })]).toEqual([false, true, true]);
});

test("filters leave what they say; a dismissed ring is no alert of the list", () => {
  const one = { kind: "sham_stay" as const, alert: true, suppressed: false, districts: ["east", "west"] };
  const fitting = (change: object, wanted: object) => fits({ ...one, ...change }, { view: "land", alerts: false, ...wanted });
  expect([fitting({}, {}), fitting({}, { kind: "sham_stay", district: "west", alerts: true }), fitting({}, { kind: "rotation" }), fitting({}, { district: "north" })]).toEqual([true, true, false, false]);
  expect([fitting({ alert: false }, { alerts: true }), fitting({ suppressed: true }, { alerts: true }), fitting({ suppressed: true }, {})]).toEqual([false, false, true]);
});

test("in a month stand its claims, and where a ring met before; a ring that has not met yet is not there", () => {
  const seen = (month: number | null) => occasions([A, B, C], month).map((one) => [one.ring.ring_id, one.claims, one.at.map(({ place, claims }) => [place, claims])]);
  expect(seen(null)).toEqual([["A", 13, [[1, 7], [0, 6]]], ["B", 9, [[1, 9]]], ["C", 5, [[1, 5]]]]);
  expect(seen(0)).toEqual([["A", 1, [[0, 1]]], ["C", 2, [[1, 2]]]]);
  expect(seen(1)).toEqual([["A", 0, [[0, 0]]], ["B", 9, [[1, 9]]], ["C", 0, [[1, 0]]]]);
  expect(seen(2)).toEqual([["A", 12, [[1, 7], [0, 5]]], ["B", 0, [[1, 0]]], ["C", 3, [[1, 3]]]]);
});

test("who meets is told with alerts first, then by claims; places are counted once", () => {
  const shown = occasions([A, B, C], null);
  expect(meeting(shown).map((one) => one.ring.ring_id)).toEqual(["A", "C", "B"]);
  expect(placesOf(shown)).toBe(2);
  expect(meeting(occasions([A, B, C], 1)).map((one) => one.ring.ring_id)).toEqual(["B"]);
  expect(placesOf(occasions([A, B, C], 1))).toBe(1);
});

test("a circle of one size means the same in each month, and rings keep their seats at a place", () => {
  expect([mostOf([A, B, C], true), mostOf([A, B, C], false), mostOf([], true)]).toEqual([9, 9, 1]);
  expect([mostOf([A], true), mostOf([A], false)]).toEqual([7, 7]);
  expect([mostOf([C], true), mostOf([C], false)]).toEqual([3, 5]);
  expect([...seats([A, B, C])].map(([place, found]) => [place, [...found]])).toEqual([[1, [["B", 0], ["A", 1], ["C", 2]]], [0, [["A", 0]]]]);
});

test("playback begins with the first month and ends with the last", () => {
  expect([following(null, 3), following(0, 3), following(1, 3), following(2, 3), following(null, 0)]).toEqual([0, 1, 2, null, null]);
});

test("places lie in kilometres as the globe has them, also beyond the date line; without coordinates they have no point", () => {
  const [west, middle, east, none] = flat([{ latitude: 60, longitude: 10 }, { latitude: 60, longitude: 11 }, { latitude: 61, longitude: 12 }, { latitude: 1, longitude: null }]);
  expect([middle, none]).toEqual([{ x: 0, y: 0 }, null]);
  expect(west!.x).toBeCloseTo(-55.6, 1); // half of what a degree is at the equator
  expect([east!.x, east!.y].map((one) => Math.round(one * 10) / 10)).toEqual([55.6, -111.2]);
  const [a, b] = flat([{ latitude: 0, longitude: 179.5 }, { latitude: 0, longitude: -179.5 }]);
  expect(b!.x - a!.x).toBeCloseTo(111.2, 1);
  expect(flat([{ latitude: null, longitude: 5 }])).toEqual([null]);
});

test("what is far behind a wide gap is elsewhere, unless most of the weight is there", () => {
  const points = [{ x: 0, y: 0 }, { x: 2, y: 0 }, { x: 0, y: 4 }, { x: 300, y: 0 }, { x: 0, y: -700 }];
  expect([...near(points, [1, 1, 1, 1, 1])].sort()).toEqual([0, 1, 2]);
  expect([...near(points, [1, 0, 0, 9, 0])]).toEqual([3]);
  expect(near(points.slice(0, 3), [1, 1, 1]).size).toBe(3);
});

test("a frame shows all of a box, and one place alone has a kilometre of ground", () => {
  const frame = frameOf(boxOf([{ x: -10, y: 0 }, { x: 10, y: 10 }]), 500, 300, 50);
  expect(frame).toEqual({ x: 0, y: 5, scale: 20 });
  expect([onSheet({ x: -10, y: 0 }, frame, 500, 300), onSheet({ x: 10, y: 10 }, frame, 500, 300)]).toEqual([[50, 50], [450, 250]]);
  expect(frameOf(boxOf([{ x: 3, y: 3 }]), 500, 300, 50)).toEqual({ x: 3, y: 3, scale: 200 });
});

test("an outline goes round the outermost places only", () => {
  const corners = [{ x: 0, y: 0 }, { x: 4, y: 0 }, { x: 4, y: 4 }, { x: 0, y: 4 }];
  const found = hull([...corners, { x: 2, y: 2 }, { x: 2, y: 0 }, { x: 4, y: 4 }]);
  expect(new Set(found.map(({ x, y }) => `${x} ${y}`))).toEqual(new Set(corners.map(({ x, y }) => `${x} ${y}`)));
  expect(found.length).toBe(4);
  expect(hull([{ x: 1, y: 1 }])).toEqual([{ x: 1, y: 1 }]);
});

test("a scale is 1, 2 or 5 times a power of ten, and no longer than it may be", () => {
  expect([scaleBar(70), scaleBar(60), scaleBar(2), scaleBar(400)].map(({ km, long }) => [km, Math.round(long)])).toEqual([[2, 140], [2, 120], [50, 100], [0.2, 80]]);
});

test("a way is told as one of eight", () => {
  const from = { x: 0, y: 0 };
  expect([[0, -9], [9, -9], [9, 1], [9, 9], [0, 9], [-9, 9], [-9, 0], [-9, -9], [-1, -20]].map(([x, y]) => bearing(from, { x: x!, y: y! }))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0]);
});

test("a name that has no room is left out, and none reaches beyond the pane", () => {
  expect([widthOf("ab", 100), widthOf("北a", 100)].map(Math.round)).toEqual([112, 156]);
  const wish = (key: string, x: number, y: number) => ({ key, x, y, text: "市医院", size: 10 });
  const found = placed([wish("a", 50, 50), wish("b", 60, 55), wish("c", 50, 70), wish("d", 1, 90), wish("e", -5, 90), wish("f", 50, 2)], 200, 100);
  expect(found.map(({ key, x }) => [key, x])).toEqual([["a", 50], ["c", 50], ["d", 19]]);
});
