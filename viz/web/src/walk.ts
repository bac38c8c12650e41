// A list that is walked by keyboard: arrows or j and k move, Enter opens, x chooses. Who comes back finds the row that was opened.
import { type KeyboardEvent, type RefObject, useEffect, useState } from "react";

import { cameBack } from "./place/use";

const MOVES: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 8, PageUp: -8, Home: -1e9, End: 1e9 };

/** `keys`: what each row is called, by which it is found again. */
type Walk = { keys: readonly string[]; box: RefObject<HTMLElement | null>; open: (at: number) => void; moved: (to: number) => void; choose?: (at: number) => void };

const here = (): string => location.pathname + location.search;
const opened = new Map<string, string>(); // address of a list -> the row that was opened last

/** Where a list begins for whoever comes back to it. */
export const rowLeft = (list: string, keys: readonly string[], back: boolean): number => (back ? Math.max(0, keys.indexOf(opened.get(list) ?? "")) : 0);

export const leaveRow = (list: string, key: string): void => void opened.set(list, key);

/** `open` is for the mouse too: it keeps which row was opened. */
export function useWalk({ keys, box, open, moved, choose }: Walk): { at: number; onKeyDown: (event: KeyboardEvent) => void; open: (at: number) => void; left: (at: number) => void } {
  const [at, setAt] = useState(() => rowLeft(here(), keys, cameBack()));
  useEffect(() => {
    if (!cameBack() || !opened.has(here())) return;
    moved(at);
    box.current?.focus({ preventScroll: true });
    // Once, when the list comes: afterwards the reader moves.
  }, []);
  const left = (to: number) => leaveRow(here(), keys[to]!);
  function enter(to: number): void {
    left(to);
    open(to);
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target === box.current || event.target instanceof HTMLAnchorElement)) return;
    const by = MOVES[event.key];
    if (by !== undefined) {
      event.preventDefault();
      const next = Math.max(0, Math.min(keys.length - 1, at + by));
      setAt(next);
      moved(next);
    } else if (event.key === "Enter" && event.target === box.current && at < keys.length) enter(at);
    else if (event.key === "x" && choose && at < keys.length) choose(at);
  }
  return { at, onKeyDown, open: enter, left };
}
