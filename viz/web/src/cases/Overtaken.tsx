import type { ComponentProps } from "react";

import { Wrong } from "../shell/Told";
import { useWords } from "../words";
import { Conflict } from "./Conflict";

type Tried = { meanwhile: Pick<ComponentProps<typeof Conflict>, "seen" | "now"> | null; forget: () => void; error: Error | null };

/** What became of a step that was pressed and did not go through: overtaken by somebody else, or refused. */
export function Overtaken({ step }: { step: Tried }) {
  const { say } = useWords();
  return (
    <>
      {step.meanwhile ? (
        <Conflict {...step.meanwhile}>
          <button type="button" onClick={step.forget}>
            {say("casework.cancel")}
          </button>
        </Conflict>
      ) : null}
      {step.error ? <Wrong error={step.error} /> : null}
    </>
  );
}
