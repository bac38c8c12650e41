import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";

import { useSettled } from "../useSettled";
import { asked, client } from "../service/client";
import { useWords } from "../words";
import { useMay } from "../shell/who";
import type { EntityType } from "../look";
import { LEAST_SEARCHED, type Suggestion, chosenBy, fitting, meant, noId, shownAs } from "./known";

const PAUSE = 200; // milliseconds without a key after which facilities are looked for
const LONGER = 600; // and people: each look is counted as one at personal data
const MOST = 20;

type Props = {
  id: string;
  name: string;
  required?: boolean | undefined;
  describedBy: string | undefined;
  /** The id of who is meant. */
  value: string;
  /** Who may be meant; `facilities`: of those any other as well. */
  known: readonly Suggestion[];
  facilities: boolean;
  /** Others of this type are searched for by name, phone or number as on the page Search. */
  search?: EntityType | undefined;
  take: (id: string) => void;
};

/** A field in which somebody is told by name: what is typed narrows those who may be meant, arrows choose, Enter takes; an id may be typed as well.
 * A name or number that was typed and nobody chosen for is refused where anybody may be searched for: it would be kept as if it were an id. */
export function Picker({ id, name, required, describedBy, value, known, facilities, search, take }: Props) {
  const { say } = useWords();
  const [text, setText] = useState<string | null>(null); // what is typed; null while nobody types
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const wanted = useSettled(text ?? value, PAUSE);
  const { data: found = [] } = useQuery({
    queryKey: ["facilities", wanted],
    enabled: facilities,
    placeholderData: keepPreviousData,
    queryFn: async () => (await asked(client.POST("/v1/facilities:search", { body: { text: wanted, limit: MOST } }))).facilities.map((one): Suggestion => [one.facility_id, one.facility_name ?? one.facility_id]),
  });
  const [chosen, setChosen] = useState("");
  // After the field was left as well: whether it is an id has to be known before it is sent.
  const typed = (text ?? (value === chosen ? "" : value)).trim();
  const sought = useSettled(typed, LONGER);
  const maySearch = useMay("POST /v1/search");
  const searches = maySearch && search !== undefined;
  const { data: answer } = useQuery({
    queryKey: ["meant", sought],
    enabled: searches && sought.length >= LEAST_SEARCHED,
    queryFn: async () => (await asked(client.POST("/v1/search", { body: { text: sought } }))).found,
  });
  const searched = searches && answer ? meant(answer, search) : [];
  const all = [...searched, ...known, ...found.filter(([one]) => !known.some(([other]) => other === one))];
  // Who was searched for is shown masked: what was typed need not stand in it.
  const options = [...searched, ...fitting(all.filter((one) => !searched.includes(one)), text ?? "")].slice(0, MOST);
  const shown = text ?? shownAs(all, value);
  const looked = !searches ? [] : sought === typed ? (answer ?? null) : null;
  const refused = searches || facilities ? noId(chosenBy(all, typed), all.map(([one]) => one), search, looked) : null;
  const told = refused ? say(refused === "wait" ? "casework.pick_wait" : "casework.pick_refused") : "";
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current!.setCustomValidity(told), [told]);

  function type(now: string): void {
    setText(now);
    setOpen(true);
    setAt(-1);
    take(chosenBy(all, now));
  }
  function choose([one]: Suggestion): void {
    take(one);
    setChosen(one);
    setText(null);
    setOpen(false);
  }
  function leave(): void {
    if (text !== null) take(chosenBy(all, text));
    setText(null);
    setOpen(false);
  }
  function key(event: KeyboardEvent): void {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open) setOpen(true);
      const by = event.key === "ArrowDown" ? 1 : -1;
      if (options.length) setAt((Math.max(at, by > 0 ? -1 : 0) + by + options.length) % options.length);
    } else if (event.key === "Enter" && open && options[at]) choose(options[at]);
    else if (event.key === "Escape" && open) setOpen(false);
    else return;
    event.preventDefault();
  }
  const listed = open && options.length > 0;
  return (
    <div className="picker">
      <input
        ref={input}
        id={id}
        name={name}
        required={required}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={listed}
        aria-controls={`${id}-list`}
        aria-activedescendant={listed && at >= 0 ? `${id}-${at}` : undefined}
        aria-describedby={told && text === null ? `${id}-told` : describedBy}
        aria-invalid={(told && text === null) || undefined}
        autoComplete="off"
        maxLength={200}
        value={shown}
        onChange={(event) => type(event.target.value)}
        onKeyDown={key}
        onFocus={(event) => event.target.select()}
        onClick={() => setOpen(true)}
        onBlur={leave}
      />
      <ul id={`${id}-list`} role="listbox" aria-label={say("casework.pick")} hidden={!listed}>
        {options.map((option, i) => (
          <li key={option[0]} id={`${id}-${i}`} role="option" aria-selected={i === at} onMouseDown={(event) => (event.preventDefault(), choose(option))}>
            {option[1]} {option[1] === option[0] ? null : <span className="quiet">{option[0]}</span>}
          </li>
        ))}
      </ul>
      {told && text === null ? (
        <p id={`${id}-told`} className="wrong">
          {told}
        </p>
      ) : null}
    </div>
  );
}
