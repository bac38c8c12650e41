import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useState } from "react";

import { Refused } from "../service/client";
import { Wrong } from "../shell/Told";
import { useOpened } from "../shell/focus";
import { useWords } from "../words";
import { type Field, Fields } from "./Fields";
import { type Values, draft, drop, keep } from "./drafts";
import { useOnce } from "./queries";

/** A form of its own, beside the steps of a case: what was typed stays until it went through. `work` gets a key for what is sent; `failed`
 * is called where only a part of it may have gone through. */
export function useQuickForm<Done>(key: string, first: Values, work: (values: Values, key: string) => Promise<Done>, done: (now: Done) => void, failed?: () => void) {
  const [values, setValues] = useState(() => draft(key)?.values ?? first);
  const once = useOnce();
  const send = useMutation({
    mutationFn: () => work(values, once.key(JSON.stringify(values))),
    onSuccess: (now) => {
      once.answered();
      drop(key);
      setValues(first);
      done(now);
    },
    onError: (error) => {
      if (error instanceof Refused) once.answered();
      failed?.();
    },
  });
  function type(name: string, value: string): void {
    const next = { ...values, [name]: value };
    setValues(next);
    keep(key, { seen: null, first, values: next });
  }
  const forget = () => drop(key);
  return { values, type, send, forget };
}

type Props = { title: string; note?: ReactNode; fields: readonly Field[]; form: Pick<ReturnType<typeof useQuickForm>, "values" | "type" | "forget"> & { send: { mutate: () => void; isPending: boolean; error: Error | null } }; go: string; cancel: () => void };

export function QuickForm({ title, note, fields, form, go, cancel }: Props) {
  const { say } = useWords();
  const opened = useOpened(cancel);
  function submit(event: FormEvent): void {
    event.preventDefault();
    form.send.mutate();
  }
  return (
    <form className="stepform" aria-label={title} onSubmit={submit} ref={opened.box} onKeyDown={opened.onKeyDown}>
      {note ? <p className="quiet">{note}</p> : null}
      <Fields fields={fields} values={form.values} type={form.type} />
      {form.send.error ? (
        <>
          <Wrong error={form.send.error} />
          <p className="quiet">{say("casework.unsent")}</p>
        </>
      ) : null}
      <p className="row">
        <button type="submit" className="first" disabled={form.send.isPending}>
          {form.send.isPending ? say("casework.sending") : go}
        </button>
        <button
          type="button"
          onClick={() => {
            form.forget();
            cancel();
          }}
        >
          {say("casework.cancel")}
        </button>
      </p>
    </form>
  );
}
