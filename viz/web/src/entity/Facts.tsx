import { useQuery } from "@tanstack/react-query";

import { Answer } from "../analyst/Answer";
import { headed, shown, told } from "../analyst/cells";
import { count } from "../figures";
import type { EntityType } from "../look";
import { type Shapes, asked, client } from "../service/client";
import { FactList } from "../shell/FactList";
import { Waiting, Wrong } from "../shell/Told";
import { type Key, useWords } from "../words";

type Asked = { query: string; title: Key; parameters: (id: string, type: string) => Record<string, string> };
const GLANCE: Asked = { query: "entity", title: "app.entity_glance", parameters: (entity_id, entity_type) => ({ entity_id, entity_type }) };
// The named queries about an entity of each type that have one.
const ABOUT: Partial<Record<EntityType, Asked[]>> = {
  patient: [
    { query: "patient-timeline", title: "app.entity_claims", parameters: (patient_id) => ({ patient_id }) },
    { query: "patient-ties", title: "app.entity_ties", parameters: (patient_id) => ({ patient_id }) },
  ],
  card: [{ query: "card-timeline", title: "app.entity_claims", parameters: (card_id) => ({ card_id }) }],
  recruiter: [{ query: "recruiter-timeline", title: "app.entity_claims", parameters: (recruiter_id) => ({ recruiter_id }) }],
  terminal: [{ query: "terminal-timeline", title: "app.entity_claims", parameters: (terminal_id) => ({ terminal_id }) }],
};

/** What the graph says of an entity: at a glance, its claims in time, who is tied to it. */
export function Facts({ type, id }: { type: EntityType; id: string }) {
  return (
    <>
      {[GLANCE, ...(ABOUT[type] ?? [])].map((one) => (
        <One key={one.query} one={one} type={type} id={id} />
      ))}
    </>
  );
}

function One({ one, type, id }: { one: Asked; type: EntityType; id: string }) {
  const { say, lang } = useWords();
  const path = { folder: "read", query: one.query };
  const query = useQuery({ queryKey: ["query", path, lang], queryFn: () => asked(client.GET("/v1/queries/{folder}/{query}", { params: { path } })) });
  const answer = useQuery({
    queryKey: ["asked", path, type, id],
    queryFn: () => asked(client.POST("/v1/queries/{folder}/{query}:run", { params: { path }, body: { parameters: one.parameters(id, type), limit: 1000, seconds: 20 } })),
  });
  return (
    <section className="pane">
      <h2>{say(one.title)}</h2>
      {answer.error ? <Wrong error={answer.error} /> : null}
      {answer.isPending ? <Waiting /> : null}
      {answer.data && query.data && one === GLANCE ? <Glance answer={answer.data} fields={query.data.columns} type={type} /> : null}
      {answer.data && query.data && one !== GLANCE ? <Answer answer={answer.data} fields={query.data.columns} name={one.query} title={say(one.title)} /> : null}
    </section>
  );
}

// What the heading says already; of a patient or a place also that it is one.
const SAID: readonly string[] = ["entity_type", "entity_id", "rings"];
const ITSELF: Partial<Record<EntityType, string>> = { patient: "patients", facility: "facilities" };

/** The one row of a glance as facts. */
function Glance({ answer, fields, type }: { answer: Shapes["QueryAnswer"]; fields: readonly Shapes["QueryField"][]; type: EntityType }) {
  const { say, word, lang } = useWords();
  const row = answer.rows[0];
  if (!row) return <p>{say("app.rows_none")}</p>;
  const facts = answer.columns.flatMap((column, i) => {
    if (SAID.includes(column) || ITSELF[type] === column) return [];
    const value: unknown = row[i];
    const text = Number.isInteger(value) && !column.endsWith("amount") ? count(Number(value), lang) : told(column, value, word);
    return [[headed(column, fields.find((one) => one.name === column)?.meaning, say), text || shown(value)] as const];
  });
  return <FactList facts={facts} />;
}
