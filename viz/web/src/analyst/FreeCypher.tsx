import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { type Shapes, asked, client } from "../service/client";
import { Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";
import { Answer } from "./Answer";
import { Editor } from "./Editor";
import { filled } from "./completing";

const KEPT = "ringfinder.cypher"; // of this tab alone: what was typed may hold ids
const BEGIN = "MATCH (r:Ring)\nWHERE r.alert\nRETURN r.ring_id, r.kind, r.score\nORDER BY r.score DESC\nLIMIT 20";

/** A reading statement on the graph of the run; Ctrl and Enter asks, and it may be stopped. */
export default function FreeCypher({ queries }: { queries: readonly Shapes["QuerySummary"][] }) {
  const { say } = useWords();
  const [statement, setStatement] = useState(() => sessionStorage.getItem(KEPT) ?? BEGIN);
  const stop = useRef<AbortController>(null);
  const query = useMutation({
    mutationFn: (text: string) => {
      stop.current = new AbortController();
      return asked(client.POST("/v1/cypher", { signal: stop.current.signal, body: { statement: text, parameters: {}, limit: 10_000, seconds: 60 } }));
    },
  });
  function ask(): void {
    sessionStorage.setItem(KEPT, statement);
    if (statement.trim()) query.mutate(statement);
  }
  async function unfold(name: string): Promise<string> {
    const [folder, query] = name.split("/", 2) as [string, string];
    const found = await asked(client.GET("/v1/queries/{folder}/{query}", { params: { path: { folder, query } } }));
    return filled(found.statement, found.parameters);
  }
  return (
    <section>
      <h1>{say("app.free_cypher")}</h1>
      <p className="quiet">{say("app.cypher_rules")}</p>
      <Editor value={statement} change={setStatement} queries={queries} unfold={unfold} ask={ask} />
      <p className="row">
        <button type="button" className="first" onClick={ask} disabled={query.isPending}>
          {say("app.ask")}
        </button>
        {query.isPending ? (
          <button
            type="button"
            onClick={() => {
              stop.current?.abort();
              query.reset();
            }}
          >
            {say("app.stop")}
          </button>
        ) : null}
        <span className="quiet">{say("app.ask_key")}</span>
      </p>
      {query.isPending ? <Waiting /> : null}
      {query.error ? <Wrong error={query.error} /> : null}
      {query.data ? <Answer answer={query.data} name="cypher" title={say("app.free_cypher")} /> : null}
    </section>
  );
}
