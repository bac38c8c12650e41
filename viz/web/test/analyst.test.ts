import { expect, test } from "vitest";

import { csv, headed, leads, told } from "../src/analyst/cells";
import { type Field, byFolder, fitting, given, inputOf } from "../src/analyst/fields";
import { choose, say } from "../src/words";

const field = (name: string, type: string, byDefault: string | null): Field => ({ name, type, default: byDefault, meaning: name });

test("a form takes what the header says, and sends nothing for what was left as it is", () => {
  const fields = [field("patient_id", "text", null), field("days", "days", "3"), field("least", "count", "2"), field("all", "flag", "false"), field("places", "texts", ";")];
  expect(given(fields, new Map([["patient_id", " P1 "], ["days", "0.5"], ["all", "true"], ["places", "F1；F2; "]]))).toEqual({ parameters: { patient_id: "P1", days: 0.5, all: true, places: ["F1", "F2"] }, missing: [] });
  expect(given(fields, new Map()).missing).toEqual(["patient_id"]);
});

test("each type of parameter has its input", () => {
  expect(["count", "days", "date", "time", "flag", "texts"].map((type) => inputOf(type).type)).toEqual(["number", "number", "date", "datetime-local", "checkbox", "text"]);
});

test("a file holds no formula and keeps commas, quotes and lines inside their cell", () => {
  expect(csv({ columns: ["a", "b"], rows: [["=1+1", -5], ['say "x", y\n', null], ["王", ["x"]]] })).toBe('\ufeffa,b\r\n\'=1+1,-5\r\n"say ""x"", y\n",\r\n王,"[""x""]"\r\n');
});

test("an id leads to its page, unless it is masked", () => {
  expect([leads("patient", "P1"), leads("account", "****1234"), leads("ring", "R1"), leads("count", 3), leads(undefined, "P1")]).toEqual([["entity", "patient", "P1"], null, ["rings", "R1"], null, null]);
});

test("slugs are told in words, times without seconds", () => {
  const word = (room: string, slug: string) => `<${room}:${slug}>`;
  expect([told("role", "payee", word), told("kind", "insider", word), told("name", "insider", word), told("start_time", "2024-03-01T09:00:00", word)]).toEqual(["<kinds:role_payee>", "<kinds:insider>", "insider", "2024-03-01 09:00"]);
  expect([told("channel", "together", word), told("total_amount", 35016.6, word), told("amount", -183, word), told("amounts", 183, word)]).toEqual(["<channels:together>", "35,016.60", "-183.00", "183"]);
});

test("queries stand by folder", () => {
  expect(byFolder([{ name: "hunt/a" }, { name: "read/b" }, { name: "hunt/c" }])).toEqual([["hunt", [{ name: "hunt/a" }, { name: "hunt/c" }]], ["read", [{ name: "read/b" }]]]);
});

test("a question is found by words of its title and purpose, in any order", () => {
  const queries = [{ title: "Claims after death", purpose: "Care billed later." }, { title: "Waves of a go-between", purpose: "Claims in waves." }];
  expect([fitting(queries, ""), fitting(queries, " claims WAVES "), fitting(queries, "claims"), fitting(queries, "moon")]).toEqual([queries, [queries[1]], queries, []]);
});

test("the head of a column of money names its unit", () => {
  const heads = () => [headed("total_amount", "总金额", say), headed("amount", undefined, say), headed("claims", "结算单数", say)];
  choose("zh");
  expect(heads()).toEqual(["总金额（元）", "amount", "结算单数"]);
  choose("en");
  expect(headed("total_amount", "total bills", say)).toBe("total bills (¥)");
});
