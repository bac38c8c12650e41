// What somebody typed and did not send yet. It stays in this page's memory (never in an address, never on disk: it may name people), so that
// neither another tab of the screen, nor a conflict, nor a service that is down loses it.
import type { Case } from "./steps";

export type Values = Readonly<Record<string, string>>;
/** `seen`: the case as it was when the form was opened, null where there was none yet; `first`: what the form began with. */
export type Draft = { seen: Case | null; first: Values; values: Values };

const kept = new Map<string, Draft>();

export const draft = (key: string): Draft | undefined => kept.get(key);
export const keep = (key: string, value: Draft): void => void kept.set(key, value);
export const drop = (key: string): void => void kept.delete(key);
export const dropAll = (): void => kept.clear();

/** Whether anything was typed beside what the form began with. */
export const typed = (values: Values, first: Values): boolean => Object.keys(values).some((name) => values[name] !== (first[name] ?? ""));
