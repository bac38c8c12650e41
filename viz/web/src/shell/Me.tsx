import { dropAll } from "../cases/drafts";
import { asked, client, setToken } from "../service/client";
import { queries } from "../service/queries";
import { useWords } from "../words";
import { useWho } from "./who";

/** Who is logged in, and the way out. */
export function Me() {
  const { say } = useWords();
  const who = useWho();
  async function leave(): Promise<void> {
    const { elsewhere } = await asked(client.POST("/v1/session:end"));
    setToken("");
    dropAll();
    document.documentElement.dataset["session"] = "";
    queries.setQueryData(["session"], null);
    queries.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    if (elsewhere !== null) {
      window.location.assign(elsewhere);
    }
  }
  return (
    <div className="me">
      <span>{who.name}</span>
      <button type="button" onClick={() => void leave()}>
        {say("app.logout")}
      </button>
    </div>
  );
}
