import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { address } from "../place/place";
import { Link } from "../place/use";
import { type Shapes, asked, client } from "../service/client";
import { Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";
import { Answer } from "./Answer";
import { Editor } from "./Editor";
import { filled } from "./completing";
import { type Unfolded, isUnchanged, keptOf } from "./unfolded";

const KEPT = "ringfinder.cypher"; // of this tab alone: what was typed may hold ids
const KEPT_QUESTION = "ringfinder.cypher.question";
const BEGIN = "MATCH (r:Ring)\nWHERE r.alert\nRETURN r.ring_id, r.kind, r.score\nORDER BY r.score DESC\nLIMIT 20";

type Question = Shapes["QuerySummary"];
type Found = { answer: Shapes["CypherAnswer"]; question: Question | null };

/**
 * A reading statement on the graph of the run; Ctrl and Enter asks, and it may be stopped. A question of the library that stands there as it
 * was unfolded is asked as that question: it may do what a statement of one's own may not.
 */
export default function FreeCypher({ queries }: { queries: readonly Shapes["QuerySummary"][] }) {
  const { say } = useWords();
  const [statement, setStatement] = useState(() => sessionStorage.getItem(KEPT) ?? BEGIN);
  const [unfolded, setUnfolded] = useState<Unfolded | null>(() => keptOf(sessionStorage.getItem(KEPT_QUESTION)));
  const stop = useRef<AbortController>(null);
  const question = queries.find((one) => one.name === unfolded?.name);
  const asIs = question !== undefined && isUnchanged(statement, unfolded);
  const query = useMutation({
    mutationFn: async ({ text, question }: { text: string; question: Question | null }): Promise<Found> => {
      stop.current = new AbortController();
      const { signal } = stop.current;
      const limits = { limit: 10_000, seconds: 60 };
      if (!question) return { answer: await asked(client.POST("/v1/cypher", { signal, body: { statement: text, parameters: {}, ...limits } })), question };
      const [folder, query] = question.name.split("/", 2) as [string, string];
      return { answer: await asked(client.POST("/v1/queries/{folder}/{query}:run", { signal, params: { path: { folder, query } }, body: { parameters: {}, ...limits } })), question };
    },
  });
  function ask(): void {
    sessionStorage.setItem(KEPT, statement);
    sessionStorage.setItem(KEPT_QUESTION, JSON.stringify(unfolded));
    if (statement.trim()) query.mutate({ text: statement, question: asIs ? question : null });
  }
  async function unfold(name: string): Promise<string> {
    const [folder, query] = name.split("/", 2) as [string, string];
    const found = await asked(client.GET("/v1/queries/{folder}/{query}", { params: { path: { folder, query } } }));
    const text = filled(found.statement, found.parameters);
    setUnfolded({ name, text });
    return text;
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
      {question ? (
        <p className="quiet">
          {say(asIs ? "app.asked_as_question" : "app.asked_as_own")} <Link to={address(["analyst", ...question.name.split("/")])}>{question.title}</Link>
        </p>
      ) : null}
      {query.isPending ? <Waiting /> : null}
      {query.error ? <Wrong error={query.error} /> : null}
      {query.data ? <Answer answer={query.data.answer} {...(query.data.question ? { fields: query.data.question.columns } : {})} name="cypher" title={query.data.question?.title ?? say("app.free_cypher")} /> : null}
    </section>
  );
}
