// A page that is shown is named in the browser's tab, and the keyboard goes on within it, not where the last one ended.
import { useEffect, useRef } from "react";

/** The page's name for the tab, from its address alone, since the browser keeps both: what it is about, its place in the menu, the house. */
export function titleOf(path: readonly string[], called: string | undefined): string {
  const id = path.findLast((part) => /\d/.test(part));
  return [id, called, "RingFinder"].filter(Boolean).join(" · ");
}

export function useArrived(path: readonly string[], called: string | undefined): void {
  const title = titleOf(path, called);
  const page = path.join("/");
  const last = useRef(page);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    if (last.current === page) return;
    last.current = page;
    const main = document.getElementById("main")!;
    if (!main.contains(document.activeElement)) main.focus({ preventScroll: true }); // a field that asked for it keeps it
  }, [page]);
}
