// The forms of a case's steps, as data: what each asks for, what it begins with, and which request it becomes.
import { asked, client } from "../service/client";
import { say } from "../words";
import type { Field } from "./Fields";
import type { Values } from "./drafts";
import type { Colleague, Headers } from "./queries";
import type { Case, Me, Step } from "./steps";
import { PRIORITIES, today } from "./wanted";

export type Form = { name: string; title: string; note?: string; first: Values; fields: (values: Values) => readonly Field[]; send: (values: Values, headers: Headers, first: Values) => Promise<Case> };
type Resolution = Case["resolutions"][number];

export const path = (one: Case, headers: Headers) => ({ params: { path: { case_id: one.case_id }, header: headers } });
/** Districts as they are typed: with commas of either kind. */
export const districtsOf = (text: string): string[] => text.split(/[,，、;；\s]+/).filter(Boolean);
export const priorities = () => PRIORITIES.map((one) => [one, say(`cases.priority_${one}`)] as const);

/** Who may work on a case: not disabled, and of one of its districts or of all. */
export function workers(colleagues: readonly Colleague[], districts: readonly string[]): Colleague[] {
  return colleagues.filter((one) => one.works && (one.districts === null || one.districts.some((district) => districts.includes(district))));
}

export function assignForm(one: Case, colleagues: readonly Colleague[]): Form {
  const fit = workers(colleagues, one.districts);
  return {
    name: "assign",
    title: say("casework.step_assign"),
    first: { assignee: fit.find((each) => each.caller_id !== one.assignee)?.caller_id ?? "" },
    fields: () => [{ name: "assignee", label: say("casework.assignee"), kind: "choice", required: true, options: fit.map((each) => [each.caller_id, each.name] as const) }],
    send: (values, headers) => asked(client.POST("/v1/cases/{case_id}:assign", { ...path(one, headers), body: { assignee: values["assignee"] || null } })),
  };
}

/** What differs from what a form began with, as the service takes it. */
export function changed(values: Values, first: Values): Record<string, unknown> {
  const given = Object.entries(values).filter(([name, value]) => value !== first[name]);
  return Object.fromEntries(given.map(([name, value]) => [name, name === "districts" ? districtsOf(value) : name === "due_on" || name === "campaign" ? value || null : value]));
}

export function changeForm(one: Case): Form {
  const first = { title: one.title, summary: one.summary, priority: one.priority, due_on: one.due_on ?? "", districts: one.districts.join(", "), campaign: one.campaign ?? "" };
  return {
    name: "change",
    title: say("casework.step_change"),
    first,
    fields: () => [
      { name: "title", label: say("casework.title"), kind: "line", required: true, broad: true },
      { name: "priority", label: say("casework.priority"), kind: "choice", options: priorities() },
      { name: "due_on", label: say("casework.due_on"), kind: "day" },
      { name: "campaign", label: say("casework.campaign"), kind: "line" },
      { name: "districts", label: say("casework.districts"), kind: "line", required: true, hint: say("casework.districts_how") },
      { name: "summary", label: say("casework.summary"), kind: "text" },
    ],
    // Only what was changed is sent, so that nothing goes back to what it was when the form was opened.
    send: (values, headers, first) => asked(client.POST("/v1/cases/{case_id}:change", { ...path(one, headers), body: changed(values, first) as never })),
  };
}

export function closeForm(one: Case): Form {
  const options = one.resolutions.map((each) => [each, say(`cases.resolution_${each}`)] as const);
  return {
    name: "close",
    title: say("casework.step_close"),
    first: { resolution: options[0]?.[0] ?? "", reason: "", suppress: one.rings.length ? "yes" : "", percent: "20", duplicate_of: "" },
    fields: (values) => [
      { name: "resolution", label: say("casework.resolution"), kind: "choice", required: true, options },
      ...(values["resolution"] === "duplicate" ? [{ name: "duplicate_of", label: say("casework.duplicate_of"), kind: "line" as const, required: true }] : []),
      ...(values["resolution"] === "false_positive" && one.rings.length ? [{ name: "suppress", label: say("casework.suppress"), kind: "yes" as const }] : []),
      ...(values["resolution"] === "false_positive" && values["suppress"] ? [{ name: "percent", label: say("casework.percent"), kind: "number" as const, required: true, most: "1000" }] : []),
      { name: "reason", label: say("casework.reason"), kind: "text", required: values["resolution"] !== "confirmed", ...(values["resolution"] === "false_positive" && { hint: say("casework.reason_how") }) },
    ],
    send: (values, headers) => {
      const resolution = values["resolution"] as Resolution;
      const suppress = resolution === "false_positive" && values["suppress"] === "yes";
      const body = { resolution, reason: values["reason"] ?? "", duplicate_of: resolution === "duplicate" ? (values["duplicate_of"] ?? "").trim() : null, suppress, suppress_percent: suppress ? Number(values["percent"]) : 20 };
      return asked(client.POST("/v1/cases/{case_id}:close", { ...path(one, headers), body }));
    },
  };
}

export function linkForm(one: Case): Form {
  return {
    name: "link",
    title: say("casework.step_link"),
    first: { ring_id: "" },
    fields: () => [{ name: "ring_id", label: say("casework.ring_id"), kind: "line", required: true }],
    send: (values, headers) =>
      asked(client.POST("/v1/cases/{case_id}:link", { params: { path: { case_id: one.case_id }, header: { "Idempotency-Key": headers["Idempotency-Key"] } }, body: { ring_id: (values["ring_id"] ?? "").trim() } })),
  };
}

/** Steps that are done without a form. */
export function atOnce(step: Step, one: Case, me: Me): ((headers: Headers) => Promise<Case>) | null {
  switch (step) {
    case "take":
      return (headers) => asked(client.POST("/v1/cases/{case_id}:assign", { ...path(one, headers), body: { assignee: me.user_id } }));
    case "release":
      return (headers) => asked(client.POST("/v1/cases/{case_id}:release", path(one, headers)));
    case "begin":
      return (headers) => asked(client.POST("/v1/cases/{case_id}:begin", path(one, headers)));
    case "reopen":
      return (headers) => asked(client.POST("/v1/cases/{case_id}:reopen", path(one, headers)));
    default:
      return null;
  }
}

export const past = () => ({ most: today() });
