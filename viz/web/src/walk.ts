// A list that is walked by keyboard: arrows or j and k move, Enter opens, x chooses.
import { type KeyboardEvent, type RefObject, useState } from "react";

const MOVES: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 8, PageUp: -8, Home: -1e9, End: 1e9 };

type Walk = { count: number; box: RefObject<HTMLElement | null>; open: (at: number) => void; moved: (to: number) => void; choose?: (at: number) => void };

export function useWalk({ count, box, open, moved, choose }: Walk): { at: number; onKeyDown: (event: KeyboardEvent) => void } {
  const [at, setAt] = useState(0);
  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.target === box.current || event.target instanceof HTMLAnchorElement)) return;
    const by = MOVES[event.key];
    if (by !== undefined) {
      event.preventDefault();
      const next = Math.max(0, Math.min(count - 1, at + by));
      setAt(next);
      moved(next);
    } else if (event.key === "Enter" && event.target === box.current && at < count) open(at);
    else if (event.key === "x" && choose && at < count) choose(at);
  }
  return { at, onKeyDown };
}
