import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { LOOKS, type EntityType } from "../look";
import { address } from "../place/place";
import { Link, go } from "../place/use";
import { type Shapes, asked, client } from "../service/client";
import { Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";
import { InRings } from "./InRings";

const RING = /^R[0-9A-F]{6,}$/i;
// What was typed may be a phone or a name: it stays in this page's memory and never comes into an address.
let kept = "";
let answered: Shapes["SearchAnswer"] | undefined;

/** Who is meant by an id, a name, a phone or an account. */
export default function Search() {
  const { say } = useWords();
  const [text, setText] = useState(kept);
  const search = useMutation({
    mutationFn: (wanted: string) => asked(client.POST("/v1/search", { body: { text: wanted } })),
    onSuccess: (found) => {
      answered = found;
    },
  });
  function ask(event: FormEvent): void {
    event.preventDefault();
    const wanted = text.trim();
    kept = wanted;
    if (RING.test(wanted)) go(address(["rings", wanted.toUpperCase()]));
    else if (wanted.length > 1) search.mutate(wanted);
  }
  const found = search.data ?? (search.isIdle && text === kept ? answered : undefined);
  return (
    <section className="search">
      <h1>{say("app.nav_search")}</h1>
      <form onSubmit={ask} role="search" className="row">
        <label className="grow">
          <span className="hidden">{say("app.search_label")}</span>
          <input autoFocus autoComplete="off" value={text} minLength={2} onChange={(event) => setText(event.target.value)} placeholder={say("app.search_label")} />
        </label>
        <button type="submit" className="first">
          {say("app.search_go")}
        </button>
      </form>
      <p className="quiet">{say("app.search_note")}</p>
      {search.isPending ? <Waiting /> : null}
      {search.error ? <Wrong error={search.error} /> : null}
      {found && !search.isPending ? (
        <>
          <p role="status">{found.found.length ? say(found.cut ? "app.search_cut" : "app.search_found", { count: found.found.length }) : say("app.search_none")}</p>
          <ul className="cards">
            {found.found.map((one, i) => (
              <Found key={i} one={one} />
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}

function Found({ one }: { one: Shapes["FoundEntity"] }) {
  const { say, word } = useWords();
  const look = LOOKS[one.entity_type as EntityType];
  const title = one.name ?? one.entity_id;
  return (
    <li>
      <h2>
        <span style={{ color: look.fill }} aria-hidden="true">
          {look.sign}
        </span>{" "}
        <span className="quiet">{word("kinds", one.entity_type)}</span> {one.entity_id.includes("*") ? title : <Link to={address(["entity", one.entity_type, one.entity_id])}>{title}</Link>}{" "}
        {one.name ? <span className="quiet">{one.entity_id}</span> : null}
      </h2>
      <p className="quiet">{say(`app.matched_${one.matched}`)}</p>
      <InRings rings={one.rings} />
    </li>
  );
}
