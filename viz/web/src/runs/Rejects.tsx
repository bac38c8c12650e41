import { useQuery } from "@tanstack/react-query";

import { count } from "../figures";
import { asked, client } from "../service/client";
import { Wrong } from "../shell/Told";
import { useWords } from "../words";

/** Rows that a run did not take, by file, column and reason, for who brings the claims. */
export function Rejects({ run }: { run: string }) {
  const { say, lang } = useWords();
  const { data, error } = useQuery({ queryKey: ["rejects", run, lang], queryFn: () => asked(client.GET("/v1/runs/{run_id}/rejects", { params: { path: { run_id: run } } })) });
  if (error) return <Wrong error={error} />;
  if (!data) return null;
  return (
    <section className="pane rejects" aria-label={say("app.rejects")}>
      <h2>{say("app.rejects")}</h2>
      {data.reasons.length ? (
        <>
          <p>{say("app.rejects_sum", { count: count(data.rejected ?? 0, lang) })}</p>
          <table className="small">
            <thead>
              <tr>
                <th scope="col">{say("app.reject_file")}</th>
                <th scope="col">{say("app.reject_column")}</th>
                <th scope="col">{say("app.reject_why")}</th>
                <th scope="col" className="number">{say("app.reject_times")}</th>
                <th scope="col" className="number">{say("app.reject_first")}</th>
              </tr>
            </thead>
            <tbody>
              {data.reasons.map((one) => (
                <tr key={`${one.file} ${one.column} ${one.reason}`}>
                  <td>{one.file}</td>
                  <td>
                    <code>{one.column}</code>
                  </td>
                  <td>{one.says}</td>
                  <td className="number">{count(one.times, lang)}</td>
                  <td className="number">{count(one.first_row, lang)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      ) : (
        <p className="quiet">{say("app.rejects_none")}</p>
      )}
    </section>
  );
}
