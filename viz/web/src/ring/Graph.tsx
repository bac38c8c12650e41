import type { Core } from "cytoscape";
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import { LOOKS, type EntityType } from "../look";
import { turn, usePlace } from "../place/use";
import { save } from "../saving";
import { shownTheme, useTheme } from "../shell/theme";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import { type Choice, type Picture, type Reach, called } from "./data";
import { NOTE_FIELD } from "./Note";
import { PictureButtons } from "./PictureButtons";
import { FIRST_TIES, inks, joinsOf, scaleOf, shownLines, signsOf, styleOf, tieId, tiesOf } from "./drawn";
import { living } from "./living";
import { MARGIN, frameOf, sketch } from "./sketch";
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
  /** Whether the ring's other large answer has come: what takes long here does not stand in its way. */
  calm: boolean;
};

const NONE: ReadonlySet<string> = new Set();
// The library is on its way while the answers are.
const library = import("cytoscape");

/**
 * Who is joined to whom. The slider brings lines between people in by strength; what is hidden and looked around stands in the address, so
 * that back brings it back; what is pinned or annotated stays in this browser.
 */
export function Graph({ data, whole, choice, reached, choose, keys, acting, left, told, calm }: Props) {
  const { say, word } = useWords();
  const { view, act } = acting;
  const theme = useTheme();
  const { params } = usePlace();
  const box = useRef<HTMLDivElement>(null);
  const first = useRef<HTMLCanvasElement>(null);
  const [made, setMade] = useState<Core | null>(null);
  const ties = useMemo(() => tiesOf(data), [data]);
  const asked = Number(params.get("ties") ?? Number.NaN);
  const shown = Math.min(Number.isInteger(asked) && asked >= 0 ? asked : FIRST_TIES, ties.length);
  const line = choice?.kind === "tie" ? tieId(choice.a, choice.b) : null; // shown whatever its strength
  const off = useMemo(() => new Set([...ties.slice(shown).map((tie) => tieId(tie.a, tie.b)), ...hiddenOf(view, whole)].filter((one) => one !== line)), [ties, shown, view, whole, line]);
  const scale = useMemo(() => scaleOf(data), [data]);
  const member = choice?.kind === "member" ? choice.member : null;
  const mayLook = useMay("GET /v1/rings/{ring_id}/around");
  const now = useRef({ choose, pin, off, keys, view });
  now.current = { choose, pin, off, keys, view };
  const styled = useRef(theme);
  const there = useRef(new Set<string>()); // lines of the ring that came in so far: those of a large ring take seconds, and most are never asked for
  const marked = useRef(false); // whether something is shown as chosen

  useLayoutEffect(() => {
    const [at, sheet, sharp] = [box.current!, first.current!, devicePixelRatio || 1];
    [sheet.width, sheet.height, sheet.hidden] = [at.clientWidth * sharp, at.clientHeight * sharp, false];
    const pen = sheet.getContext("2d")!;
    pen.scale(sharp, sharp);
    const all = { data, scale, off: now.current.off, keys: now.current.keys, kept: now.current.view };
    sketch(pen, all, frameOf(all, at.clientWidth, at.clientHeight, MARGIN), shownTheme());
    performance.mark("ringfinder:graph");
  }, [data, scale]);

  useEffect(() => {
    if (!calm) return;
    let [gone, end] = [false, () => {}];
    const wait = setTimeout(() => void library.then((found) => gone || (end = live(found.default)))); // after the timeline is drawn
    return () => {
      gone = true;
      clearTimeout(wait);
      end();
    };
  }, [data, scale, calm]);

  /** The picture that answers to the hand, in the place of the first; how it ends. */
  function live(cytoscape: typeof import("cytoscape")): () => void {
    styled.current = shownTheme();
    const all = { data, scale, off: now.current.off, keys: now.current.keys, kept: now.current.view };
    const [begun, end] = living(cytoscape, box.current!, all, styled.current, {
      choose: (choice) => now.current.choose(choice),
      pin: (one) => now.current.pin(one),
      drawn: () => {
        first.current!.hidden = true;
        performance.mark("ringfinder:alive");
      },
    });
    there.current = new Set(shownLines(data, all.off).map((edge) => tieId(edge.a, edge.b)));
    marked.current = false;
    setMade(begun);
    return () => {
      end();
      setMade(null);
    };
  }

  /** The picture that answers, where it is there: when the data change it ends before another begins. */
  const alive = (): Core | null => (made?.destroyed() ? null : made);

  useEffect(() => {
    const made = alive();
    if (!made || theme === styled.current) return;
    styled.current = theme;
    made.style(styleOf(theme, scale));
  }, [made, theme, scale]);

  useEffect(() => {
    const made = alive();
    if (!made) return;
    made.remove(".beyond");
    if (whole === data) return;
    const { keys, view } = now.current;
    const found = [...signsOf(whole, scale, NONE, keys, view), ...joinsOf(whole, whole.edges)];
    made.add(found.filter((one) => one.classes!.toString().includes("beyond")));
    made.fit(undefined, MARGIN);
  }, [made, data, whole, scale]);

  useEffect(() => {
    const made = alive();
    made?.batch(() => {
      for (const one of signsOf(whole, scale, NONE, keys, view)) {
        const sign = made.getElementById(one.data.id!);
        const { x, y } = sign.position();
        if (x !== one.position!.x || y !== one.position!.y) sign.position(one.position!);
        if (sign.data("label") !== one.data["label"]) sign.data(one.data);
        sign.toggleClass("pinned", one.classes!.toString().includes("pinned"));
      }
    });
  }, [made, whole, keys, view, scale]);

  useEffect(() => {
    const made = alive();
    made?.batch(() => {
      made.elements().forEach((one) => {
        if (one.hasClass("off") !== off.has(one.id())) one.toggleClass("off");
      });
      const missing = shownLines(data, off).filter((edge) => !there.current.has(tieId(edge.a, edge.b)));
      made.add(joinsOf(data, missing));
      for (const edge of missing) there.current.add(tieId(edge.a, edge.b));
    });
  }, [made, data, whole, off]);

  useEffect(() => {
    const made = alive();
    if (!made || (!choice && !marked.current)) return;
    marked.current = choice !== null;
    made.batch(() => {
      made.elements().removeClass("faded chosen");
      if (!choice || !reached) return;
      if (choice.kind === "member") {
        const node = made.getElementById(choice.member);
        node.addClass("chosen");
        node.connectedEdges().addClass("chosen");
        made.elements().difference(node.closedNeighborhood()).addClass("faded");
        return;
      }
      made.nodes().forEach((node) => {
        node.addClass(reached.members.has(node.id()) ? "chosen" : "faded");
      });
      made.edges().forEach((edge) => {
        const inside = choice.kind === "tie" ? edge.id() === tieId(choice.a, choice.b) : reached.members.has(edge.data("source")) && reached.members.has(edge.data("target"));
        edge.addClass(inside ? "chosen" : "faded");
      });
    });
  }, [made, whole, off, choice, reached]);

  /** Keep where a sign stands now, moved by so much. */
  function pin(one: string, [right, down]: Spot = [0, 0], tag?: string): void {
    const { x, y } = made!.getElementById(one).position();
    act({ ...view, pins: withOne(view.pins, keys.get(one)!, [Math.round(x + right), Math.round(y + down)]) }, tag ? { tag } : {});
  }

  function zoom(by: number): void {
    made?.zoom({ level: made.zoom() * by, renderedPosition: { x: made.width() / 2, y: made.height() / 2 } });
  }

  function key(event: KeyboardEvent): void {
    const order = [...whole.nodes.keys()];
    const at = choice?.kind === "member" ? order.indexOf(choice.member) : -1;
    const moves: Record<string, Spot> = { ArrowRight: [NUDGE, 0], ArrowLeft: [-NUDGE, 0], ArrowUp: [0, -NUDGE], ArrowDown: [0, NUDGE] };
    const [move, letter] = [moves[event.key], event.key.toLowerCase()];
    const step = move ? Math.sign(move[0] + move[1]) : 0;
    if ((event.ctrlKey || event.metaKey) && letter === "z") (event.shiftKey ? acting.redo : acting.undo)?.();
    else if ((event.ctrlKey || event.metaKey) && letter === "y") acting.redo?.();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (move && event.shiftKey) {
      if (member && made) pin(member, move, `pin:${member}`);
    } else if (step) choose({ kind: "member", member: order[(at + step + order.length) % order.length]! });
    else if (event.key === "+" || event.key === "=") zoom(STEP);
    else if (event.key === "-") zoom(1 / STEP);
    else if (event.key === "0") made?.fit(undefined, MARGIN);
    else if (event.key === "Escape") choose(null);
    else if (member && letter === "h") act({ ...view, hide: [...view.hide, member] }, { pick: "" });
    else if (member && letter === "e" && mayLook) act(view.around.includes(member) ? lookedAway(view, member) : lookedAround(view, member));
    else if (member && letter === "p" && view.pins[keys.get(member)!]) act({ ...view, pins: withOne(view.pins, keys.get(member)!, null) });
    else if (member && made && letter === "p") pin(member);
    else if (member && letter === "n") document.getElementById(NOTE_FIELD)?.focus();
    else return;
    event.preventDefault();
  }

  async function keep(): Promise<void> {
    const picture = await made!.png({ output: "blob-promise", full: true, scale: 2, bg: inks(theme).paper });
    save(picture, "ring.png");
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
          <PictureButtons data={whole} member={member} keys={keys} acting={acting} pin={made ? pin : null} />
          <button type="button" onClick={() => zoom(STEP)} aria-label={say("app.closer")}>
            +
          </button>
          <button type="button" onClick={() => zoom(1 / STEP)} aria-label={say("app.wider")}>
            −
          </button>
          <button type="button" onClick={() => made?.fit(undefined, MARGIN)}>
            {say("app.whole")}
          </button>
          <button type="button" disabled={!made} onClick={() => void keep()}>
            {say("app.save_picture")}
          </button>
        </div>
      </div>
      <div className="picture">
        <canvas ref={first} className="sketch" aria-hidden="true" />
        <div ref={box} className="canvas" tabIndex={0} role="application" aria-label={say("app.graph_how")} onKeyDown={key} />
      </div>
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
