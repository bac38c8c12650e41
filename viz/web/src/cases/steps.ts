// What may be done next in a case, by whom, and what each step needs. The service decides (it refuses what does not lead on); here stands
// what somebody is offered, so that nobody is shown a button that only leads to a refusal.
import type { Shapes } from "../service/client";

export type Case = Shapes["CaseFile"];
export type Check = Case["checks"][number];
export type Decision = Case["decisions"][number];
export type Me = { user_id: string; roles: readonly string[]; districts?: readonly string[] | null };
export const STATES = ["new", "assigned", "under_inquiry", "heard", "decided", "closed"] as const;
export const STEPS = ["begin", "violation", "hear", "check", "decide", "take", "assign", "close", "reopen", "release", "change", "link"] as const;
export type Step = (typeof STEPS)[number];
/** Those that are asked for with a form; the others are done at once. */
export const WITH_FORM: ReadonlySet<Step> = new Set(["assign", "violation", "hear", "check", "decide", "close", "change", "link"]);

export const decides = (me: Me): boolean => me.roles.includes("supervisor");
const lies = (one: { districts: readonly string[] }, me: Me): boolean => me.districts == null || me.districts.some((each) => one.districts.includes(each));
/** Whether somebody decides in a case: a supervisor of its districts, not of one that was only asked for a cross-check. */
export const decidesIn = (one: { districts: readonly string[] }, me: Me): boolean => decides(me) && lies(one, me);
/** Whether somebody goes on with a case: its assignee, and supervisors of its districts. */
export const worksOn = (one: { assignee: string | null; districts: readonly string[] }, me: Me): boolean => decidesIn(one, me) || one.assignee === me.user_id;

/** The steps that somebody is offered, the most likely first. */
export function stepsOf(one: Case, me: Me): Step[] {
  const possible = new Set(one.possible);
  const works = worksOn(one, me);
  const boss = decidesIn(one, me);
  const inquiry = works && possible.has("decide");
  const offered: Record<Step, boolean> = {
    take: possible.has("assign") && one.assignee !== me.user_id && (boss || (one.assignee === null && lies(one, me))),
    assign: possible.has("assign") && boss,
    begin: works && possible.has("begin"),
    violation: inquiry,
    hear: works && possible.has("hear"),
    check: inquiry,
    decide: inquiry && one.violations.some((each) => each.open.length > 0),
    close: possible.has("close") && boss,
    reopen: possible.has("reopen") && boss,
    release: works && possible.has("release"),
    change: works && one.state !== "closed",
    link: one.state !== "closed",
  };
  return STEPS.filter((step) => offered[step]);
}

/** Whether somebody may answer a cross-check: of that district or of all, and without a part in the case. */
export function answers(check: Check, one: Case, me: Me): boolean {
  const part = [one.assignee, ...one.checks.map((each) => each.asked_by), ...one.decisions.map((each) => each.proposed_by)];
  return check.agrees === null && one.state !== "closed" && (me.districts == null || me.districts.includes(check.district)) && !part.includes(me.user_id);
}

/** Whom a violation or hearing concerns: by name, with the id beside it. */
export const subjectCalled = (one: { subject_id: string; subject_name: string | null }): string => (one.subject_name === null ? one.subject_id : `${one.subject_name} (${one.subject_id})`);

export type DecisionStep = "issue" | "withdraw" | "receive" | "carry_out" | "revoke";
const MONEY_COMES = new Set(["return_money", "fine"]);

/** What somebody may do with a decision; a proposal that still lacks something is not offered to be issued. */
export function decisionSteps(decision: Decision, one: Case, me: Me): DecisionStep[] {
  if (one.state === "closed" || !worksOn(one, me)) return [];
  const possible = new Set(decision.possible);
  const found: DecisionStep[] = [];
  if (possible.has("issue") && decidesIn(one, me) && !decision.lacks.length) found.push("issue");
  if (possible.has("withdraw")) found.push("withdraw");
  if (possible.has("carry_out")) found.push(MONEY_COMES.has(decision.kind) ? "receive" : "carry_out");
  if (possible.has("revoke") && decidesIn(one, me)) found.push("revoke");
  return found;
}

/** What of a sum is still to come in, in cents exact, as text. */
export function owed(decision: { amount: string | null; received: string }): string {
  const cents = (text: string) => BigInt(text.replace(".", ""));
  const left = cents(decision.amount ?? "0.00") - cents(decision.received);
  const digits = left.toString().padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
