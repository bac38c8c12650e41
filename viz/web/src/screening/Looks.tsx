import { useMutation, useQuery } from "@tanstack/react-query";

import { QuickForm, useQuickForm } from "../cases/QuickForm";
import { today } from "../cases/wanted";
import { count } from "../figures";
import { turn, usePlace } from "../place/use";
import { type Shapes, asked, client, once } from "../service/client";
import { queries } from "../service/queries";
import { Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";
import { Facility, facilityCalled } from "./Facility";
import { LOOKS, OUTCOMES, looksOf } from "./parts";

const PAGE = 200;
type Look = Shapes["LookDetail"];
const again = () => void queries.invalidateQueries({ predicate: ({ queryKey: [first] }) => first === "looks" || first === "screening" });

/** Looks that are planned, each with the way to write down what it found; those that were taken or dropped. */
export function Looks() {
  const { say, lang } = useWords();
  const { params } = usePlace();
  const state = looksOf(params);
  const { data, error } = useQuery({ queryKey: ["looks", state], staleTime: 0, refetchOnWindowFocus: true, queryFn: () => asked(client.GET("/v1/looks", { params: { query: { state, limit: PAGE } } })) });
  const drop = useMutation({
    mutationFn: (look: Look) => asked(client.POST("/v1/looks/{look_id}:drop", { params: { path: { look_id: look.look_id }, header: { ...once(), "If-Match": `"${look.version}"` } } })),
    onSettled: again,
  });
  const taking = data?.looks.find((one) => one.look_id === params.get("take") && one.state === "planned");
  return (
    <>
      <form className="filters" role="search" aria-label={say("app.filters")} onSubmit={(event) => event.preventDefault()}>
        <label>
          {say("casework.filter_state")}
          <select value={state} onChange={(event) => turn({ state: event.target.value === "planned" ? "" : event.target.value, take: "" })}>
            {LOOKS.map((one) => (
              <option key={one} value={one}>
                {say(`casework.look_state_${one}`)}
              </option>
            ))}
          </select>
        </label>
      </form>
      {error ? <Wrong error={error} /> : null}
      {drop.error ? <Wrong error={drop.error} /> : null}
      {data ? null : error ? null : <Waiting />}
      {taking ? <Take key={taking.look_id} look={taking} /> : null}
      {data ? (
        <>
          <p className="quiet" role="status">
            {say("casework.look_listed", { total: count(data.total, lang) })}
          </p>
          {data.looks.length ? <Rows looks={data.looks} drop={(look) => drop.mutate(look)} busy={drop.isPending} /> : <p className="empty">{say("casework.look_none")}</p>}
          {data.next_cursor ? <p className="quiet">{say("casework.look_more", { count: PAGE })}</p> : null}
        </>
      ) : null}
    </>
  );
}

function Rows({ looks, drop, busy }: { looks: readonly Look[]; drop: (look: Look) => void; busy: boolean }) {
  const { say } = useWords();
  return (
    <div className="list" tabIndex={0} role="region" aria-label={say("casework.look_part_looks")}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say("casework.look_facility")}</th>
            <th scope="col">{say("casework.districts")}</th>
            <th scope="col">{say("casework.look_day")}</th>
            <th scope="col">{say("casework.look_outcome")}</th>
            <th scope="col">
              <span className="hidden">{say("app.actions")}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {looks.map((look) => (
            <tr key={look.look_id}>
              <td>
                <Facility of={look} />
              </td>
              <td>{look.district}</td>
              <td>{look.looked_on ?? look.planned_on}</td>
              <td>
                {look.outcome ? <strong>{say(`casework.look_outcome_${look.outcome}`)}</strong> : say(`casework.look_state_${look.state}`)}
                {look.note ? <p className="typed">{look.note}</p> : null}
              </td>
              <td>
                {look.state === "planned" ? (
                  <span className="row">
                    <button type="button" onClick={() => turn({ take: look.look_id })}>
                      {say("casework.look_take")}
                    </button>
                    <button type="button" disabled={busy} onClick={() => drop(look)}>
                      {say("casework.look_drop")}
                    </button>
                  </span>
                ) : null}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Take({ look }: { look: Look }) {
  const { say } = useWords();
  const close = () => turn({ take: "" }, true);
  const form = useQuickForm(
    `${look.look_id} take`,
    { looked_on: today(), outcome: "nothing_found", note: "" },
    (values, key) =>
      asked(
        client.POST("/v1/looks/{look_id}:take", {
          params: { path: { look_id: look.look_id }, header: { "If-Match": `"${look.version}"`, "Idempotency-Key": key } },
          body: { looked_on: values["looked_on"]!, outcome: values["outcome"] as (typeof OUTCOMES)[number], note: values["note"]!.trim() || null },
        }),
      ),
    () => {
      again();
      close();
    },
    again,
  );
  const title = say("casework.look_take_of", { id: facilityCalled(look) });
  return (
    <section className="pane">
      <h2>{title}</h2>
      <QuickForm
        title={title}
        note={say("casework.look_take_note")}
        go={say("casework.send")}
        cancel={close}
        form={form}
        fields={[
          { name: "looked_on", label: say("casework.look_looked_on"), kind: "day", required: true, most: today() },
          { name: "outcome", label: say("casework.look_outcome"), kind: "choice", options: OUTCOMES.map((one) => [one, say(`casework.look_outcome_${one}`)] as const) },
          { name: "note", label: say("casework.note"), kind: "text" },
        ]}
      />
    </section>
  );
}
