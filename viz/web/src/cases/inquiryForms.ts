// The forms of an inquiry and of decisions (see `forms`): what may be decided and its bounds are the service's own (`open` of a violation), never worked out here.
import { BEHAVIOURS } from "../made/kinds";
import { exactMoney } from "../figures";
import { type Shapes, asked, client } from "../service/client";
import { say } from "../words";
import { type Form, past, path } from "./forms";
import type { Suggestion } from "./known";
import type { Headers } from "./queries";
import { type Case, type Decision, type DecisionStep, owed, subjectCalled } from "./steps";
import { today } from "./wanted";

const FORMS = ["written", "oral", "waived"] as const;
const SUBJECTS = ["facility", "person", "staff"] as const;
const part = (one: Case, number: number, headers: Headers) => ({ params: { path: { case_id: one.case_id, number }, header: headers } });

export function violationForm(one: Case, members: readonly Suggestion[]): Form {
  return {
    name: "violation",
    title: say("casework.step_violation"),
    first: { subject_id: "", behaviour: BEHAVIOURS[0], amount: "", established_on: today(), intent: "", text: "" },
    fields: () => [
      { name: "subject_id", label: say("casework.subject_id"), kind: "who", required: true, suggest: members, facilities: true, hint: say("casework.subject_how") },
      { name: "behaviour", label: say("casework.behaviour"), kind: "choice", required: true, options: BEHAVIOURS.map((each) => [each, say(`cases.behaviour_${each}`)] as const) },
      { name: "amount", label: say("casework.loss"), kind: "money", required: true },
      { name: "established_on", label: say("casework.established_on"), kind: "day", required: true, ...past() },
      { name: "intent", label: say("casework.intent"), kind: "yes", hint: say("casework.intent_how") },
      { name: "text", label: say("casework.text"), kind: "text" },
    ],
    send: (values, headers) => {
      const body = { subject_id: values["subject_id"]!.trim(), behaviour: values["behaviour"] as (typeof BEHAVIOURS)[number], amount: values["amount"]!, established_on: values["established_on"]!, intent: values["intent"] === "yes", text: values["text"] ?? "" };
      return asked(client.POST("/v1/cases/{case_id}/violations", { ...path(one, headers), body }));
    },
  };
}

/** Whose behaviour was established, as (kind of subject, id), each once. */
function subjects(one: Case): readonly (readonly [string, string])[] {
  const found = new Map(one.violations.filter((each) => each.stands).map((each) => [`${each.subject} ${each.subject_id}`, `${say(`casework.one_${each.subject}`)} ${subjectCalled(each)}`]));
  return [...found];
}

/** From which day on somebody may be told of what was found; none where nothing was. */
const foundOn = (one: Case, who: string): string | undefined => one.violations.filter((each) => each.stands && `${each.subject} ${each.subject_id}` === who).map((each) => each.established_on).sort()[0];

