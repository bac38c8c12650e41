import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { QuickForm, useQuickForm } from "../cases/QuickForm";
import { TextFilter } from "../cases/TextFilter";
import { today } from "../cases/wanted";
import { count } from "../figures";
import { LOOKS, type EntityType } from "../look";
import { address } from "../place/place";
import { Link, turn, usePlace } from "../place/use";
import { type Shapes, asked, client } from "../service/client";
import { queries, useOverview } from "../service/queries";
import { Waiting, Wrong } from "../shell/Told";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import "../cases/cases.css";
import "../cases/words";

const PAGE = 200;
const STATES = ["active", "ended", "expired"] as const;
const TYPES = Object.keys(LOOKS) as EntityType[];
type Watched = Shapes["WatchDetail"];
const again = () => void queries.invalidateQueries({ queryKey: ["watch"] });

/** The watch list: who is on it, why and until when; the way onto it, and off it before its day. */
export default function WatchList() {
  const { say, word, lang } = useWords();
  const { params } = usePlace();
  const change = useMay("POST /v1/watch");
  const state = STATES.find((one) => one === params.get("state")) ?? "active";
  const [text, setText] = useState("");
  const { data, error, isPending } = useQuery({
    queryKey: ["watch", state, text],
    staleTime: 0,
    refetchOnWindowFocus: true,
    placeholderData: keepPreviousData,
    queryFn: () => asked(client.POST("/v1/watch:search", { body: { state, limit: PAGE, ...(text && { text }) } })),
  });
  const ending = data?.watched.find((one) => params.get("end") === one.watch_id);
  return (
    <section className="caselist">
      <h1>{say("app.nav_watch")}</h1>
      <p className="quiet">{say("casework.watch_note")}</p>
      {change ? <Add open={params.get("do") === "add"} /> : null}
      <form className="filters" role="search" aria-label={say("app.filters")} onSubmit={(event) => event.preventDefault()}>
        <label>
          {say("casework.filter_state")}
          <select value={state} onChange={(event) => turn({ state: event.target.value === "active" ? "" : event.target.value })}>
            {STATES.map((one) => (
              <option key={one} value={one}>
                {say(`casework.watch_${one}`)}
              </option>
            ))}
          </select>
        </label>
        <TextFilter take={setText} />
      </form>
      {error ? <Wrong error={error} /> : null}
      {isPending && !error ? <Waiting /> : null}
      {ending && change ? <End key={ending.watch_id} one={ending} /> : null}
      {data ? (
        <>
          <p className="quiet" role="status">
            {say("casework.watch_listed", { total: count(data.total, lang) })}
          </p>
          {data.total ? (
            <div className="list" tabIndex={0} role="region" aria-label={say("app.nav_watch")}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{say("casework.subject_id")}</th>
                    <th scope="col">{say("casework.reason")}</th>
                    <th scope="col">{say("casework.watch_from")}</th>
                    <th scope="col">{say("casework.watch_until")}</th>
                    <th scope="col">{say("casework.districts")}</th>
                    <th scope="col">
                      <span className="hidden">{say("app.actions")}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.watched.map((one) => (
                    <tr key={one.watch_id}>
                      <td>
                        {word("kinds", one.entity_type)} <Link to={address(["entity", one.entity_type, one.entity_id])}>{one.name ?? one.entity_id}</Link> {one.name ? <span className="quiet">{one.entity_id}</span> : null}
                        {one.known === false && <span className="quiet"> {say("casework.watch_unknown")}</span>}
                      </td>
                      <td className="typed">{one.end_reason ? `${one.reason} → ${one.end_reason}` : one.reason}</td>
                      <td className="day">{one.starts_on}</td>
                      <td className="day">{one.ended_on ?? one.ends_on}</td>
                      <td>{one.district}</td>
                      <td>
                        {change && one.state === "active" ? (
                          <button type="button" onClick={() => turn({ end: one.watch_id })}>
                            {say("casework.watch_end")}
                          </button>
                        ) : null}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <p className="empty">{say(state === "active" && !text ? "casework.watch_none" : "casework.watch_none_fit")}</p>
          )}
        </>
      ) : null}
    </section>
  );
}

function End({ one }: { one: Watched }) {
  const { say, word } = useWords();
  const close = () => turn({ end: "" }, true);
  const form = useQuickForm(
    `${one.watch_id} end`,
    { reason: "" },
    (values, key) => asked(client.POST("/v1/watch/{watch_id}:end", { params: { path: { watch_id: one.watch_id }, header: { "If-Match": `"${one.version}"`, "Idempotency-Key": key } }, body: { reason: values["reason"]! } })),
    () => {
      again();
      close();
    },
  );
  const title = `${say("casework.watch_end")} · ${word("kinds", one.entity_type)} ${one.name ?? one.entity_id}`;
  return (
    <section className="pane">
      <h2>{title}</h2>
      <QuickForm title={title} go={say("casework.send")} cancel={close} form={form} fields={[{ name: "reason", label: say("casework.reason"), kind: "text", required: true }]} />
    </section>
  );
}

function Add({ open }: { open: boolean }) {
  const { say, word } = useWords();
  const { data: overview } = useOverview(open);
  const close = () => turn({ do: "" }, true);
  const form = useQuickForm(
    "watch add",
    { entity_type: "patient", entity_id: "", name: "", district: "", reason: "", starts_on: today(), ends_on: "" },
    (values, key) =>
      asked(
        client.POST("/v1/watch", {
          params: { header: { "Idempotency-Key": key } },
          body: { entity_type: values["entity_type"] as EntityType, entity_id: values["entity_id"]!.trim(), name: values["name"]!.trim() || null, district: values["district"]!.trim(), reason: values["reason"]!, origin: "hand", starts_on: values["starts_on"]!, ends_on: values["ends_on"]! },
        }),
      ),
    () => {
      again();
      close();
    },
  );
  if (!open) {
    return (
      <p>
        <button type="button" className="first" onClick={() => turn({ do: "add" })}>
          {say("casework.watch_add")}
        </button>
      </p>
    );
  }
  return (
    <section className="pane">
      <h2>{say("casework.watch_add")}</h2>
      <QuickForm
        title={say("casework.watch_add")}
        go={say("casework.send")}
        cancel={close}
        form={form}
        fields={[
          { name: "entity_type", label: say("casework.subject"), kind: "choice", options: TYPES.map((one) => [one, word("kinds", one)] as const) },
          form.values["entity_type"] === "facility" ? { name: "entity_id", label: say("casework.subject_id"), kind: "who", required: true, facilities: true } : { name: "entity_id", label: say("casework.watch_id"), kind: "who", required: true, search: form.values["entity_type"] as EntityType, hint: say("casework.watch_id_how") },
          { name: "name", label: say("casework.watch_name"), kind: "line" },
          { name: "district", label: say("app.district"), kind: "line", required: true, suggest: overview?.districts.map((one) => [one.value, ""] as const) ?? [] },
          { name: "starts_on", label: say("casework.watch_from"), kind: "day", required: true },
          { name: "ends_on", label: say("casework.watch_until"), kind: "day", required: true, least: form.values["starts_on"] || today() },
          { name: "reason", label: say("casework.reason"), kind: "text", required: true },
        ]}
      />
    </section>
  );
}
