// What somebody typed and did not send yet. It stays in this page's memory and in the session storage of this tab (never in an address: it may
// name people), so that neither another tab of the screen, nor a conflict, nor a service that is down, nor a reload loses it. It belongs to who
// typed it: whoever else logs in here finds nothing of it. What tells who gave a tip is never a draft (`tips/Reporter`).
import type { Case } from "./steps";

export type Values = Readonly<Record<string, string>>;
/** `seen`: the case as it was when the form was opened, null where there was none yet; `first`: what the form began with. */
export type Draft = { seen: Case | null; first: Values; values: Values };
type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const KEPT = "ringfinder.drafts";
const kept = new Map<string, Draft>();
let owner: string | null = null;
let store: Store | null = null;

/** Whose drafts these are, once it is known who is logged in: those of a page that was loaded anew come back, those of anybody else go. */
export function belongTo(user: string, where: Store | null = globalThis.sessionStorage ?? null): void {
  if (user === owner) return;
  kept.clear();
  [owner, store] = [user, where];
  for (const [key, value] of Object.entries(stored(user))) kept.set(key, value);
  write();
}

export const draft = (key: string): Draft | undefined => kept.get(key);

export function keep(key: string, value: Draft): void {
  kept.set(key, value);
  write();
}

export function drop(key: string): void {
  if (kept.delete(key)) write();
}

export function dropAll(): void {
  kept.clear();
  write();
  owner = null;
}

/** Whether anything was typed beside what the form began with. */
export const typed = (values: Values, first: Values): boolean => Object.keys(values).some((name) => values[name] !== (first[name] ?? ""));

function stored(user: string): Record<string, Draft> {
  try {
    const found = JSON.parse(store?.getItem(KEPT) ?? "null") as { owner: string; drafts: Record<string, Draft> } | null;
    return found?.owner === user ? found.drafts : {};
  } catch {
    return {}; // what cannot be read was not ours
  }
}

function write(): void {
  try {
    if (kept.size && owner !== null) store?.setItem(KEPT, JSON.stringify({ owner, drafts: Object.fromEntries(kept) }));
    else store?.removeItem(KEPT);
  } catch {
    // The storage is full or forbidden: the page's memory has it still.
  }
}