export function hearingForm(one: Case, members: readonly Suggestion[]): Form {
  const known = subjects(one);
  const first = (values: Record<string, string>) => foundOn(one, values["who"] || `${values["subject"]} ${values["subject_id"]?.trim()}`);
  return {
    name: "hear",
    title: say("casework.step_hear"),
    note: say("casework.step_hear_needs"),
    first: { who: known[0]?.[0] ?? "", subject: "facility", subject_id: "", form: "written", told_on: "", held_on: "", statement: "", considered: "" },
    fields: (values) => [
      ...(known.length ? [{ name: "who", label: say("casework.subject_id"), kind: "choice" as const, broad: true, options: [...known, ["", "…"] as const] }] : []),
      ...(values["who"]
        ? []
        : [
            { name: "subject", label: say("casework.subject"), kind: "choice" as const, options: SUBJECTS.map((each) => [each, say(`casework.one_${each}`)] as const) },
            { name: "subject_id", label: say("casework.subject_id"), kind: "who" as const, required: true, suggest: members, facilities: values["subject"] === "facility", hint: say("casework.subject_how") },
          ]),
      { name: "form", label: say("casework.form"), kind: "choice", options: FORMS.map((each) => [each, say(`casework.form_${each}`)] as const) },
      { name: "told_on", label: say("casework.told_on"), kind: "day", required: true, ...past(), ...(first(values) && { least: first(values)! }) },
      { name: "held_on", label: say("casework.held_on"), kind: "day", required: true, ...past(), ...(values["told_on"] && { least: values["told_on"] }) },
      ...(values["form"] === "waived" ? [] : [{ name: "statement", label: say("casework.statement"), kind: "text" as const, required: true }]),
      { name: "considered", label: say("casework.considered"), kind: "text" },
    ],
    send: (values, headers) => {
      const [subject, ...rest] = (values["who"] || `${values["subject"]} ${values["subject_id"]!.trim()}`).split(" ");
      const body = {
        subject: subject as (typeof SUBJECTS)[number],
        subject_id: rest.join(" "),
        form: values["form"] as (typeof FORMS)[number],
        told_on: values["told_on"]!,
        held_on: values["held_on"]!,
        statement: values["form"] === "waived" ? "" : (values["statement"] ?? ""),
        considered: values["considered"] ?? "",
      };
      return asked(client.POST("/v1/cases/{case_id}/hearings", { ...path(one, headers), body }));
    },
  };
}

export function checkForm(one: Case, districts: readonly Suggestion[]): Form {
  return {
    name: "check",
    title: say("casework.step_check"),
    note: say("casework.step_check_needs"),
    first: { district: "", question: "" },
    fields: () => [
      { name: "district", label: say("casework.district"), kind: "line", required: true, suggest: districts },
      { name: "question", label: say("casework.question"), kind: "text", required: true },
    ],
    send: (values, headers) => asked(client.POST("/v1/cases/{case_id}/checks", { ...path(one, headers), body: { district: values["district"]!.trim(), question: values["question"]! } })),
  };
}

export function answerForm(one: Case, number: number): Form {
  return {
    name: `answer-${number}`,
    title: say("casework.check_answer"),
    first: { agrees: "", answer: "" },
    fields: () => [
      { name: "agrees", label: say("casework.agrees"), kind: "choice", required: true, options: [["", "…"], ["yes", say("casework.yes")], ["no", say("casework.no")]] },
      { name: "answer", label: say("casework.answer"), kind: "text", required: true },
    ],
    send: (values, headers) => asked(client.POST("/v1/cases/{case_id}/checks/{number}:answer", { ...part(one, number, headers), body: { agrees: values["agrees"] === "yes", answer: values["answer"]! } })),
  };
}

type Rung = Case["violations"][number]["open"][number];
const rungName = (rung: Rung): string => (rung.provisional ? `${rung.kind} provisional` : rung.kind);

/** A decision on the ladder, within what the law allows for the violation that is chosen and what was decided on it leaves open. */
export function proposeForm(one: Case): Form {
  const open = one.violations.filter((each) => each.open.length);
  const on = (values: Record<string, string>) => open.find((each) => String(each.number) === values["violation"]) ?? open[0]!;
  const rungOf = (values: Record<string, string>) => on(values).open.find((each) => rungName(each) === values["kind"]) ?? on(values).open[0]!;
  return {
    name: "decide",
    title: say("casework.step_decide"),
    first: { violation: String(open[0]?.number ?? ""), kind: open[0] ? rungName(open[0].open[0]!) : "", amount: "", months: "", reason: "" },
    fields: (values) => {
      const rung = rungOf(values);
      const before = [rung.provisional ? say("casework.provisional") : "", rung.heard_first ? say("casework.ladder_heard") : "", rung.checked_first ? say("casework.ladder_checked") : ""].filter(Boolean);
      return [
        { name: "violation", label: say("casework.violation"), kind: "choice", broad: true, options: open.map((each) => [String(each.number), `${each.number} · ${each.behaviour_name} · ${subjectCalled(each)}`] as const) },
        { name: "kind", label: say("casework.decision"), kind: "choice", options: on(values).open.map((each) => [rungName(each), rungCalled(each)] as const), hint: [rung.basis_name, ...before].join(" · ") },
        ...(rung.least !== null && rung.most !== null
          ? [{ name: "amount", label: say("casework.amount"), kind: "money" as const, required: true, least: rung.least, most: rung.most, hint: say("casework.between", { least: exactMoney(rung.least), most: exactMoney(rung.most) }) }]
          : []),
        ...(rung.fewest !== null && rung.longest !== null
          ? [{ name: "months", label: say("casework.months"), kind: "number" as const, required: true, least: String(rung.fewest), most: String(rung.longest), hint: say("casework.between", { least: rung.fewest, most: rung.longest }) }]
          : []),
        { name: "reason", label: say("casework.reason"), kind: "text" },
      ];
    },
    send: (values, headers) => {
      const rung = rungOf(values);
      const body = {
        violation: on(values).number,
        kind: rung.kind,
        amount: rung.least === null ? null : values["amount"]!,
        months: rung.fewest === null ? null : Number(values["months"]),
        provisional: rung.provisional,
        reason: values["reason"] ?? "",
      };
      return asked(client.POST("/v1/cases/{case_id}/decisions", { ...path(one, headers), body }));
    },
  };
}

