// Dark or light: the reader's choice, else the system's.
import { useSyncExternalStore } from "react";

export type Theme = "dark" | "light";
const KEPT = "ringfinder.theme";
const DARK = matchMedia("(prefers-color-scheme: dark)");
const told = new Set<() => void>();

/** What the page shows now. */
export function shownTheme(): Theme {
  const kept = localStorage.getItem(KEPT);
  return kept === "dark" || kept === "light" ? kept : DARK.matches ? "dark" : "light";
}

function show(): void {
  document.documentElement.dataset["theme"] = shownTheme();
  for (const tell of told) tell();
}

DARK.addEventListener("change", show);
show();

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(KEPT, theme);
  show();
}

export function useTheme(): Theme {
  return useSyncExternalStore((tell) => {
    told.add(tell);
    return () => told.delete(tell);
  }, shownTheme);
}
