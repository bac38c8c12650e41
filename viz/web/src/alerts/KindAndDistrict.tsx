import { KINDS } from "../made/kinds";
import { turn } from "../place/use";
import type { Shapes } from "../service/client";
import { useWords } from "../words";

type Props = { kind: string | undefined; district: string | undefined; alerts: boolean | undefined; overview: Shapes["RingOverview"] | undefined };

/** Kind and district of rings, each with how many of them there are, or how many alerts; each change is a new address. */
export function KindAndDistrict({ kind, district, alerts, overview }: Props) {
  const { say, word } = useWords();
  const of = (group: Shapes["Group"] | undefined) => (group ? ` (${alerts ? group.alerts : group.rings})` : "");
  const kinds = new Map(overview?.kinds.map((one) => [one.value, one]));
  return (
    <>
      <label>
        {say("app.kind")}
        <select value={kind ?? ""} onChange={(event) => turn({ kind: event.target.value })}>
          <option value="">{say("app.any")}</option>
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {word("kinds", one) + of(kinds.get(one))}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say("app.district")}
        <select value={district ?? ""} onChange={(event) => turn({ district: event.target.value })}>
          <option value="">{say("app.any")}</option>
          {overview?.districts.map((one) => (
            <option key={one.value} value={one.value}>
              {one.value + of(one)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
