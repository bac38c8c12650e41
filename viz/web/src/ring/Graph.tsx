import { type KeyboardEvent, type ReactNode, useMemo, useRef } from "react";

import { LOOKS, type EntityType } from "../look";
import { turn, usePlace } from "../place/use";
import { save } from "../saving";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import { Canvas, type Grip } from "./Canvas";
import { type Choice, type Picture, type Reach, called } from "./data";
import { NOTE_FIELD } from "./Note";
import { PictureButtons } from "./PictureButtons";
import { FIRST_TIES, linesOf, litOf, scaleOf, signsOf, tieId, tiesOf } from "./drawn";
import type { Acting } from "./useView";
import { type Spot, hiddenOf, lookedAround, lookedAway, withOne } from "./view";

const STEP = 1.25; // of zooming
const NUDGE = 20; // by which a key moves a sign

type Props = {
  /** The ring alone, and with what is around it. */
  data: Picture;
  whole: Picture;
  choice: Choice | null;
  reached: Reach | null;
  choose: (choice: Choice | null) => void;
  keys: ReadonlyMap<string, string>;
  acting: Acting;
  left: Readonly<Record<string, number>>;
  /** What is being looked for or went wrong around the ring. */
  told: ReactNode;
};

/**
 * Who is joined to whom. The slider brings lines between people in by strength; what is hidden and looked around stands in the address, so
 * that back brings it back; what is pinned or annotated stays in this browser.
 */
export function Graph({ data, whole, choice, reached, choose, keys, acting, left, told }: Props) {
  const { say, word } = useWords();
  const { view, act } = acting;
  const { params } = usePlace();
  const grip = useRef<Grip>(null);
  const ties = useMemo(() => tiesOf(data), [data]);
  const asked = Number(params.get("ties") ?? Number.NaN);
  const shown = Math.min(Number.isInteger(asked) && asked >= 0 ? asked : FIRST_TIES, ties.length);
  const line = choice?.kind === "tie" ? tieId(choice.a, choice.b) : null; // shown whatever its strength
  const off = useMemo(() => new Set([...ties.slice(shown).map((tie) => tieId(tie.a, tie.b)), ...hiddenOf(view, whole)].filter((one) => one !== line)), [ties, shown, view, whole, line]);
  const scale = useMemo(() => scaleOf(data), [data]);
  const member = choice?.kind === "member" ? choice.member : null;
  const mayLook = useMay("GET /v1/rings/{ring_id}/around");
  const signs = useMemo(() => signsOf({ data: whole, scale, off, keys, kept: view }), [whole, scale, off, keys, view]);
  const lines = useMemo(() => linesOf(whole, signs, off), [whole, signs, off]);
  const lit = useMemo(() => litOf(choice, reached, lines), [choice, reached, lines]);

  /** Keep where a sign stands. */
  function put(one: string, [x, y]: Spot, tag?: string): void {
    act({ ...view, pins: withOne(view.pins, keys.get(one)!, [Math.round(x), Math.round(y)]) }, tag ? { tag } : {});
  }

  /** The same where it stands now, moved by so much. */
  function pin(one: string, [right, down]: Spot = [0, 0], tag?: string): void {
    const sign = signs.find(({ node }) => node.member === one);
    if (sign) put(one, [sign.spot[0] + right, sign.spot[1] + down], tag);
  }

  function key(event: KeyboardEvent): void {
    const order = [...whole.nodes.keys()].filter((one) => !off.has(one));
    const at = choice?.kind === "member" ? order.indexOf(choice.member) : -1;
    const moves: Record<string, Spot> = { ArrowRight: [NUDGE, 0], ArrowLeft: [-NUDGE, 0], ArrowUp: [0, -NUDGE], ArrowDown: [0, NUDGE] };
    const [move, letter] = [moves[event.key], event.key.toLowerCase()];
    const step = move ? Math.sign(move[0] + move[1]) : 0;
    if ((event.ctrlKey || event.metaKey) && letter === "z") (event.shiftKey ? acting.redo : acting.undo)?.();
    else if ((event.ctrlKey || event.metaKey) && letter === "y") acting.redo?.();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (move && event.shiftKey) {
      if (member) pin(member, move, `pin:${member}`);
    } else if (step) choose({ kind: "member", member: order[(at + step + order.length) % order.length]! });
    else if (event.key === "+" || event.key === "=") grip.current?.zoom(STEP);
    else if (event.key === "-") grip.current?.zoom(1 / STEP);
    else if (event.key === "0") grip.current?.fit();
    else if (event.key === "Escape") choose(null);
    else if (member && letter === "h") act({ ...view, hide: [...view.hide, member] }, { pick: "" });
    else if (member && letter === "e" && mayLook) act(view.around.includes(member) ? lookedAway(view, member) : lookedAround(view, member));
    else if (member && letter === "p" && view.pins[keys.get(member)!]) act({ ...view, pins: withOne(view.pins, keys.get(member)!, null) });
    else if (member && letter === "p") pin(member);
    else if (member && letter === "n") document.getElementById(NOTE_FIELD)?.focus();
    else return;
    event.preventDefault();
  }

  async function keep(): Promise<void> {
    const picture = await grip.current?.saved();
    if (picture) save(picture, "ring.png");
  }

  const kinds = [...new Set([...whole.nodes.values()].map((node) => node.entity_type as EntityType))];
  const lone = [...data.nodes.values()].some((node) => node.role === null);
  return (
    <section className="pane graph" aria-label={say("app.graph")}>
      <div className="panehead">
        <h2>{say("app.graph")}</h2>
        {ties.length ? (
          <label className="slider">
            <span>{say("app.ties_shown", { shown, all: ties.length })}</span>
            <input type="range" min={0} max={ties.length} value={shown} onChange={(event) => turn({ ties: event.target.value }, true)} />
          </label>
        ) : null}
        <div className="buttons">
          <PictureButtons data={whole} member={member} keys={keys} acting={acting} pin={pin} />
          <button type="button" onClick={() => grip.current?.zoom(STEP)} aria-label={say("app.closer")}>
            +
          </button>
          <button type="button" onClick={() => grip.current?.zoom(1 / STEP)} aria-label={say("app.wider")}>
            −
          </button>
          <button type="button" onClick={() => grip.current?.fit()}>
            {say("app.whole")}
          </button>
          <button type="button" onClick={() => void keep()}>
            {say("app.save_picture")}
          </button>
        </div>
      </div>
      <Canvas signs={signs} lines={lines} lit={lit} whole={whole} label={say("app.graph_how")} choose={choose} pin={put} onKey={key} grip={grip} />
      {told}
      {view.around.filter((one) => left[one] && whole.nodes.has(one)).map((one) => (
        <p key={one} className="quiet">
          {say("app.around_left", { name: called(whole.nodes.get(one)!), count: left[one]! })}
        </p>
      ))}
      <ul className="legend">
        {kinds.map((kind) => (
          <li key={kind}>
            <span style={{ color: LOOKS[kind].fill }} aria-hidden="true">
              {LOOKS[kind].sign}
            </span>{" "}
            {word("kinds", kind)}
          </li>
        ))}
        {lone ? <li>▭ {say("app.legend_place")}</li> : null}
        {whole === data ? null : <li>◌ {say("app.legend_beyond")}</li>}
        {[...keys.values()].some((key) => key in view.pins) ? <li>◎ {say("app.legend_pinned")}</li> : null}
        {ties.length ? <li>┄ {say("app.legend_tie")}</li> : null}
      </ul>
    </section>
  );
}
