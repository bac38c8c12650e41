import { type FormEvent, useState } from "react";

import { Link, usePlace } from "../place/use";
import { address } from "../place/place";
import { useWho } from "../shell/who";
import { useWords } from "../words";
import { readViews, withView, writeViews } from "./views";
import "./words";

/** Views of a list that somebody kept: a click shows one, the form keeps what is shown now. */
export default function Views({ list, path }: { list: string; path: readonly string[] }) {
  const { say } = useWords();
  const me = useWho();
  const { params } = usePlace();
  const [views, setViews] = useState(() => readViews(me.user_id, list));
  const [name, setName] = useState<string | null>(null);
  const base = address(path);
  const at = address(path, params).slice(base.length);
  function put(next: typeof views): void {
    setViews(next);
    writeViews(me.user_id, list, next);
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    const given = name?.trim();
    if (given) put(withView(views, { name: given, at }));
    setName(null);
  }
  return (
    <nav className="views" aria-label={say("casework.views")}>
      {views.length ? <span className="quiet">{say("casework.views")}:</span> : null}
      {views.map((one) => (
        <span key={one.name}>
          <Link to={base + one.at} aria-current={one.at === at ? "true" : undefined}>
            {one.name}
          </Link>
          <button type="button" className="drop" aria-label={say("casework.view_drop", { name: one.name })} onClick={() => put(views.filter((each) => each.name !== one.name))}>
            ×
          </button>
        </span>
      ))}
      {name === null ? (
        <button type="button" className="plain" title={say("casework.views_note")} onClick={() => setName("")}>
          {say("casework.view_save")}
        </button>
      ) : (
        <form className="row" onSubmit={submit}>
          <label>
            <span className="hidden">{say("casework.view_name")}</span>
            <input autoFocus required maxLength={60} placeholder={say("casework.view_name")} value={name} onChange={(event) => setName(event.target.value)} />
          </label>
          <button type="submit">{say("casework.send")}</button>
        </form>
      )}
    </nav>
  );
}
