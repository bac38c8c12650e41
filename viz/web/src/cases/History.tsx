import { useQuery } from "@tanstack/react-query";

import { moment } from "../figures";
import { asked, client } from "../service/client";
import { Waiting, Wrong } from "../shell/Told";
import { type Key, useWords } from "../words";
import { Value, fieldName } from "./Conflict";
import { Person } from "./Person";

/** Who did what in the case, the latest first, with what it was before and after. */
export function History({ id }: { id: string }) {
  const { say } = useWords();
  const { data, error } = useQuery({ queryKey: ["history-of-case", id], staleTime: 0, queryFn: async () => (await asked(client.GET("/v1/cases/{case_id}/history", { params: { path: { case_id: id } } }))).history });
  if (error) return <Wrong error={error} />;
  if (!data) return <Waiting />;
  return (
    <table className="small">
      <thead>
        <tr>
          <th scope="col">{say("casework.col_when")}</th>
          <th scope="col">{say("casework.col_who")}</th>
          <th scope="col">{say("casework.col_did")}</th>
          <th scope="col">{say("casework.col_fields")}</th>
        </tr>
      </thead>
      <tbody>
        {data.map((one) => (
          <tr key={one.number}>
            <td>{moment(one.at)}</td>
            <td>
              <Person id={one.by} />
            </td>
            <td>{say(one.action.replace("case.", "casework.did_") as Key)}</td>
            <td>
              {one.fields.map((each) => (
                <p key={each.field}>
                  {say(fieldName(each.field))}: {each.before === null ? null : <><del><Value field={each.field} value={each.before} /></del> → </>}
                  <Value field={each.field} value={each.after ?? ""} />
                </p>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
