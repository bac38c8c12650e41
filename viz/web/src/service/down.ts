// Whether the service answers. While it does not, what is on the screen stays, and it is asked every two seconds whether it lives.
import { useEffect, useSyncExternalStore } from "react";

let isDown = false;
const told = new Set<() => void>();

export const down = {
  get: (): boolean => isDown,
  set(value: boolean): void {
    if (value === isDown) return;
    isDown = value;
    for (const tell of told) tell();
  },
  watch(tell: () => void): () => void {
    told.add(tell);
    return () => told.delete(tell);
  },
};

const LOOK_MS = 2000;

/** True while the service is down; `back` is called when it answers again. */
export function useDown(back: () => void): boolean {
  const now = useSyncExternalStore(down.watch, down.get);
  useEffect(() => {
    if (!now) return;
    const timer = setInterval(() => {
      fetch("/healthz").then(
        (answer) => {
          if (!answer.ok) return;
          down.set(false);
          back();
        },
        () => undefined,
      );
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [now, back]);
  return now;
}
