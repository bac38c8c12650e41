// The forms of an inquiry and of decisions (see `forms`): bounds are the service's own (`ladder` of a violation), never counted here.
import { BEHAVIOURS } from "../made/kinds";
import { exactMoney } from "../figures";
import { type Shapes, asked, client } from "../service/client";
import { say } from "../words";
import { type Form, past, path } from "./forms";
import type { Suggestion } from "./known";
import type { Headers } from "./queries";
import { type Case, type Decision, type DecisionStep, owed, rungs } from "./steps";
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
      { name: "subject_id", label: say("casework.subject_id"), kind: "line", required: true, suggest: members, hint: say("casework.subject_how") },
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
  const found = new Map(one.violations.filter((each) => each.stands).map((each) => [`${each.subject} ${each.subject_id}`, `${say(`cases.subject_${each.subject}`)} ${each.subject_id}`]));
  return [...found];
}

export function hearingForm(one: Case, members: readonly Suggestion[]): Form {
  const known = subjects(one);
  return {
    name: "hear",
    title: say("casework.step_hear"),
    note: say("casework.step_hear_needs"),
    first: { who: known[0]?.[0] ?? "", subject: "facility", subject_id: "", form: "written", told_on: "", held_on: "", statement: "", considered: "" },
    fields: (values) => [
      ...(known.length ? [{ name: "who", label: say("casework.subject_id"), kind: "choice" as const, options: [...known, ["", "…"] as const] }] : []),
      ...(values["who"]
        ? []
        : [
            { name: "subject", label: say("casework.subject"), kind: "choice" as const, options: SUBJECTS.map((each) => [each, say(`cases.subject_${each}`)] as const) },
            { name: "subject_id", label: say("casework.subject_id"), kind: "line" as const, required: true, suggest: members, hint: say("casework.subject_how") },
          ]),
      { name: "form", label: say("casework.form"), kind: "choice", options: FORMS.map((each) => [each, say(`casework.form_${each}`)] as const) },
      { name: "told_on", label: say("casework.told_on"), kind: "day", required: true, ...past() },
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

/** A decision on the ladder, within what the law allows for the violation that is chosen. */
export function proposeForm(one: Case): Form {
  const open = one.violations.map((each) => ({ ...each, ladder: rungs(each, one) })).filter((each) => each.stands && each.ladder.length);
  const on = (values: Record<string, string>) => open.find((each) => String(each.number) === values["violation"]) ?? open[0]!;
  const rung = (values: Record<string, string>) => on(values).ladder.find((each) => each.kind === values["kind"]) ?? on(values).ladder[0]!;
  return {
    name: "decide",
    title: say("casework.step_decide"),
    first: { violation: String(open[0]?.number ?? ""), kind: open[0]?.ladder[0]?.kind ?? "", amount: "", months: "", provisional: "", reason: "" },
    fields: (values) => {
      const step = rung(values);
      const before = [step.heard_first ? say("casework.ladder_heard") : "", step.checked_first ? say("casework.ladder_checked") : ""].filter(Boolean);
      return [
        { name: "violation", label: say("casework.violation"), kind: "choice", options: open.map((each) => [String(each.number), `${each.number} · ${each.behaviour_name} · ${each.subject_id}`] as const) },
        { name: "kind", label: say("casework.decision"), kind: "choice", options: on(values).ladder.map((each) => [each.kind, each.kind_name] as const), hint: [step.basis_name, ...before].join(" · ") },
        ...(step.provisional ? [{ name: "provisional", label: say("casework.provisional"), kind: "yes" as const }] : []),
        ...(step.least !== null && step.most !== null
          ? [{ name: "amount", label: say("casework.amount"), kind: "money" as const, required: true, least: step.least, most: step.most, hint: say("casework.between", { least: exactMoney(step.least), most: exactMoney(step.most) }) }]
          : []),
        ...(step.fewest !== null && step.longest !== null && !values["provisional"]
          ? [{ name: "months", label: say("casework.months"), kind: "number" as const, required: true, least: String(step.fewest), most: String(step.longest), hint: say("casework.between", { least: step.fewest, most: step.longest }) }]
          : []),
        { name: "reason", label: say("casework.reason"), kind: "text" },
      ];
    },
    send: (values, headers) => {
      const step = rung(values);
      const provisional = step.provisional && values["provisional"] === "yes";
      const body = {
        violation: on(values).number,
        kind: step.kind,
        amount: step.least === null ? null : values["amount"]!,
        months: step.fewest === null || provisional ? null : Number(values["months"]),
        provisional,
        reason: values["reason"] ?? "",
      };
      return asked(client.POST("/v1/cases/{case_id}/decisions", { ...path(one, headers), body }));
    },
  };
}

export function decisionForm(step: DecisionStep, decision: Decision, one: Case): Form | null {
  const name = `${step}-${decision.number}`;
  const at = (headers: Headers) => part(one, decision.number, headers);
  const title = `${say(`casework.${step}`)} · ${decision.kind_name}`;
  if (step === "issue") {
    const on = one.violations.find((each) => each.number === decision.violation);
    const weighs = on?.ladder.find((each) => each.kind === decision.kind)?.heard_first && !decision.provisional;
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
