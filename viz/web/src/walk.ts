// A list that is walked by keyboard: arrows or j and k move, Enter opens, x chooses. Who comes back finds the row that was opened.
import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from "react";

import { cameBack } from "./place/use";

const MOVES: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 8, PageUp: -8, Home: -1e9, End: 1e9 };

/** `keys`: what each row is called, by which it is found again; `drawn`: whether a row stands in the page now. */
type Walk = { keys: readonly string[]; box: RefObject<HTMLElement | null>; open: (at: number) => void; moved: (to: number) => void; choose?: (at: number) => void; drawn?: (at: number) => boolean };

const here = (): string => location.pathname + location.search;
const opened = new Map<string, string>(); // address of a list -> the row that was opened last

/** Where a list begins for whoever comes back to it. */
export const rowLeft = (list: string, keys: readonly string[], back: boolean): number => (back ? Math.max(0, keys.indexOf(opened.get(list) ?? "")) : 0);

export const leaveRow = (list: string, key: string): void => void opened.set(list, key);

/** What the table of a list is: one thing that has the keyboard, and tells a screen reader which of its rows was reached. */
type Grid = { role: "grid"; tabIndex: 0; "aria-activedescendant": string | undefined; "aria-multiselectable": true | undefined; onKeyDown: (event: KeyboardEvent) => void };

/** `open` is for the mouse too: it keeps which row was opened; `row` is the id of a row in the page. */
export function useWalk({ keys, box, open, moved, choose, drawn = () => true }: Walk): { at: number; grid: Grid; row: (at: number) => string; open: (at: number) => void; left: (at: number) => void } {
  const id = useId();
  const row = (of: number): string => `${id}-${of}`;
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
  const reached = at < keys.length && drawn(at) ? row(at) : undefined;
  return { at, grid: { role: "grid", tabIndex: 0, "aria-activedescendant": reached, "aria-multiselectable": choose ? true : undefined, onKeyDown }, row, open: enter, left };
}
