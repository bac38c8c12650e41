import { useWords } from "../words";
import type { Coded } from "./codes";
import { meant } from "./words";

/** A code of a medicine or an illness, after what it stands for. */
export function Code({ kind, code }: { kind: Coded; code: string }) {
  useWords(); // drawn anew in the other language
  const said = meant(kind, code);
  return said ? (
    <>
      {said} <span className="quiet">{code}</span>
    </>
  ) : (
    code
  );
}
