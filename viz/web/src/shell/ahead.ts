// What the address says will be needed is on its way before it is asked for: the screen's file and which run is served while the service
// says who is here, and so is the ring: who may not see rings is refused, as they would be later.
import { placeOf } from "../place/place";
import { SERVED_RUN, SESSION, askAhead, inSession, queries } from "../service/queries";

/** `files`: of screens, by the first part of their address. What fails here is told where it is needed. */
export function ahead(files: Readonly<Record<string, () => Promise<unknown>>>): void {
  if (!inSession()) return; // no screen will be shown
  const [screen = "", one] = placeOf(location.pathname, location.search).path;
  if (Object.hasOwn(files, screen)) files[screen]!().catch(() => {});
  void queries.prefetchQuery(SESSION);
  void queries.prefetchQuery(SERVED_RUN);
  if (screen === "rings" && one) askAhead(one);
}
