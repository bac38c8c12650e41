import { useEffect, useMemo, useState } from "react";

import { turn, usePlace } from "../place/use";
import { useWho } from "../shell/who";
import { NO_STEPS, type View, acted, keptOf, namesOf, redone, undone } from "./view";

export type Acting = {
  view: View;
  /** Show another view; `pick`: "" where nothing is to be chosen any more; `tag`: see `acted`. */
  act: (next: View, options?: { pick?: ""; tag?: string }) => void;
  undo: (() => void) | null;
  redo: (() => void) | null;
};

/** What this person did to the picture of this ring. Pins and notes are kept in this browser, for that person alone, and go nowhere else. */
export function useView(ring: string): Acting {
  const me = useWho();
  const { params } = usePlace();
  const place = `ringfinder.ring.${me.user_id}.${ring}`;
  const [text, setText] = useState(() => localStorage.getItem(place));
  const [steps, setSteps] = useState(NO_STEPS);
  const [hide, around] = [params.get("hide"), params.get("around")];
  const view = useMemo<View>(() => ({ ...keptOf(text), hide: namesOf(hide), around: namesOf(around) }), [text, hide, around]);
  useEffect(() => {
    const elsewhere = (event: StorageEvent) => event.key === place && setText(event.newValue); // another tab
    window.addEventListener("storage", elsewhere);
    return () => window.removeEventListener("storage", elsewhere);
  }, [place]);
  function show(next: View, more: { pick?: "" } = {}): void {
    const { pins, notes } = next;
    const kept = JSON.stringify({ pins, notes });
    if (kept !== JSON.stringify({ pins: view.pins, notes: view.notes })) {
      localStorage.setItem(place, kept);
      setText(kept);
    }
    turn({ hide: next.hide.join(","), around: next.around.join(","), ...more });
  }
  function act(next: View, { pick, tag }: { pick?: ""; tag?: string } = {}): void {
    setSteps(acted(steps, view, tag));
    show(next, pick === undefined ? {} : { pick });
  }
  const step = (way: typeof undone) => {
    const found = way(steps, view);
    return found
      ? () => {
          setSteps(found.steps);
          show(found.view);
        }
      : null;
  };
  return { view, act, undo: step(undone), redo: step(redone) };
}
