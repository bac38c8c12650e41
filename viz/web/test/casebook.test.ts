import { expect, test, vi } from "vitest";

import { each } from "../src/cases/bulk";
import { collisions, differences } from "../src/cases/differences";
import { belongTo, draft, drop, dropAll, keep, typed } from "../src/cases/drafts";
import { changed, districtsOf, workers } from "../src/cases/forms";
import { proposeForm } from "../src/cases/inquiryForms";
import { type Case, type Check, type Decision, answers, decisionSteps, owed, stepsOf } from "../src/cases/steps";
import { chosenBy, fitting, meant, noId, shownAs } from "../src/cases/known";
import { MOST_VIEWS, viewsOf, withView } from "../src/cases/views";
import { dueness, narrowed, queueOf, today, todayFrom, wantedOf } from "../src/cases/wanted";
import "../src/cases/words";

const LI = { user_id: "u1", roles: ["investigator"], districts: null };
const BOSS = { user_id: "u9", roles: ["supervisor"], districts: null };
const NEW = ["assign", "close"];
const INQUIRY = ["assign", "hear", "decide", "close"];
const rung: Case["violations"][number]["ladder"][number] = { kind: "fine", kind_name: "fine", basis_name: "Art. 40", least: "2.00", most: "5.00", fewest: null, longest: null, heard_first: true, checked_first: true, provisional: false };
const violation: Case["violations"][number] = { number: 1, subject: "facility", subject_id: "H1", subject_name: "一院", behaviour: "other_fraud", behaviour_name: "fraud", article: "40(4)", article_name: "Art. 40(4)", intent: false, amount: "1.00", established_on: "2026-01-01", text: "", stands: true, ladder: [rung], open: [rung] };
const check: Check = { number: 1, district: "west", question: "?", asked_at: "", asked_by: "u9", agrees: null, answer: null, answered_at: null, answered_by: null };
const decision: Decision = {
  number: 1, violation: 1, kind: "fine", kind_name: "fine", state: "proposed", state_name: "proposed", possible: ["issue", "withdraw"], lacks: [], basis: "40", basis_name: "Art. 40", amount: "30000.00", received: "0.00",
  months: null, provisional: false, reason: "", proposed_by: "u1", decided_on: null, decided_by: null, begins_on: null, free_on: null, ended_on: null, ended_reason: null,
};
const one = (more: Partial<Case> = {}): Case => ({
  case_id: "C1", version: 1, state: "new", state_name: "new", title: "stays", origin: "ring", origin_id: "R1", districts: ["east"], priority: "normal", assignee: null, due_on: null, due_basis: null, due_provisional: false, campaign: null, resolution: null,
  created_at: "", created_by: "u9", updated_at: "", closed_at: null,
  erased_on: null, summary: "", reason: null, duplicate_of: null, possible: NEW, resolutions: [], rings: [], violations: [], hearings: [], checks: [], decisions: [], ...more,
});

test("somebody may take what is nobody's; a supervisor may give and close it", () => {
  expect(stepsOf(one(), LI)).toEqual(["take", "link"]);
  expect(stepsOf(one(), BOSS)).toEqual(["take", "assign", "close", "change", "link"]);
});

test("only the assignee and supervisors go on with a case", () => {
  const inquiry = one({ state: "under_inquiry", possible: INQUIRY, assignee: "u1", violations: [violation] });
  expect(stepsOf(inquiry, LI)).toEqual(["violation", "hear", "check", "decide", "change", "link"]);
  expect(stepsOf(inquiry, { ...LI, user_id: "u2" })).toEqual(["link"]);
  expect(stepsOf({ ...inquiry, violations: [{ ...violation, stands: false, open: [] }] }, LI)).not.toContain("decide");
});

test("a supervisor whose district was only asked for a cross-check decides nothing in the case", () => {
  const inquiry = one({ state: "under_inquiry", possible: INQUIRY, assignee: "u1", violations: [violation], checks: [check] });
  const west = { ...BOSS, user_id: "u8", districts: ["west"] };
  expect([stepsOf(inquiry, west), stepsOf(one(), west)]).toEqual([["link"], ["link"]]);
  expect(stepsOf(inquiry, { ...west, districts: ["east"] })).toContain("close");
  expect(decisionSteps(decision, inquiry, west)).toEqual([]);
  expect(answers(check, inquiry, west)).toBe(true);
});

