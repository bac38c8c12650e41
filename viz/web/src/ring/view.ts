// What somebody did to the picture of a ring: hid, looked around, pinned, annotated; and the way back and forth through that.
// What is hidden and looked around stands in the address; pins and notes stay in this browser (`useView`).
import type { Node, Picture } from "./data";

export type Spot = readonly [number, number];
export type Kept = { pins: Readonly<Record<string, Spot>>; notes: Readonly<Record<string, string>> };
/** `hide` and `around`: names in the picture. `pins` and `notes`: by key, which outlives a run (see `keysOf`). */
export type View = Kept & { hide: readonly string[]; around: readonly string[] };
export type Steps = { past: readonly View[]; future: readonly View[]; tag: string };

export const MOST_AROUND = 12; // as the service has it
export const LONGEST_NOTE = 200;
const MOST_KEPT = 500;
const MOST_STEPS = 100;
export const NOTHING: Kept = { pins: {}, notes: {} };
export const NO_STEPS: Steps = { past: [], future: [], tag: "" };

/** Names in the picture from the address. */
export const namesOf = (text: string | undefined): string[] => (text ?? "").split(",").filter((one) => /^m\d+(\.\d+)*$/.test(one));

/** By name in the picture a key that a later run gives again: type and id as shown; those that are shown alike are numbered. */
export function keysOf(nodes: Iterable<Node>): Map<string, string> {
  const times = new Map<string, number>();
  const keys = new Map<string, string>();
  for (const node of nodes) {
    const base = `${node.entity_type}:${node.entity_id}`;
    const time = (times.get(base) ?? 0) + 1;
    times.set(base, time);
    keys.set(node.member, time === 1 ? base : `${base}#${time}`);
  }
  return keys;
}

/** What was kept, as far as it is what was written. */
export function keptOf(text: string | null): Kept {
  try {
    const found = JSON.parse(text ?? "{}") as { pins?: unknown; notes?: unknown };
    const spot = (one: unknown): one is Spot => Array.isArray(one) && one.length === 2 && one.every((each) => Number.isFinite(each));
    const note = (one: unknown): one is string => typeof one === "string" && one !== "" && one.length <= LONGEST_NOTE;
    return { pins: chosen(found.pins, spot), notes: chosen(found.notes, note) };
  } catch {
    return NOTHING;
  }
}

function chosen<Value>(found: unknown, fits: (one: unknown) => one is Value): Record<string, Value> {
  const entries = Object.entries(typeof found === "object" && found !== null ? found : {});
  return Object.fromEntries(entries.filter((entry): entry is [string, Value] => fits(entry[1])).slice(0, MOST_KEPT));
}

/** With one value more; without it where there is none. */
export function withOne<Value>(all: Readonly<Record<string, Value>>, key: string, value: Value | null): Record<string, Value> {
  const rest = Object.entries(all).filter(([one]) => one !== key);
  return Object.fromEntries(value === null ? rest : [...rest, [key, value]]);
}

/** After an act. Acts of one tag that follow each other are one step: a node that is moved by keyboard goes back at once. */
export function acted(steps: Steps, before: View, tag = ""): Steps {
  if (tag && tag === steps.tag) return { ...steps, future: [] };
  return { past: [...steps.past, before].slice(-MOST_STEPS), future: [], tag };
}

/** One step back: what is to be shown. What the browser's own way back undid already is passed over. */
export function undone(steps: Steps, now: View): { steps: Steps; view: View } | null {
  const past = steps.past.slice(0, lastOther(steps.past, now) + 1);
  const view = past.at(-1);
  return view ? { steps: { past: past.slice(0, -1), future: [now, ...steps.future], tag: "" }, view } : null;
}

/** One step forth again. */
export function redone(steps: Steps, now: View): { steps: Steps; view: View } | null {
  const [view, ...future] = steps.future.slice(Math.max(0, steps.future.findIndex((one) => !same(one, now))));
  return view && !same(view, now) ? { steps: { past: [...steps.past, now], future, tag: "" }, view } : null;
}

const lastOther = (views: readonly View[], now: View): number => views.findLastIndex((one) => !same(one, now));
const sorted = (all: Readonly<Record<string, unknown>>) => Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
const same = (a: View, b: View): boolean => JSON.stringify([a.hide, a.around, sorted(a.pins), sorted(a.notes)]) === JSON.stringify([b.hide, b.around, sorted(b.pins), sorted(b.notes)]);

/** Whether it was found around the ring and is no part of it. */
export const beyond = (member: string): boolean => member.includes(".");

/** Look around one more. */
export const lookedAround = (view: View, member: string): View => ({ ...view, around: view.around.includes(member) ? view.around : [...view.around, member].slice(0, MOST_AROUND) });

/**
 * Look around one less. Who was found around others may then bear another name, so that what was hidden or looked around beyond the ring
 * after it goes as well: it would mean somebody else.
 */
export function lookedAway(view: View, member: string): View {
  const at = view.around.indexOf(member);
  if (at < 0) return view;
  const around = view.around.filter((one, i) => i < at || (i > at && !beyond(one)));
  const before = view.around.slice(0, at);
  const stays = (one: string) => !beyond(one) || before.includes(one.slice(0, one.lastIndexOf(".")));
  return { ...view, around, hide: view.hide.filter(stays) };
}

/** Only the ring again. */
export const lookedAwayFromAll = (view: View): View => ({ ...view, around: [], hide: view.hide.filter((one) => !beyond(one)) });

/** The names of those in the picture that are hidden. */
export const hiddenOf = (view: View, data: Picture): string[] => view.hide.filter((one) => data.nodes.has(one));
