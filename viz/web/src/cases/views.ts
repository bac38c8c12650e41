// Views of a work list that somebody named, kept in this browser for that person alone: a name and an address, nothing that was found.
export type View = { name: string; at: string };
export const MOST_VIEWS = 20;

const place = (user: string, list: string): string => `ringfinder.views.${list}.${user}`;

/** What was kept, first named first; nothing where it is not what was written. */
export function viewsOf(text: string | null): View[] {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    if (!Array.isArray(found)) return [];
    return found.filter((one): one is View => typeof one?.name === "string" && typeof one?.at === "string" && /^(\?|$)/.test(one.at)).slice(0, MOST_VIEWS);
  } catch {
    return [];
  }
}

/** With one more; one of the same name is replaced in its place. */
export function withView(views: readonly View[], view: View): View[] {
  const at = views.findIndex((one) => one.name === view.name);
  return (at < 0 ? [...views, view] : views.map((one, i) => (i === at ? view : one))).slice(-MOST_VIEWS);
}

export const readViews = (user: string, list: string): View[] => viewsOf(globalThis.localStorage?.getItem(place(user, list)) ?? null);
export const writeViews = (user: string, list: string, views: readonly View[]): void => globalThis.localStorage?.setItem(place(user, list), JSON.stringify(views));
