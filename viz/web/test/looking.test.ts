import { expect, test } from "vitest";

import { type Looked, isArchive, packed, standing } from "../src/runs/looking";

test("a file fits, lacks what it must have, is left out, or cannot be told yet", () => {
  const file: Looked = { file: "claims.csv", table: "claims", told: true, known: [], missing: [], absent: ["doctor_id"], unknown: [] };
  expect(standing(file)).toBe("fits");
  expect(standing({ ...file, missing: ["claim_id"] })).toBe("lacks");
  expect(standing({ ...file, told: false })).toBe("untold");
  expect(standing({ ...file, table: null })).toBe("left_out");
});

test("a file's beginning goes byte by byte; an archive is not looked into", () => {
  expect(packed(new Uint8Array([0, 255, 0xcc, 0xec]))).toBe("AP/M7A==");
  expect(["a.zip", "a.ZIP", "a.csv.gz"].map(isArchive)).toEqual([true, true, false]);
});
