import cytoscape, { type Core } from "cytoscape";
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef } from "react";

import { LOOKS, type EntityType } from "../look";
import { turn, usePlace } from "../place/use";
import { save } from "../saving";
import { useTheme } from "../shell/theme";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import { type Choice, type Reach, type RingData, called } from "./data";
import { NOTE_FIELD } from "./Note";
import { PictureButtons } from "./PictureButtons";
import { FIRST_TIES, WIDER, elementsOf, labelled, labels, scaleOf, styleOf, tieId, tiesOf } from "./drawn";
import type { Acting } from "./useView";
import { type Spot, hiddenOf, lookedAround, lookedAway, withOne } from "./view";

const STEP = 1.25; // of zooming
const MARGIN = 24;
const MANY = 1500; // lines that hide while the picture moves

const NUDGE = 20; // by which a key moves a sign

type Props = {
  /** The ring alone, and with what is around it. */
  data: RingData;
  whole: RingData;
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
  const theme = useTheme();
  const { params } = usePlace();
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Core>(null);
  const ties = useMemo(() => tiesOf(data), [data]);
  const asked = Number(params.get("ties") ?? Number.NaN);
  const shown = Math.min(Number.isInteger(asked) && asked >= 0 ? asked : FIRST_TIES, ties.length);
  const off = useMemo(() => new Set([...ties.slice(shown).map((tie) => tieId(tie.a, tie.b)), ...hiddenOf(view, whole)]), [ties, shown, view, whole]);
  const scale = useMemo(() => scaleOf(data), [data]);
  const member = choice?.kind === "member" ? choice.member : null;
  const mayLook = useMay("GET /v1/rings/{ring_id}/around");
  const now = useRef({ choose, pin, off });
  now.current = { choose, pin, off };
  const styled = useRef(theme);
  const there = useRef(new Set<string>()); // lines of the ring that came in so far: those of a large ring take seconds, and most are never asked for

  useEffect(() => {
    styled.current = document.documentElement.dataset["theme"] === "dark" ? "dark" : "light";
    const made = cytoscape({
      container: box.current,
      elements: elementsOf(data, scaleOf(data), now.current.off),
      layout: { name: "preset", fit: true, padding: MARGIN },
      style: styleOf(styled.current, scaleOf(data)),
      boxSelectionEnabled: false,
      userZoomingEnabled: false, // before it was clicked the wheel scrolls the page
      hideEdgesOnViewport: data.edges.length > MANY,
      minZoom: 0.05,
      maxZoom: 6,
    });
    made.on("tap", (event) => {
      made.userZoomingEnabled(true);
      const target = event.target;
      if (target === made) now.current.choose(null);
      else if (target.isNode()) now.current.choose({ kind: "member", member: target.id() });
      else now.current.choose({ kind: "tie", a: target.data("source"), b: target.data("target") });
    });
    made.on("dragfree", "node", (event) => now.current.pin(event.target.id()));
    made.one("render", () => performance.mark("ringfinder:graph"));
    drawn.current = made;
    there.current = new Set(made.edges().map((edge) => edge.id()));
    const watch = new ResizeObserver(() => {
      made.resize();
      made.fit(undefined, MARGIN);
    });
    watch.observe(box.current!);
    const moved = () => made.resize(); // what opened above it moved the picture: it has to know where it lies before it is dragged in
    const at = box.current!;
    at.addEventListener("pointerenter", moved);
    return () => {
      at.removeEventListener("pointerenter", moved);
      watch.disconnect();
      made.destroy();
    };
  }, [data]);

  useEffect(() => {
    if (theme === styled.current) return;
    styled.current = theme;
    drawn.current?.style(styleOf(theme, scaleOf(data)));
  }, [theme, data]);

  useEffect(() => {
    const made = drawn.current!;
    made.remove(".beyond");
    if (whole === data) return;
    const found = elementsOf(whole, scale).filter((one) => one.classes!.toString().includes("beyond"));
    made.add(found);
    made.fit(undefined, MARGIN);
  }, [data, whole, scale]);

  useEffect(() => {
    const made = drawn.current!;
    const said = labels(whole);
    made.batch(() => {
      for (const node of whole.nodes.values()) {
        const [key, sign] = [keys.get(node.member)!, made.getElementById(node.member)];
        const [x, y] = view.pins[key] ?? [node.x * WIDER, node.y];
        sign.position({ x, y });
        sign.toggleClass("pinned", key in view.pins);
        sign.data(labelled(said.get(node.member)!, view.notes[key], scale));
      }
    });
  }, [data, whole, keys, view.pins, view.notes, scale]);

  useEffect(() => {
    const made = drawn.current!;
    made.batch(() => {
      made.elements().forEach((one) => {
        one.toggleClass("off", off.has(one.id()));
      });
      const missing = elementsOf(data, scale, off).filter((one) => one.group === "edges" && !there.current.has(one.data.id!));
      made.add(missing);
      for (const one of missing) there.current.add(one.data.id!);
    });
  }, [data, whole, off, scale]);

  useEffect(() => {
    const made = drawn.current!;
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
  }, [data, whole, off, choice, reached]);

  /** Keep where a sign stands now, moved by so much. */
  function pin(one: string, [right, down]: Spot = [0, 0], tag?: string): void {
    const { x, y } = drawn.current!.getElementById(one).position();
    act({ ...view, pins: withOne(view.pins, keys.get(one)!, [Math.round(x + right), Math.round(y + down)]) }, tag ? { tag } : {});
  }

  function zoom(by: number): void {
    const made = drawn.current!;
    made.zoom({ level: made.zoom() * by, renderedPosition: { x: made.width() / 2, y: made.height() / 2 } });
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
      if (member) pin(member, move, `pin:${member}`);
    } else if (step) choose({ kind: "member", member: order[(at + step + order.length) % order.length]! });
    else if (event.key === "+" || event.key === "=") zoom(STEP);
    else if (event.key === "-") zoom(1 / STEP);
    else if (event.key === "0") drawn.current!.fit(undefined, MARGIN);
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
    const picture = await drawn.current!.png({ output: "blob-promise", full: true, scale: 2, bg: theme === "dark" ? "#14181d" : "#ffffff" });
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
          <PictureButtons data={whole} member={member} keys={keys} acting={acting} pin={pin} />
          <button type="button" onClick={() => zoom(STEP)} aria-label={say("app.closer")}>
            +
          </button>
          <button type="button" onClick={() => zoom(1 / STEP)} aria-label={say("app.wider")}>
            −
          </button>
          <button type="button" onClick={() => drawn.current!.fit(undefined, MARGIN)}>
            {say("app.whole")}
          </button>
          <button type="button" onClick={() => void keep()}>
            {say("app.save_picture")}
          </button>
        </div>
      </div>
      <div ref={box} className="canvas" tabIndex={0} role="application" aria-label={say("app.graph_how")} onKeyDown={key} />
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
