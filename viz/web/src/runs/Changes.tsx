import { useQuery } from "@tanstack/react-query";

import { address } from "../place/place";
import { Link } from "../place/use";
import { asked, client } from "../service/client";
import { Waiting, Wrong } from "../shell/Told";
import { type Key, useWords } from "../words";

/** What became of the rings between the run that is served and the one before it. */
export function Changes() {
  const { say, word } = useWords();
  const { data, error } = useQuery({ queryKey: ["changes"], queryFn: () => asked(client.GET("/v1/runs:compare")) });
  return (
    <section className="pane">
      <h2>{say("app.changes")}</h2>
      {error ? <Wrong error={error} /> : null}
      {!data && !error ? <Waiting /> : null}
      {data && !data.changes.length ? <p>{say("app.changes_none")}</p> : null}
      {data?.changes.length ? (
        <table className="small">
          <thead>
            <tr>
              <th scope="col">{say("app.col_group")}</th>
              <th scope="col">{say("app.col_change")}</th>
              <th scope="col" className="number">{say("app.col_people")}</th>
              <th scope="col" className="number">{say("app.col_certainty")}</th>
            </tr>
          </thead>
          <tbody>
            {data.changes.map((one) => (
              <tr key={one.ring_id}>
                <td>{one.change === "gone" ? word("kinds", one.kind) : <Link to={address(["rings", one.ring_id])}>{word("kinds", one.kind)}</Link>} <span className="quiet">{one.ring_id}</span></td>
                <td>{say(`app.change_${one.change}` as Key)}</td>
                <td className="number">{[one.patients_before, one.patients_after].map((value) => value ?? "–").join(" → ")}</td>
                <td className="number">{[one.score_before, one.score_after].map((value) => (value === null ? "–" : Math.round(value))).join(" → ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
    </section>
  );
}