test("only what the service leaves open on a violation is offered", () => {
  const left: Case["violations"][number] = { ...violation, open: [{ ...rung, kind: "suspend", kind_name: "suspend", provisional: true, least: null, most: null }, { ...rung, kind: "return_money", kind_name: "return", most: "0.40" }] };
  const form = proposeForm(one({ violations: [{ ...violation, number: 2, open: [] }, left] }));
  const fields = (kind: string) => form.fields({ ...form.first, kind });
  const options = (name: string) => fields("").find((each) => each.name === name)!.options!.map(([value]) => value);
  expect([form.first["violation"], form.first["kind"], options("violation"), options("kind")]).toEqual(["1", "suspend provisional", ["1"], ["suspend provisional", "return_money"]]);
  expect(fields("suspend provisional").map((each) => each.name)).toEqual(["violation", "kind", "reason"]);
  expect(fields("return_money").find((each) => each.name === "amount")).toMatchObject({ least: "2.00", most: "0.40" });
  expect(stepsOf(one({ state: "decided", possible: INQUIRY, assignee: "u1", violations: [{ ...violation, open: [] }] }), LI)).not.toContain("decide");
});

test("a closed case is opened again by a supervisor, and changed by nobody", () => {
  const closed = one({ state: "closed", possible: ["reopen"], assignee: "u1" });
  expect([stepsOf(closed, LI), stepsOf(closed, BOSS)]).toEqual([[], ["reopen"]]);
});

test("a cross-check is answered by the district that was asked, and by nobody who has a part in the case", () => {
  const asked = one({ checks: [check], assignee: "u1" });
  const may = (who: object) => answers(check, asked, { ...LI, user_id: "u5", ...who });
  expect([may({}), may({ districts: ["west"] }), may({ districts: ["east"] }), may({ user_id: "u1" }), may({ user_id: "u9" })]).toEqual([true, true, false, false, false]);
  expect(answers({ ...check, agrees: true }, asked, { ...LI, user_id: "u5" })).toBe(false);
});

test("a proposal that lacks a hearing is not offered to be issued, and only a supervisor issues", () => {
  const open = one({ assignee: "u1" });
  expect(decisionSteps(decision, open, BOSS)).toEqual(["issue", "withdraw"]);
  expect(decisionSteps({ ...decision, lacks: ["hearing"] }, open, BOSS)).toEqual(["withdraw"]);
  expect(decisionSteps(decision, open, LI)).toEqual(["withdraw"]);
  const force = { ...decision, state: "in_force" as const, possible: ["carry_out", "revoke"] };
  expect(decisionSteps(force, open, BOSS)).toEqual(["receive", "revoke"]);
  expect(decisionSteps({ ...force, kind: "warn" }, open, LI)).toEqual(["carry_out"]);
  expect(decisionSteps(force, one({ state: "closed" }), BOSS)).toEqual([]);
});

test("what is owed is counted to the cent", () => {
  expect(owed({ amount: "30000.00", received: "29999.99" })).toBe("0.01");
  expect(owed({ amount: "999999999999.99", received: "0.00" })).toBe("999999999999.99");
});

test("what somebody else changed is told field by field, and what was typed over it with all three", () => {
  const seen = one();
  const now = one({ version: 2, title: "stays on Mondays", assignee: "u1", districts: ["east", "west"], decisions: [decision] });
  const changed = differences(seen, now);
  expect(changed).toEqual([
    { field: "title", before: "stays", after: "stays on Mondays" },
    { field: "assignee", before: "", after: "u1" },
    { field: "districts", before: "east", after: "east, west" },
    { field: "decisions", before: "0", after: "1" },
  ]);
  expect(collisions({ title: "rotating stays", summary: "20 beds", districts: "east" }, changed)).toEqual([{ field: "title", before: "stays", after: "stays on Mondays", mine: "rotating stays" }]);
  expect(differences(seen, one({ version: 2, state_name: "新建" }))).toEqual([]);
  expect(differences(one({ decisions: [decision] }), one({ decisions: [{ ...decision, reason: "x" }] }))).toEqual([{ field: "decisions", before: "1", after: "1" }]);
});

