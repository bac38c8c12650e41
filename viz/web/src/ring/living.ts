// The picture of a ring that answers to the hand, by cytoscape: how it begins where the first one (`sketch`) stood, and how it ends.
import type { Core } from "cytoscape";

import type { Theme } from "../shell/theme";
import type { Choice } from "./data";
import { joinsOf, shownLines, signsOf, styleOf } from "./drawn";
import { MARGIN, type Shown, frameOf } from "./sketch";

const MANY = 1500; // lines that hide while the picture moves
const [NEAREST, FARTHEST] = [6, 0.05]; // of zooming

/** What is told: what was chosen, which sign was dragged, and that it stands. */
type Told = { choose: (choice: Choice | null) => void; pin: (member: string) => void; drawn: () => void };

/** The picture, and what ends it. */
export function living(cytoscape: typeof import("cytoscape"), at: HTMLElement, all: Shown, theme: Theme, told: Told): [Core, () => void] {
  const { data, scale, off, keys, kept } = all;
  const made = cytoscape({
    container: at,
    elements: [...signsOf(data, scale, off, keys, kept), ...joinsOf(data, shownLines(data, off))],
    layout: { name: "preset", fit: false },
    ...frameOf(all, at.clientWidth, at.clientHeight, MARGIN), // to fit it by itself it would have to draw it once more
    style: styleOf(theme, scale),
    boxSelectionEnabled: false,
    userZoomingEnabled: false, // before it was clicked the wheel scrolls the page
    hideEdgesOnViewport: data.edges.length > MANY,
    minZoom: FARTHEST,
    maxZoom: NEAREST,
  });
  made.on("tap", (event) => {
    made.userZoomingEnabled(true);
    const target = event.target;
    if (target === made) told.choose(null);
    else if (target.isNode()) told.choose({ kind: "member", member: target.id() });
    else told.choose({ kind: "tie", a: target.data("source"), b: target.data("target") });
  });
  made.on("dragfree", "node", (event) => told.pin(event.target.id()));
  made.one("render", told.drawn);
  const sizeOf = () => `${at.clientWidth} ${at.clientHeight}`;
  let size = sizeOf();
  const watch = new ResizeObserver(() => {
    const before = size;
    size = sizeOf();
    if (size === before) return; // an observer tells the size that it begins with
    made.resize();
    made.fit(undefined, MARGIN);
  });
  watch.observe(at);
  const moved = () => made.resize(); // what opened above it moved the picture: it has to know where it lies before it is dragged in
  at.addEventListener("pointerenter", moved);
  const end = () => {
    at.removeEventListener("pointerenter", moved);
    watch.disconnect();
    made.destroy();
  };
  return [made, end];
}
