// A place in the app is an address: what is shown, and how. So every view has a link, and back, forward and reload keep it.

/** `path` without the app's own beginning, split; `params` behind the question mark. */
export type Place = { path: readonly string[]; params: ReadonlyMap<string, string> };

export const BASE = "/app/";

export function placeOf(pathname: string, search: string): Place {
  const path = pathname.startsWith(BASE) ? pathname.slice(BASE.length) : "";
  return {
    path: path.split("/").filter(Boolean).map((part) => decoded(part)),
    params: new Map(new URLSearchParams(search)),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function address(path: readonly string[], params: Iterable<readonly [string, string]> = []): string {
  const search = new URLSearchParams([...params].filter(([, value]) => value !== "").map(([name, value]) => [name, value])).toString();
  return BASE + path.map(encodeURIComponent).join("/") + (search ? `?${search}` : "");
}

/** The same place with other parameters; an empty value takes one away. */
export function changed(place: Place, change: Readonly<Record<string, string>>): string {
  return address(place.path, new Map([...place.params, ...Object.entries(change)]));
}
