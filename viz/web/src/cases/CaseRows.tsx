import { useRef } from "react";

import { Districts } from "../alerts/Districts";
import { dayThere } from "../figures";
import { address } from "../place/place";
import { Link, go } from "../place/use";
import type { Shapes } from "../service/client";
import { useWalk } from "../walk";
import { useWords } from "../words";
import { Due } from "./Due";
import { Person } from "./Person";

export type Row = Shapes["CaseSummary"];
type Props = { rows: readonly Row[]; total: number; chosen: ReadonlySet<string>; choose: (ids: readonly string[], chosen: boolean) => void };

/** Cases as rows. Arrows or j and k move, Enter opens, x chooses. */
export function CaseRows({ rows, total, chosen, choose }: Props) {
  const { say } = useWords();
  const box = useRef<HTMLTableElement>(null);
  const { at, grid, row: rowId, open, left } = useWalk({
    keys: rows.map((row) => row.case_id),
    box,
    open: (to) => go(address(["cases", rows[to]!.case_id])),
    moved: (to) => box.current?.querySelectorAll("tbody tr")[to]?.scrollIntoView({ block: "nearest" }),
    choose: (to) => choose([rows[to]!.case_id], !chosen.has(rows[to]!.case_id)),
  });
  const all = rows.length > 0 && rows.every((row) => chosen.has(row.case_id));
  return (
    <div className="list">
      <p id="cases-how" className="hidden">
        {say("casework.list_how")}
      </p>
      <table {...grid} ref={box} aria-label={say("casework.list_label")} aria-describedby="cases-how" aria-rowcount={total + 1}>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className="choose">
              <input type="checkbox" aria-label={say("casework.choose_all")} checked={all} onChange={() => choose(rows.map((row) => row.case_id), !all)} />
            </th>
            <th scope="col">{say("casework.col_case")}</th>
            <th scope="col" className="col-state">{say("casework.col_state")}</th>
            <th scope="col" className="col-priority">{say("casework.col_priority")}</th>
            <th scope="col" className="col-due">{say("casework.col_due")}</th>
            <th scope="col" className="col-who">{say("casework.col_assignee")}</th>
            <th scope="col" className="col-districts">{say("app.col_districts")}</th>
            <th scope="col" className="col-updated">{say("casework.col_updated")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr
              key={row.case_id}
              id={rowId(i)}
              aria-rowindex={i + 2}
              aria-selected={chosen.has(row.case_id)}
              className={i === at ? "at" : ""}
              onClickCapture={() => left(i)}
              onClick={(event) => {
                if (!(event.target as Element).closest("a, input")) open(i);
              }}
            >
              <td>
                <input type="checkbox" tabIndex={-1} aria-label={say("casework.choose_one", { name: row.case_id })} checked={chosen.has(row.case_id)} onChange={(event) => choose([row.case_id], event.target.checked)} />
              </td>
              <td>
                <Link to={address(["cases", row.case_id])} tabIndex={-1}>
                  <strong>{row.title}</strong>
                </Link>{" "}
                <span className="quiet">
                  <span className="nobreak">{row.case_id}</span> {row.campaign ?? ""}
                </span>
              </td>
              <td>
                {row.state_name}
                {row.resolution ? <span className="quiet"> · {say(`cases.resolution_${row.resolution}`)}</span> : null}
              </td>
              <td className="col-priority">{row.priority === "urgent" || row.priority === "high" ? <strong>{say(`cases.priority_${row.priority}`)}</strong> : say(`cases.priority_${row.priority}`)}</td>
              <td>
                <Due one={row} />
              </td>
              <td>
                <Person id={row.assignee} />
              </td>
              <td className="col-districts">
                <Districts districts={row.districts} />
              </td>
              <td className="col-updated">{dayThere(row.updated_at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
