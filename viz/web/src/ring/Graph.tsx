import cytoscape, { type Core } from "cytoscape";
import { type KeyboardEvent, useEffect, useMemo, useRef } from "react";

import { LOOKS, type EntityType } from "../look";
import { turn, usePlace } from "../place/use";
import { save } from "../saving";
import { useTheme } from "../shell/theme";
import { useWords } from "../words";
import type { Choice, Reach, RingData } from "./data";
import { FIRST_TIES, elementsOf, scaleOf, styleOf, tieId, tiesOf } from "./drawn";

const STEP = 1.25; // of zooming
const MARGIN = 24;
const MANY = 1500; // lines that hide while the picture moves

type Props = { data: RingData; choice: Choice | null; reached: Reach | null; choose: (choice: Choice | null) => void };

/** Who is joined to whom. The slider brings lines between people in by strength; what is hidden stands in the address, so that back brings it back. */
export function Graph({ data, choice, reached, choose }: Props) {
  const { say, word } = useWords();
  const theme = useTheme();
  const { params } = usePlace();
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Core>(null);
  const ties = useMemo(() => tiesOf(data), [data]);
  const asked = Number(params.get("ties") ?? Number.NaN);
  const shown = Math.min(Number.isInteger(asked) && asked >= 0 ? asked : FIRST_TIES, ties.length);
  const hidden = useMemo(() => (params.get("hide") ?? "").split(",").filter((one) => data.nodes.has(one)), [params, data]);
  const chooseNow = useRef(choose);
  chooseNow.current = choose;

  useEffect(() => {
    const made = cytoscape({
      container: box.current,
      elements: elementsOf(data),
      layout: { name: "preset", fit: true, padding: MARGIN },
      style: styleOf(document.documentElement.dataset["theme"] === "dark" ? "dark" : "light", scaleOf(data)),
      autoungrabify: true,
      boxSelectionEnabled: false,
      userZoomingEnabled: false, // before it was clicked the wheel scrolls the page
      hideEdgesOnViewport: data.edges.length > MANY,
      minZoom: 0.05,
      maxZoom: 6,
    });
    made.on("tap", (event) => {
      made.userZoomingEnabled(true);
      const target = event.target;
      if (target === made) chooseNow.current(null);
      else if (target.isNode()) chooseNow.current({ kind: "member", member: target.id() });
      else chooseNow.current({ kind: "tie", a: target.data("source"), b: target.data("target") });
    });
    made.one("render", () => performance.mark("ringfinder:graph"));
    drawn.current = made;
    const watch = new ResizeObserver(() => {
      made.resize();
      made.fit(undefined, MARGIN);
    });
    watch.observe(box.current!);
    return () => {
      watch.disconnect();
      made.destroy();
    };
  }, [data]);

  useEffect(() => {
    drawn.current?.style(styleOf(theme, scaleOf(data)));
  }, [theme, data]);

  useEffect(() => {
    const made = drawn.current!;
    made.batch(() => {
      made.elements().removeClass("off");
      for (const tie of ties.slice(shown)) made.getElementById(tieId(tie.a, tie.b)).addClass("off");
      for (const one of hidden) made.getElementById(one).addClass("off");
    });
  }, [data, ties, shown, hidden]);

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
  }, [data, choice, reached]);

  function zoom(by: number): void {
    const made = drawn.current!;
    made.zoom({ level: made.zoom() * by, renderedPosition: { x: made.width() / 2, y: made.height() / 2 } });
  }

  function key(event: KeyboardEvent): void {
    const order = [...data.nodes.keys()];
    const at = choice?.kind === "member" ? order.indexOf(choice.member) : -1;
    const step = event.key === "ArrowRight" || event.key === "ArrowDown" ? 1 : event.key === "ArrowLeft" || event.key === "ArrowUp" ? -1 : 0;
    if (step) choose({ kind: "member", member: order[(at + step + order.length) % order.length]! });
    else if (event.key === "+" || event.key === "=") zoom(STEP);
    else if (event.key === "-") zoom(1 / STEP);
    else if (event.key === "0") drawn.current!.fit(undefined, MARGIN);
    else if (event.key === "Escape") choose(null);
    else return;
    event.preventDefault();
  }

  async function keep(): Promise<void> {
    const picture = await drawn.current!.png({ output: "blob-promise", full: true, scale: 2, bg: theme === "dark" ? "#14181d" : "#ffffff" });
    save(picture, "ring.png");
  }

  const kinds = [...new Set([...data.nodes.values()].map((node) => node.entity_type as EntityType))];
  const lone = [...data.nodes.values()].some((node) => node.role === null);
  const member = choice?.kind === "member" ? choice.member : null;
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
          {member ? (
            <button type="button" onClick={() => turn({ hide: [...hidden, member].join(","), pick: "" })}>
              {say("app.hide")}
            </button>
          ) : null}
          {hidden.length ? (
            <button type="button" onClick={() => turn({ hide: "" })}>
              {say("app.unhide", { count: hidden.length })}
            </button>
          ) : null}
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
            PNG
          </button>
        </div>
      </div>
      <div ref={box} className="canvas" tabIndex={0} role="application" aria-label={say("app.graph_how")} onKeyDown={key} />
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
        {ties.length ? <li>┄ {say("app.legend_tie")}</li> : null}
      </ul>
    </section>
  );
}
