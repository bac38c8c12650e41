import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { turn, usePlace } from "../place/use";
import { type Shapes, asked, client } from "../service/client";
import { Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";
import { Answer } from "./Answer";
import { given, inputOf } from "./fields";

const ASKED = "asked"; // stands in the address once it was asked, so that the link gives the answer

/** One question of the library: what it looks for, its form, its answer, its Cypher. */
export function NamedQuery({ query }: { query: Shapes["QuerySummary"] }) {
  const { say, word, lang } = useWords();
  const { params } = usePlace();
  const [folder, name] = query.name.split("/", 2) as [string, string];
  const path = { folder, query: name };
  const { parameters, missing } = given(query.parameters, params);
  const [wrong, setWrong] = useState(false);
  const asks = params.get(ASKED) === "1" && !missing.length;
  const detail = useQuery({ queryKey: ["query", path, lang], queryFn: () => asked(client.GET("/v1/queries/{folder}/{query}", { params: { path } })) });
  const answer = useQuery({
    queryKey: ["asked", path, parameters],
    enabled: asks,
    queryFn: ({ signal }) => asked(client.POST("/v1/queries/{folder}/{query}:run", { signal, params: { path }, body: { parameters, limit: 10_000, seconds: 60 } })),
  });
  function ask(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const typed = Object.fromEntries(query.parameters.map((one) => [one.name, one.type === "flag" ? String(form.has(one.name)) : String(form.get(one.name) ?? "")]));
    const ready = !given(query.parameters, new Map(Object.entries(typed))).missing.length;
    setWrong(!ready);
    if (ready && JSON.stringify(given(query.parameters, new Map(Object.entries(typed))).parameters) === JSON.stringify(parameters) && asks) void answer.refetch();
    turn({ ...typed, [ASKED]: ready ? "1" : "" });
  }
  return (
    <section>
      <h1>{query.title}</h1>
      <p className="lead">{query.purpose}</p>
      {query.kinds.length ? (
        <p className="quiet">
          {say("app.looks_for")} {query.kinds.map((kind) => word("kinds", kind)).join(say("app.comma"))}
        </p>
      ) : null}
      <form className="fields" onSubmit={ask}>
        {query.parameters.map((one) => {
          const input = inputOf(one.type);
          const was = params.get(one.name);
          return (
            <label key={one.name}>
              {one.meaning}
              {input.type === "checkbox" ? (
                <input name={one.name} type="checkbox" defaultChecked={(was ?? one.default) === "true"} />
              ) : (
                <input name={one.name} {...input} defaultValue={was ?? one.default ?? ""} required={one.default === null} />
              )}
            </label>
          );
        })}
        <button type="submit" className="first">
          {say("app.ask")}
        </button>
      </form>
      {wrong ? <p className="wrong">{say("app.fill_in")}</p> : null}
      {asks && answer.isFetching ? <Waiting /> : null}
      {answer.error ? <Wrong error={answer.error} /> : null}
      {asks && answer.data ? <Answer answer={answer.data} fields={query.columns} name={name} title={query.title} /> : null}
      {detail.data ? (
        <details>
          <summary>{say("app.side_cypher")}</summary>
          <pre tabIndex={0}>{detail.data.statement}</pre>
        </details>
      ) : null}
    </section>
  );
}
