import { type ComponentType, useEffect, useState } from "react";

import { Unreachable } from "../service/client";
import { Waiting, Wrong } from "./Told";

/**
 * A part whose file is fetched when it is shown first. Not React's own `lazy`: whatever a fallback stood for, React shows no sooner than
 * 0.3 s after it, and so would every screen. `quiet`: nothing stands in its place until then. What cannot be fetched is told, and is
 * fetched anew when it is shown again.
 */
export function later<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>, quiet = false): ComponentType<Props> {
  let found: ComponentType<Props> | null = null;
  return function Later(props: Props) {
    const [state, setState] = useState<"there" | "coming" | "failed">(found ? "there" : "coming");
    useEffect(() => {
      if (found) return;
      let gone = false;
      load().then(
        (file) => {
          found = file.default;
          if (!gone) setState("there");
        },
        () => gone || setState("failed"),
      );
      return () => {
        gone = true;
      };
    }, []);
    const Part = found;
    if (Part) return <Part {...props} />;
    return state === "failed" ? <Wrong error={new Unreachable()} /> : quiet ? null : <Waiting />;
  };
}
