import { useState } from "react";

import { useWho } from "../shell/who";
import { useWords } from "../words";
import { workers } from "./forms";
import { useColleagues } from "./queries";
import { decides } from "./steps";

type Props = { districts: readonly string[]; label: string; go: string; busy: boolean; give: (assignee: string) => void };

/** Whose desk it goes to. Whoever is no supervisor takes it to their own. */
export function GiveTo({ districts, label, go, busy, give }: Props) {
  const me = useWho();
  const { say } = useWords();
  const { data: colleagues = [] } = useColleagues();
  const fit = decides(me) ? workers(colleagues, districts) : [{ caller_id: me.user_id, name: me.name }];
  const [to, setTo] = useState(me.user_id);
  return (
    <>
      <label>
        {label}{" "}
        <select value={to} onChange={(event) => setTo(event.target.value)}>
          {fit.map((one) => (
            <option key={one.caller_id} value={one.caller_id}>
              {one.caller_id === me.user_id ? say("casework.me", { name: one.name }) : one.name}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className="first" disabled={busy || !fit.length} onClick={() => give(to)}>
        {go}
      </button>
    </>
  );
}
