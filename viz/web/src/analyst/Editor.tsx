import { type KeyboardEvent, useLayoutEffect, useRef, useState } from "react";

import { useWords } from "../words";
import { type Completions, type Option, type Query, completions } from "./completing";
import { painted } from "./painting";

type Props = {
  value: string;
  change: (value: string) => void;
  queries: readonly Query[];
  /** What stands in place of a question's name. */
  unfold: (name: string) => Promise<string>;
  ask: () => void;
};
type Open = Completions & { at: number; left: number; top: number };

/**
 * A statement, its parts told apart by colour, with what could be meant below the caret. The field is as high as what is painted behind it. It opens while one types, or by Ctrl and Space; arrows choose, Enter or Tab take,
 * Escape closes, so that Tab leaves the field again.
 */
export function Editor({ value, change, queries, unfold, ask }: Props) {
  const { say } = useWords();
  const field = useRef<HTMLTextAreaElement>(null);
  const mirror = useRef<HTMLPreElement>(null);
  const caret = useRef<number>(null);
  const [open, setOpen] = useState<Open | null>(null);

  useLayoutEffect(() => {
    if (caret.current === null) return;
    field.current!.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [value]);

  function look(text: string, at: number, forced = false): void {
    const found = completions(text, at, queries, forced);
    setOpen(found && { ...found, at: 0, ...spot(found.from) });
  }

  /** Where a place in the text stands, by a copy of the text in the same lines. */
  function spot(at: number): { left: number; top: number } {
    const [copy, box] = [mirror.current!, field.current!];
    copy.textContent = box.value.slice(0, at);
    const mark = copy.appendChild(document.createElement("span"));
    mark.textContent = "\u200b";
    return { left: Math.min(mark.offsetLeft, Math.max(0, box.clientWidth - LIST)), top: mark.offsetTop + mark.offsetHeight };
  }

  async function take(option: Option): Promise<void> {
    const { from } = open!;
    setOpen(null);
    const end = field.current!.selectionEnd;
    const text = option.kind === "query" ? await unfold(option.text) : option.text;
    caret.current = from + text.length;
    change(value.slice(0, from) + text + value.slice(end));
    field.current!.focus();
  }

  function key(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      setOpen(null);
      ask();
      return;
    }
    if (event.key === " " && event.ctrlKey) look(value, event.currentTarget.selectionEnd, true);
    else if (!open) return;
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const by = event.key === "ArrowDown" ? 1 : -1;
      setOpen({ ...open, at: (open.at + by + open.options.length) % open.options.length });
    } else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) void take(open.options[open.at]!);
    else if (event.key === "Escape") setOpen(null);
    else {
      if (MOVES.has(event.key)) setOpen(null);
      return;
    }
    event.preventDefault();
  }

  return (
    <div className="editor">
      <div className="sheet">
        <pre ref={mirror} className="mirror" aria-hidden="true" />
        <pre className="painted" aria-hidden="true">
          {painted(value).map((part, i) => (
            <span key={i} className={part.paint}>
              {part.text}
            </span>
          ))}
          {"\n"}
        </pre>
        <textarea
          ref={field}
          spellCheck={false}
          autoComplete="off"
          aria-label={say("app.statement")}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={open ? "completions" : undefined}
          aria-activedescendant={open ? `completion-${open.at}` : undefined}
          aria-describedby="completing-how"
          value={value}
          onChange={(event) => {
            change(event.target.value);
            look(event.target.value, event.target.selectionEnd);
          }}
          onKeyDown={key}
          onBlur={() => setOpen(null)}
          onClick={() => setOpen(null)}
        />
      </div>
      {open ? (
        <ul id="completions" role="listbox" aria-label={say("app.completions")} style={{ left: open.left, top: open.top }}>
          {open.options.map((option, i) => (
            <li key={`${option.kind} ${option.text}`} id={`completion-${i}`} role="option" aria-selected={i === open.at} onMouseDown={(event) => (event.preventDefault(), void take(option))}>
              <span>{option.text}</span> <span className="quiet">{option.detail || say(`app.completion_${option.kind}`)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      <p id="completing-how" className="quiet">
        {say("app.completing_how")}
      </p>
    </div>
  );
}

const LIST = 340; // pixels that a list is wide at most
const MOVES = new Set(["ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"]);
