import { expect, test } from "vitest";

import { type Bar, bySimilarity, instant, lanesOf, ticks, visitsOf, whole, within, worthDrawing, zoomed } from "../src/ring/lanes";
import { CLAIMS, claim } from "./world";

const DAY = 86_400_000;

test("one lane a patient, and the day on which three came to one place is an occasion", () => {
  const lanes = lanesOf(CLAIMS, 7);
  expect(lanes.members).toEqual(["m1", "m2", "m3"]);
  expect(lanes.occasions).toEqual([instant("2024-03-01T00:00:00")]);
  expect(lanes.places.map((place) => [place.id, place.claims])).toEqual([["F1", 4], ["F2", 1]]);
  expect(lanes.bars.map((bar) => [bar.claim.claim_id, bar.lane, bar.place])).toEqual([["C1", 0, 0], ["C2", 1, 0], ["C3", 2, 0], ["C4", 0, 1], ["C5", 1, 0]]);
});

test("claims of somebody who is no member have no lane", () => {
  expect(lanesOf([...CLAIMS, claim("C6", null, "F1", "2024-03-02T09:00:00", [])], 7).bars).toHaveLength(5);
});

test("who comes at the same times stands beside each other", () => {
  const at = (id: string, member: string, day: number) => claim(id, member, "F1", `2024-03-0${day}T09:00:00`, []);
  expect(bySimilarity(visitsOf([at("1", "m1", 1), at("2", "m1", 2), at("3", "m1", 3), at("4", "m2", 8), at("5", "m2", 9), at("6", "m3", 2), at("7", "m3", 3), at("8", "m4", 8)]))).toEqual(["m1", "m3", "m2", "m4"]);
});

test("a time is read as the calendar has it", () => {
  expect(["2024-02-29T23:59:58", "1999-12-31T00:00:00"].map(instant)).toEqual([Date.parse("2024-02-29T23:59:58Z"), Date.parse("1999-12-31T00:00:00Z")]);
});

test("what is out of sight, or behind a bar of the same place on the same pixels, is not drawn", () => {
  const bar = (id: string, from: number, to: number, place = 0): Bar => ({ claim: claim(id, "m1", "F1", "2024-03-01T09:00:00", []), lane: 0, from, to, place });
  const lane = [bar("before", -9, -5), bar("long", 0, 40), bar("behind it", 10, 12), bar("other place", 10, 12, 1), bar("reaches on", 38, 60), bar("one pixel on", 60.5, 60.5), bar("same pixel", 60.7, 60.7), bar("after", 101, 102)];
  expect(worthDrawing(lane, (at) => at, 0, 100, 3).map((one) => one.claim.claim_id)).toEqual(["long", "other place", "reaches on", "one pixel on"]);
});

test("zooming keeps the moment under the hand, and never leaves what there is", () => {
  const all = { from: 0, to: 100 * DAY };
  expect(zoomed(all, 0.5, 50 * DAY, all)).toEqual({ from: 25 * DAY, to: 75 * DAY });
  expect(zoomed({ from: 0, to: 10 * DAY }, 100, 5 * DAY, all)).toEqual(all);
  expect(zoomed({ from: 0, to: 3_600_000 }, 0.01, 0, all)).toEqual({ from: 0, to: 3_600_000 });
  expect(within({ from: 95 * DAY, to: 105 * DAY }, all)).toEqual({ from: 90 * DAY, to: 100 * DAY });
});

test("a long span is told by months, a short one by days", () => {
  const span = { from: Date.UTC(2024, 0, 10), to: Date.UTC(2024, 3, 10) + 30 * DAY };
  expect(ticks(span, 700).map((tick) => tick.text)).toEqual(["2024-02", "2024-03", "2024-04", "2024-05"]);
  expect(ticks({ from: Date.UTC(2024, 0, 10), to: Date.UTC(2024, 0, 13) }, 700).map((tick) => tick.text)).toEqual(["01-10", "01-11", "01-12", "01-13"]);
});

test("the whole is a little wider than the claims", () => {
  const all = whole(lanesOf(CLAIMS, 7));
  expect([all.from, all.to]).toEqual([instant("2024-02-29T09:00:00"), instant("2024-03-10T09:00:00")]);
});