test("what was typed is kept by its form until it went through or somebody logs out", () => {
  keep("C1 close", { seen: null, first: {}, values: { reason: "a home" } });
  keep("C1 note", { seen: null, first: {}, values: { text: "x" } });
  drop("C1 note");
  expect([draft("C1 close")?.values["reason"], draft("C1 note")]).toEqual(["a home", undefined]);
  dropAll();
  expect(draft("C1 close")).toBeUndefined();
  expect([typed({ a: "1" }, { a: "1" }), typed({ a: "1", b: "" }, { a: "1" }), typed({ a: "2" }, { a: "1" })]).toEqual([false, false, true]);
});

test("what was typed comes back with the page for who typed it, and for nobody else", () => {
  const stored = new Map<string, string>();
  const tab = () => ({ getItem: (name: string) => stored.get(name) ?? null, setItem: (name: string, text: string) => void stored.set(name, text), removeItem: (name: string) => void stored.delete(name) });
  const typedNow = { seen: one(), first: { reason: "" }, values: { reason: "a home" } };
  belongTo("u1", tab());
  keep("C1 close", typedNow);
  belongTo("u2", tab());
  expect([draft("C1 close"), stored.size]).toEqual([undefined, 0]);
  keep("C2 close", typedNow);
  const before = new Map(stored);
  dropAll(); // logged out
  expect(stored.size).toBe(0);
  for (const [name, text] of before) stored.set(name, text); // loaded anew instead
  belongTo("u2", tab());
  expect(draft("C2 close")).toEqual(typedNow);
  drop("C2 close");
  expect(stored.size).toBe(0);
  stored.set("ringfinder.drafts", "no drafts");
  dropAll();
  stored.set("ringfinder.drafts", "no drafts");
  belongTo("u1", tab());
  expect(draft("C1 close")).toBeUndefined();
  belongTo("u3", { ...tab(), setItem: () => { throw new Error("full"); } });
  keep("C3 close", typedNow);
  expect(draft("C3 close")).toEqual(typedNow);
  dropAll();
});

test("a queue is what its name says; filters narrow it", () => {
  const of = (...params: [string, string][]) => wantedOf(new Map(params));
  expect(of()).toEqual({ open: true, sort: "due" });
  expect(of(["queue", "mine"], ["priority", "high"], ["sort", "updated"])).toEqual({ open: true, assignee: "me", priority: "high", sort: "updated" });
  expect(of(["queue", "nobodys"], ["state", "heard"])).toEqual({ state: "new", sort: "due" });
  expect(of(["queue", "overdue"])).toEqual({ overdue: true, sort: "due" });
  expect(of(["queue", "everything"], ["sort", "name"], ["state", "lost"])).toEqual({ open: true, sort: "due" });
  expect([narrowed(of(["queue", "nobodys"]), "nobodys"), narrowed(of(["state", "heard"]), "open"), queueOf(new Map())]).toEqual([false, true, "open"]);
});

test("a case is late from the day after it was due, and no more once it is closed", () => {
  expect(["2026-03-01", "2026-03-02", "2026-03-03", null].map((due) => dueness(due, false, "2026-03-02"))).toEqual(["late", "today", "later", "none"]);
  expect(dueness("2026-03-01", true, "2026-03-02")).toBe("none");
  expect(today(new Date(2026, 2, 2, 23, 59))).toBe("2026-03-02");
  expect([todayFrom("2026-03-01", "2026-03-02"), todayFrom("2026-03-03", "2026-03-02")]).toEqual(["2026-03-02", "2026-03-03"]);
});

test("of many one that fails holds up nobody behind it", async () => {
  const told = vi.fn();
  const outcomes = await each(["a", "b", "c"], async (item) => (item === "b" ? Promise.reject(new Error("no")) : item), told);
  expect(outcomes.map(({ item, wrong }) => [item, wrong?.message ?? null])).toEqual([["a", null], ["b", "no"], ["c", null]]);
  expect(told.mock.calls).toEqual([[1], [2], [3]]);
});

test("a case is given to who works in one of its districts", () => {
  const colleague = (caller_id: string, districts: string[] | null, works = true) => ({ caller_id, name: caller_id, works, decides: false, districts });
  const all = [colleague("a", null), colleague("b", ["east"]), colleague("c", ["west"]), colleague("d", null, false)];
  expect(workers(all, ["east"]).map((each) => each.caller_id)).toEqual(["a", "b"]);
  expect(districtsOf("340801， 340802;340803")).toEqual(["340801", "340802", "340803"]);
});

