import { type FormEvent, useState } from "react";

import { useWords } from "../words";
import type { Acting } from "./useView";
import { LONGEST_NOTE, withOne } from "./view";

export const NOTE_FIELD = "note-of-member";

/** A short note on who is chosen: kept in this browser, shown in the picture, never sent. */
export function Note({ name, acting }: { name: string; acting: Acting }) {
  const { say } = useWords();
  const { view, act } = acting;
  const kept = view.notes[name] ?? "";
  const [typed, setTyped] = useState(kept);
  function submit(event: FormEvent): void {
    event.preventDefault();
    const note = typed.trim();
    setTyped(note);
    if (note !== kept) act({ ...view, notes: withOne(view.notes, name, note || null) });
  }
  return (
    <form className="note" onSubmit={submit}>
      <label htmlFor={NOTE_FIELD}>{say("app.note")}</label>
      <div className="row">
        <input id={NOTE_FIELD} className="grow" maxLength={LONGEST_NOTE} value={typed} aria-describedby="note-where" onChange={(event) => setTyped(event.target.value)} />
        <button type="submit" disabled={typed.trim() === kept}>
          {say("app.note_keep")}
        </button>
      </div>
      <p id="note-where" className="quiet">
        {say("app.note_where")}
      </p>
    </form>
  );
}
