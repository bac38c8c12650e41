import { KINDS } from "../made/kinds";
import { useTheme } from "../shell/theme";
import { useWords } from "../words";
import { PALE, colourOf } from "./colours";

/** Which colour is which kind, of those that are there. */
export function Legend({ rings, children }: { rings: readonly { alert: boolean; kind: string }[]; children?: React.ReactNode }) {
  const { say, word } = useWords();
  const theme = useTheme();
  const kinds = KINDS.filter((kind) => rings.some((ring) => ring.alert && ring.kind === kind));
  const dot = (color: string) => (
    <span style={{ color }} aria-hidden="true">
      ●
    </span>
  );
  return (
    <ul className="legend">
      {kinds.map((kind) => (
        <li key={kind}>
          {dot(colourOf(kind))} {word("kinds", kind)}
        </li>
      ))}
      <li>
        {dot(PALE[theme])} {say("app.map_pale")}
      </li>
      {children}
    </ul>
  );
}
