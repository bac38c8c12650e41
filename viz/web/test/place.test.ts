import { expect, test } from "vitest";

import { address, changed, placeOf } from "../src/place/place";

test("an address comes out of a place as it went in, whatever signs an id holds", () => {
  const path = ["entity", "patient", "a/b?c#d%20 王"];
  const href = address(path, [["side", "members"]]);
  const [pathname, search] = href.split("?") as [string, string];
  expect(placeOf(pathname, `?${search}`)).toEqual({ path, params: new Map([["side", "members"]]) });
});

test("changing a parameter keeps the others, and an empty value takes it away", () => {
  const place = placeOf("/app/rings/R1", "?pick=member:m1&side=members");
  expect(changed(place, { pick: "" })).toBe("/app/rings/R1?side=members");
  expect(changed(place, { ties: "3" })).toBe("/app/rings/R1?pick=member%3Am1&side=members&ties=3");
});

test("a broken escape is taken as it stands", () => {
  expect(placeOf("/app/rings/%E4%", "").path).toEqual(["rings", "%E4%"]);
});
