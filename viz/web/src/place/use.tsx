import { type AnchorHTMLAttributes, type MouseEvent, useSyncExternalStore } from "react";

import { type Place, changed, placeOf } from "./place";

const MOVED = "ringfinder:moved";

function watch(tell: () => void): () => void {
  window.addEventListener("popstate", tell);
  window.addEventListener(MOVED, tell);
  return () => {
    window.removeEventListener("popstate", tell);
    window.removeEventListener(MOVED, tell);
  };
}

/** Go somewhere; `replace` where the way back should not lead here. */
export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", to);
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
