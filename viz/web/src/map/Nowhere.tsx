import { turn } from "../place/use";
import { useWords } from "../words";

/** Why there is no map, and what would make one. */
export function Nowhere() {
  const { say } = useWords();
  return (
    <section className="pane nowhere">
      <h2>{say("app.nowhere_title")}</h2>
      <p>{say("app.nowhere_why")}</p>
      <p>{say("app.nowhere_what")}</p>
      <p>
        <button type="button" onClick={() => turn({ view: "" })}>
          {say("app.nowhere_other")}
        </button>
      </p>
    </section>
  );
}
