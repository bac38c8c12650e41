import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from "react";

import { type Place, changed, placeOf } from "./place";

const MOVED = "ringfinder:moved";
let back = false;

/** Whether what is shown was reached by the browser's ways back and forward. */
export const cameBack = (): boolean => back;

function watch(tell: () => void): () => void {
  const came = () => {
    back = true;
    tell();
  };
  window.addEventListener("popstate", came);
  window.addEventListener(MOVED, tell);
  return () => {
    window.removeEventListener("popstate", came);
    window.removeEventListener(MOVED, tell);
  };
}

/** Go somewhere; `replace` where the way back should not lead here. */
export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) return;
  const before = location.pathname;
  history[replace ? "replaceState" : "pushState"](null, "", to);
  back = false;
  if (location.pathname !== before) window.scrollTo(0, 0); // another page begins at its beginning
  window.dispatchEvent(new Event(MOVED));
}

export function usePlace(): Place {
  const href = useSyncExternalStore(watch, () => location.pathname + location.search);
  const [pathname = "", search = ""] = href.split("?", 2);
  return placeOf(pathname, search);
}

/** Change parameters of the place that is shown. */
export function turn(change: Readonly<Record<string, string>>, replace = false): void {
  go(changed(placeOf(location.pathname, location.search), change), replace);
}

/** A link within the app. */
export function Link({ to, onClick, ...rest }: { to: string } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  function follow(event: MouseEvent<HTMLAnchorElement>): void {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  }
  return <a href={to} onClick={follow} {...rest} />;
}
