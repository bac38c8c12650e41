import { expect, test } from "vitest";

import { named, wantedOf } from "../src/tips/wanted";
import { identityOf, needsReceipt, rewardStands } from "../src/tips/reporter";

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

test("of who gave a tip only what was typed is sent", () => {
  expect(identityOf({ name: " 王举报 ", phone: "", insider: false })).toEqual({ name: "王举报", insider: false });
});

test("a reward is booked for what proved true, then paid, once", () => {
  const tip = { outcome: null, reward: null, named: false, receipt_given: false } as const;
  const reward = { level: 1, found: "1.00", insider: false, amount: "400.00", basis: "", booked_on: "2026-03-02", paid_on: null, reference: null };
  expect([rewardStands(tip), rewardStands({ ...tip, outcome: "unsubstantiated" }), rewardStands({ ...tip, outcome: "partly" })]).toEqual(["none", "none", "to_book"]);
  expect([rewardStands({ ...tip, reward }), rewardStands({ ...tip, reward: { ...reward, paid_on: "2026-03-03" } })]).toEqual(["to_pay", "paid"]);
  expect([needsReceipt(tip), needsReceipt({ ...tip, named: true })]).toEqual([true, false]);
});
