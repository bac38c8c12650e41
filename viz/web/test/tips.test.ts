import { expect, test } from "vitest";

import { named, wantedOf } from "../src/tips/wanted";

test("a list of tips is what its address says, first due first", () => {
  expect(wantedOf(new Map())).toEqual({ late: false, sort: "due" });
  expect(wantedOf(new Map([["state", "checked"], ["channel", "letter"], ["late", "1"]]))).toEqual({ state: "checked", channel: "letter", late: true, sort: "due" });
  expect(wantedOf(new Map([["state", "lost"], ["channel", "pigeon"], ["late", "yes"]]))).toEqual({ late: false, sort: "due" });
});

test("whom a tip names is told by id or by name, one a line", () => {
  expect(named(" H0024 \n曾氏大药房\n\n曾氏2店\nWard 7", "facility")).toEqual([
    { entity_type: "facility", entity_id: "H0024" },
    { entity_type: "facility", name: "曾氏大药房" },
    { entity_type: "facility", name: "曾氏2店" },
    { entity_type: "facility", name: "Ward 7" },
  ]);
  expect(named("", "patient")).toEqual([]);
});
