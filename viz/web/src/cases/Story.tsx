import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { count, dayThere, moment, money } from "../figures";
import { address } from "../place/place";
import { Link } from "../place/use";
import { asked, client } from "../service/client";
import { queries } from "../service/queries";
import { Wrong } from "../shell/Told";
import { useWords } from "../words";
import { Person } from "./Person";
import { draft, drop, keep } from "./drafts";
import { useOnce } from "./queries";
import type { Case } from "./steps";

/** What is known: the summary, the rings with what became of them, and what people wrote down. */
export function Story({ one }: { one: Case }) {
  const { say } = useWords();
  return (
    <>
      <h2>{say("casework.summary")}</h2>
      {one.summary ? <p className="typed">{one.summary}</p> : <p className="quiet">{say("casework.no_summary")}</p>}
      <h2 className="spaced">{say("casework.rings")}</h2>
      <Rings one={one} />
      <h2 className="spaced">{say("casework.notes")}</h2>
      <Notes id={one.case_id} />
    </>
  );
}

function Rings({ one }: { one: Case }) {
  const { say, lang } = useWords();
  if (!one.rings.length) return <p className="quiet">{say("casework.rings_none")}</p>;
  return (
    <ul className="cards">
      {one.rings.map((ring) => (
        <li key={ring.ring_id} className={ring.became === "vanished" || ring.became === "split" || ring.became === "merged" ? "became" : ""}>
          <h3>
            {ring.became === "vanished" ? ring.kind_name : <Link to={address(["rings", ring.now.some((each) => each.ring_id === ring.ring_id) ? ring.ring_id : (ring.now[0]?.ring_id ?? ring.ring_id)])}>{ring.kind_name}</Link>} <span className="quiet">{ring.ring_id}</span>
          </h3>
          <p>
            {say("casework.ring_then", { patients: count(ring.patients, lang), money: money(ring.fund_amount, lang) })} · <span className="quiet">{dayThere(ring.linked_at)} <Person id={ring.linked_by} /></span>
          </p>
          <p>
            {say("casework.ring_became")}: <strong>{ring.became_name ?? say("casework.became_unknown")}</strong>
          </p>
          {ring.became && ring.became !== "unchanged" && ring.now.length ? (
            <p>
              {say("casework.ring_now")}{" "}
              {ring.now.map((each, i) => (
                <span key={each.ring_id}>
                  {i ? say("app.comma") : ""}
                  <Link to={address(["rings", each.ring_id])}>{say("casework.ring_now_one", { ring: each.ring_id, shared: each.shared })}</Link>
                </span>
              ))}
            </p>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function Notes({ id }: { id: string }) {
  const { say } = useWords();
  const path = { case_id: id };
  const { data, error } = useQuery({ queryKey: ["notes", id], staleTime: 0, refetchOnWindowFocus: true, queryFn: async () => (await asked(client.GET("/v1/cases/{case_id}/notes", { params: { path } }))).notes });
  const key = `${id} note`;
  const [text, setText] = useState(() => draft(key)?.values["text"] ?? "");
  const once = useOnce();
  const add = useMutation({
    mutationFn: () => asked(client.POST("/v1/cases/{case_id}/notes", { params: { path, header: { "Idempotency-Key": once.key(text) } }, body: { text } })),
    onSuccess: () => {
      once.answered();
      type("");
      void queries.invalidateQueries({ queryKey: ["notes", id] });
    },
  });
  function type(now: string): void {
    setText(now);
    if (now) keep(key, { seen: null, first: {}, values: { text: now } });
    else drop(key);
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (text.trim()) add.mutate();
  }
  return (
    <>
      {error ? <Wrong error={error} /> : null}
      {data?.length ? (
        <ol className="notes">
          {data.map((note) => (
            <li key={note.number}>
              <p className="quiet">
                {moment(note.at)} · <Person id={note.by} />
              </p>
              <p className="typed">{note.text}</p>
            </li>
          ))}
        </ol>
      ) : data ? (
        <p className="quiet">{say("casework.notes_none")}</p>
      ) : null}
      <form onSubmit={submit}>
        <label className="notelabel">
          {say("casework.note")} <span className="quiet">· {say("casework.note_how")}</span>
          <textarea rows={3} maxLength={10_000} value={text} onChange={(event) => type(event.target.value)} />
        </label>
        {add.error ? <Wrong error={add.error} /> : null}
        <button type="submit" disabled={!text.trim() || add.isPending}>
          {say("casework.note_add")}
        </button>
      </form>
    </>
  );
}