/** What a decision is called; a suspension during the inquiry is another than the one it may end with. */
export const rungCalled = (one: { kind_name: string; provisional: boolean }): string => (one.provisional ? `${one.kind_name} (${say("casework.is_provisional")})` : one.kind_name);

export function decisionForm(step: DecisionStep, decision: Decision, one: Case): Form | null {
  const name = `${step}-${decision.number}`;
  const at = (headers: Headers) => part(one, decision.number, headers);
  const title = `${say(`casework.${step}`)} · ${decision.kind_name}`;
  if (step === "issue") {
    const on = one.violations.find((each) => each.number === decision.violation);
    const weighs = on?.ladder.find((each) => each.kind === decision.kind && each.provisional === decision.provisional)?.heard_first;
    const runs = decision.kind === "suspend" || decision.kind === "end_agreement";
    return {
      name,
      title,
      first: { decided_on: today(), begins_on: "", rights_told: "" },
      fields: (values) => [
        { name: "decided_on", label: say("casework.decided_on"), kind: "day", required: true, ...past(), ...(on && { least: on.established_on }) },
        ...(runs ? [{ name: "begins_on", label: say("casework.begins_on"), kind: "day" as const, ...(values["decided_on"] && { least: values["decided_on"] }) }] : []),
        ...(weighs ? [{ name: "rights_told", label: say("casework.rights_told"), kind: "yes" as const, required: true }] : []),
      ],
      send: (values, headers) => {
        const body = { decided_on: values["decided_on"]!, begins_on: values["begins_on"] || null, rights_told: values["rights_told"] === "yes" };
        return asked(client.POST("/v1/cases/{case_id}/decisions/{number}:issue", { ...at(headers), body }));
      },
    };
  }
  if (step === "withdraw" || step === "revoke") {
    const body = (reason: string): Shapes["Ending"] => ({ reason });
    return {
      name,
      title,
      first: { reason: "" },
      fields: () => [{ name: "reason", label: say("casework.reason"), kind: "text", required: true }],
      send: (values, headers) => asked(client.POST(`/v1/cases/{case_id}/decisions/{number}:${step}`, { ...at(headers), body: body(values["reason"]!) })),
    };
  }
  if (step === "receive") {
    const left = owed(decision);
    return {
      name,
      title,
      first: { amount: left, received_on: today() },
      fields: () => [
        { name: "amount", label: say("casework.received_amount", { owed: exactMoney(left) }), kind: "money", required: true, least: "0.01", most: left },
        { name: "received_on", label: say("casework.received_on"), kind: "day", required: true, ...past() },
      ],
      send: (values, headers) => asked(client.POST("/v1/cases/{case_id}/decisions/{number}:receive", { ...at(headers), body: { amount: values["amount"]!, received_on: values["received_on"]! } })),
    };
  }
  return null;
}
