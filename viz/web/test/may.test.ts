import { expect, test } from "vitest";

import { spots } from "../src/map/places";
import { may } from "../src/shell/may";

test("rights are the service's: roles, and all districts where an answer covers all", () => {
  expect(may({ roles: ["viewer"] }, "GET /v1/rings")).toBe(true);
  expect(may({ roles: ["admin"] }, "GET /v1/rings")).toBe(false);
  expect(may({ roles: ["analyst"], districts: null }, "POST /v1/cypher")).toBe(true);
  expect(may({ roles: ["analyst"], districts: ["340801"] }, "POST /v1/cypher")).toBe(false);
});

test("rings of one district stand together, the surest in the middle, the same each time", () => {
  const ring = (ring_id: string, district: string, score: number, fund_amount: string) => ({ ring_id, districts: [district], score, fund_amount });
  const rings = [ring("R1", "A", 20, "0.00"), ring("R2", "A", 90, "100.00"), ring("R3", "B", 50, "25.00")];
  const { at, heads } = spots(rings);
  const middle = heads[0]!.x;
  expect(at.get("R2")).toEqual({ x: middle, y: -middle, size: 22 });
  expect(at.get("R3")!.size).toBe(13);
  expect(heads.map((head) => head.district)).toEqual(["A", "B"]);
  const apart = at.get("R3")!.x - at.get("R2")!.x;
  expect(apart).toBeCloseTo(Math.SQRT2 + 1 + 2 * 1.2); // each district has the room that its rings need
  expect(spots([...rings].reverse())).toEqual({ at: new Map([...at].reverse()), heads });
});