test("only what was typed is sent, so that nothing goes back to what it was when the form was opened", () => {
  const first = { title: "stays", priority: "normal", due_on: "2026-01-01", districts: "east", campaign: "" };
  expect(changed({ ...first, title: "stays on Mondays", due_on: "", districts: "east，west" }, first)).toEqual({ title: "stays on Mondays", due_on: null, districts: ["east", "west"] });
});

test("views are kept under their names, and what is no view is not read", () => {
  expect(withView(withView([], { name: "a", at: "?x=1" }), { name: "a", at: "?x=2" })).toEqual([{ name: "a", at: "?x=2" }]);
  expect(viewsOf('[{"name":"a","at":"?x=1"},{"name":"b","at":"https://elsewhere"},{"name":3},null]')).toEqual([{ name: "a", at: "?x=1" }]);
  expect([viewsOf("{"), viewsOf("{}"), viewsOf(null)]).toEqual([[], [], []]);
  const many = Array.from({ length: MOST_VIEWS + 1 }, (_, i) => ({ name: String(i), at: "" }));
  expect(many.reduce(withView, [] as typeof many)).toEqual(many.slice(1));
});

test("who is meant is found by name or id, and shown by name", () => {
  const all = [["H1", "机构 一院"], ["H12", "机构 二院"], ["P1", "参保人 王**"], ["P2", "参保人 王**"], ["X9", "X9"]] as const;
  expect([fitting(all, "院"), fitting(all, "h1"), fitting(all, " p1 "), fitting(all, "")].map((found) => found.map(([id]) => id))).toEqual([["H1", "H12"], ["H1", "H12"], ["P1"], ["H1", "H12", "P1", "P2", "X9"]]);
  expect(["机构 二院", "机构 二院 (H12)", "H12", "参保人 王**", " D7 "].map((text) => chosenBy(all, text))).toEqual(["H12", "H12", "H12", "参保人 王**", "D7"]);
  expect(["H1", "X9", "D7", ""].map((id) => shownAs(all, id))).toEqual(["机构 一院 (H1)", "X9", "D7", ""]);
});

test("a violation is told by the name of whom it concerns", () => {
  const option = proposeForm(one({ violations: [violation, { ...violation, number: 2, subject_name: null }] })).fields({}).find((each) => each.name === "violation")!.options!;
  expect(option.map(([, text]) => text)).toEqual(["1 · fraud · 一院 (H1)", "2 · fraud · H1"]);
});

test("a search offers those of the wanted type whose id is not masked, by their masked names", () => {
  const found = [
    { entity_type: "patient", entity_id: "P1", name: "王**" },
    { entity_type: "patient", entity_id: "P2", name: null },
    { entity_type: "patient", entity_id: "3408**********12", name: "李**" },
    { entity_type: "doctor", entity_id: "D1", name: "王**" },
  ] as const;
  expect(meant(found, "patient")).toEqual([["P1", "王**"], ["P2", "P2"]]);
});

test("a name or a number of somebody is no id, unless it is known as one", () => {
  const found = (matched: "id" | "name" | "phone" | "beginning", entity_type: "patient" | "card" = "patient") => [{ entity_type, matched }];
  const told = (typed: string, ids: string[] = [], answer: ReturnType<typeof found> | null = []) => noId(typed, ids, "patient", answer);
  expect([told("王小明"), told("Li Si 2"), told("Lisi"), told("17大药房")]).toEqual(["choose", "choose", "choose", "choose"]);
  expect([told("P00012"), told(""), told("  "), told("H-24")]).toEqual([null, null, null, null]);
  expect([told("王小明", [], found("id")), told("李四", ["李四"])]).toEqual([null, null]); // an agent's name may be the agent's id
  expect([told("13812345678", [], null), told("13812345678"), told("13812345678", [], found("phone")), told("P00012", [], null)]).toEqual(["wait", null, "choose", null]);
  expect([told("13812345678", [], found("phone", "card")), told("P000", [], found("beginning"))]).toEqual([null, null]);
});
