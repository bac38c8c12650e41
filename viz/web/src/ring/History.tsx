import { count, minute, money } from "../figures";
import { useHistory } from "../service/queries";
import { Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";

/** The ring as each run found it, the newest first. */
export function History({ ring }: { ring: string }) {
  const { say, word, lang } = useWords();
  const { data, error } = useHistory(ring);
  if (error) return <Wrong error={error} />;
  if (!data) return <Waiting />;
  return (
    <>
      <p className="quiet">{say("app.history_note")}</p>
      <table className="small">
        <thead>
          <tr>
            <th scope="col">{say("app.col_run")}</th>
            <th scope="col">{say("app.col_kind")}</th>
            <th scope="col" className="number">{say("app.col_certainty")}</th>
            <th scope="col" className="number">{say("app.col_people")}</th>
            <th scope="col" className="number">{say("app.fact_claims")}</th>
            <th scope="col" className="number">{say("app.col_money")}</th>
          </tr>
        </thead>
        <tbody>
          {data.history.map((one) => (
            <tr key={one.run_id}>
              <td>
                {(one.started ? minute(one.started) : one.run_id).split(" ").map((part) => (
                  <span key={part} className="nobreak">
                    {part}{" "}
                  </span>
                ))}
              </td>
              <td>{word("kinds", one.kind)}</td>
              <td className="number">
                {Math.round(one.score)} {one.alert ? say("app.is_alert") : ""}
              </td>
              <td className="number">{count(one.patients, lang)}</td>
              <td className="number">{count(one.claims, lang)}</td>
              <td className="number">{money(one.fund_amount, lang)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
