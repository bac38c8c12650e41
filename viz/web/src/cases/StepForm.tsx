import { type FormEvent, useState } from "react";

import { Wrong } from "../shell/Told";
import { useOpened } from "../shell/focus";
import { useWords } from "../words";
import { Conflict } from "./Conflict";
import { type Field, Fields } from "./Fields";
import { type Draft, type Values, draft, drop, keep, typed } from "./drafts";
import { type Headers, useStep } from "./queries";
import type { Case } from "./steps";

type Props = {
  one: Case;
  name: string;
  title: string;
  first: Values;
  fields: (values: Values) => readonly Field[];
  send: (values: Values, headers: Headers, first: Values) => Promise<Case>;
  done: () => void;
  note?: string;
};

/** A step that is asked for with a form. What was typed stays until it went through, whatever happens in between. */
export function StepForm({ one, name, title, first, fields, send, done, note }: Props) {
  const { say } = useWords();
  const key = `${one.case_id} ${name}`;
  const [{ seen, first: began, values }, setDraft] = useState(() => draft(key) ?? { seen: one, first, values: first });
  const { run, pending, error, meanwhile } = useStep(one.case_id);
  const opened = useOpened(done);
  const begun = seen ?? one;
  function put(next: Draft): void {
    setDraft(next);
    if (typed(next.values, next.first)) keep(key, next);
    else drop(key);
  }
  const type = (field: string, value: string) => put({ seen, first: began, values: { ...values, [field]: value } });
  async function go(against: Case): Promise<void> {
    try {
      await run({ seen: against, content: JSON.stringify([name, values]), send: (headers) => send(values, headers, began) });
    } catch {
      return; // it is told below
    }
    drop(key);
    done();
  }
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    void go(begun);
  }
  function nevertheless(): void {
    if (!meanwhile) return;
    put({ seen: meanwhile.now, first: began, values });
    void go(meanwhile.now);
  }
  return (
    <form className="stepform" onSubmit={submit} aria-label={title} ref={opened.box} onKeyDown={opened.onKeyDown}>
      <h3>{title}</h3>
      {note ? <p className="quiet">{note}</p> : null}
      <Fields fields={fields(values)} values={values} type={type} />
      {meanwhile ? (
        <Conflict {...meanwhile} values={values} take={type}>
          <button type="button" className="first" disabled={pending} onClick={nevertheless}>
            {say("casework.conflict_send")}
          </button>
        </Conflict>
      ) : null}
      {error ? (
        <>
          <Wrong error={error} />
          <p className="quiet">{say("casework.unsent")}</p>
        </>
      ) : null}
      <p className="row">
        {meanwhile ? null : (
          <button type="submit" className="first" disabled={pending}>
            {pending ? say("casework.sending") : say("casework.send")}
          </button>
        )}
        <button
          type="button"
          onClick={() => {
            drop(key);
            done();
          }}
        >
          {say("casework.cancel")}
        </button>
      </p>
    </form>
  );
}
