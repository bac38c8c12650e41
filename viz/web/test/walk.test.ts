import { expect, test } from "vitest";

import { nameBegins } from "../src/map/places";
import { titleOf } from "../src/shell/arrived";
import { leaveRow, rowLeft } from "../src/walk";

test("who comes back to a list finds the row that was opened, who comes anew its first", () => {
  leaveRow("/app/?show=all", "R2");
  expect(rowLeft("/app/?show=all", ["R1", "R2", "R3"], true)).toBe(1);
  expect(rowLeft("/app/?show=all", ["R1", "R2", "R3"], false)).toBe(0);
  expect(rowLeft("/app/", ["R1", "R2", "R3"], true)).toBe(0);
  expect(rowLeft("/app/?show=all", ["R1", "R3"], true)).toBe(0); // it is no longer listed
});

test("a page is named by what it is about and its place in the menu", () => {
  expect(titleOf([], "Alerts")).toBe("Alerts · RingFinder");
  expect(titleOf(["rings", "R5", "compare"], "Alerts")).toBe("R5 · Alerts · RingFinder");
  expect(titleOf(["entity", "patient", "P00011"], "Search")).toBe("P00011 · Search · RingFinder");
  expect(titleOf(["analyst", "hunt", "admitted-together"], "Queries")).toBe("Queries · RingFinder");
  expect(titleOf(["nowhere"], undefined)).toBe("RingFinder");
});

test("the name of a district stands in its middle, but never beyond the map", () => {
  expect(nameBegins(300, 80, 700)).toBe(260);
  expect(nameBegins(690, 80, 700)).toBe(616);
  expect(nameBegins(10, 80, 700)).toBe(4);
});
