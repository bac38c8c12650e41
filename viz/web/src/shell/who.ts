import { createContext, useContext } from "react";

import type { Shapes } from "../service/client";
import { type Route, may } from "./may";

export const WhoContext = createContext<Shapes["SessionDetail"] | null>(null);

/** Who is logged in. */
export function useWho(): Shapes["SessionDetail"] {
  const who = useContext(WhoContext);
  if (!who) throw new Error("nobody is logged in");
  return who;
}

export function useMay(route: Route): boolean {
  return may(useWho(), route);
}
