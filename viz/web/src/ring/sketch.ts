// The first picture of a ring: signs, lines and whatever names can be read, painted at once where they will stay. cytoscape needs
// many times as long to know every sign and line by itself; its picture, which answers to the hand, then takes this one's place.
import { type EntityType, LOOKS, type Look } from "../look";
import type { Theme } from "../shell/theme";
import type { Node, Picture } from "./data";
import { FAINT, FONT, LEGIBLE, LETTERS, type Scale, inks, isSmall, labelled, labels, linesOf, scaleAt, shownLines, sizeOf, spotOf } from "./drawn";
import type { Kept, Spot } from "./view";

const [RIM, GAP, LINE] = [1.5, 3, 15]; // pixels around a sign, between it and its name, of a line of a name
const DASHES = [6, 3]; // cytoscape's
export const MARGIN = 24; // pixels around the picture in its pane

/** How far the picture is zoomed, and where its origin stands in the pane. */
export type Frame = { zoom: number; pan: { x: number; y: number } };
/** What is drawn of a ring; `scale`: how large its signs are. */
export type Shown = { data: Picture; scale: Scale; off: ReadonlySet<string>; keys: ReadonlyMap<string, string>; kept: Kept };
type Sign = { node: Node; label: string; spot: Spot; scale: number; wide: number; high: number };

function signs({ data, off, keys, kept, ...shown }: Shown): Sign[] {
  const said = labels(data);
  return [...data.nodes.values()].flatMap((node) => {
    if (off.has(node.member)) return [];
    const key = keys.get(node.member);
    const scale = scaleAt(node, shown.scale);
    const { label, width, height } = labelled(said.get(node.member)!, key === undefined ? undefined : kept.notes[key], scale);
    const box = node.entity_type === "facility";
    const size = sizeOf(node) * scale;
    return [{ node, label, spot: spotOf(node, key, kept.pins), scale, wide: box ? width : size, high: box ? height : size }];
  });
}

/** The frame in which all signs and names stand in a pane of so many pixels; those that are hidden do not count. */
export function frameOf(shown: Shown, width: number, height: number, margin: number): Frame {
  let [left, right, top, bottom] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { node, label, spot, scale, wide, high } of signs(shown)) {
    const [x, y] = spot;
    const named = node.entity_type !== "facility";
    const name = named ? labelled(label, undefined, scale).width : 0;
    const line = named ? GAP + LINE * scale * label.split("\n").length : 0;
    const above = isSmall(node) && node.y < 0;
    left = Math.min(left, x - Math.max(wide, name) / 2);
    right = Math.max(right, x + Math.max(wide, name) / 2);
    top = Math.min(top, y - high / 2 - (above ? line : 0));
    bottom = Math.max(bottom, y + high / 2 + (above ? 0 : line));
  }
  if (left > right) return { zoom: 1, pan: { x: width / 2, y: height / 2 } };
  const zoom = Math.min((width - 2 * margin) / (right - left), (height - 2 * margin) / (bottom - top));
  return { zoom, pan: { x: (width - zoom * (left + right)) / 2, y: (height - zoom * (top + bottom)) / 2 } };
}

/** Paint it; `pen` counts in pixels of the pane. */
export function sketch(pen: CanvasRenderingContext2D, shown: Shown, frame: Frame, theme: Theme): void {
  const { data, off } = shown;
  const drawn = signs(shown);
  const spots = new Map(drawn.map(({ node, spot }) => [node.member, spot]));
  const { ink, paper } = inks(theme);
  pen.save();
  pen.translate(frame.pan.x, frame.pan.y);
  pen.scale(frame.zoom, frame.zoom);
  pen.globalAlpha = FAINT;
  for (const { edge, tie, width, colour } of linesOf(data, shownLines(data, off))) {
    const [a, b] = [spots.get(edge.a), spots.get(edge.b)];
    if (!a || !b) continue;
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.setLineDash(tie ? DASHES : []);
    pen.beginPath();
    pen.moveTo(...a);
    pen.lineTo(...b);
    pen.stroke();
  }
  pen.globalAlpha = 1;
  pen.lineWidth = RIM;
  pen.textAlign = "center";
  for (const sign of [...drawn.filter(({ node }) => isSmall(node)), ...drawn.filter(({ node }) => !isSmall(node))]) {
    const { node, spot, wide, high } = sign;
    const look = LOOKS[node.entity_type as EntityType];
    const lone = node.role === null;
    pen.fillStyle = lone ? paper : look.fill;
    pen.strokeStyle = look.rim;
    pen.setLineDash(lone ? DASHES : []);
    outline(pen, look.shape, spot, wide, high);
    pen.fill();
    pen.stroke();
    if (LETTERS * sign.scale * frame.zoom >= LEGIBLE) write(pen, sign, node.entity_type === "facility" && !lone ? "#ffffff" : ink);
  }
  pen.restore();
}

function write(pen: CanvasRenderingContext2D, { node, label, spot: [x, y], scale, high }: Sign, colour: string): void {
  const lines = label.split("\n");
  const line = LINE * scale;
  const tall = lines.length * line;
  const top = node.entity_type === "facility" ? y - tall / 2 : isSmall(node) && node.y < 0 ? y - high / 2 - GAP - tall : y + high / 2 + GAP;
  pen.fillStyle = colour;
  pen.font = `${LETTERS * scale}px ${FONT}`;
  pen.textBaseline = "middle";
  lines.forEach((text, i) => pen.fillText(text, x, top + (i + 0.5) * line));
}

// Corners of the signs that have some, in halves of a sign from its middle.
const CORNERS: Partial<Record<Look["shape"], readonly Spot[]>> = {
  triangle: [[0, -1], [1, 1], [-1, 1]],
  vee: [[-1, -1], [0, -0.33], [1, -1], [0, 1]],
  diamond: [[0, -1], [1, 0], [0, 1], [-1, 0]],
  square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  rectangle: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  hexagon: [[-0.5, -1], [0.5, -1], [1, 0], [0.5, 1], [-0.5, 1], [-1, 0]],
  star: [[0, -1], [0.22, -0.31], [0.95, -0.31], [0.36, 0.12], [0.59, 0.81], [0, 0.38], [-0.59, 0.81], [-0.36, 0.12], [-0.95, -0.31], [-0.22, -0.31]],
};

function outline(pen: CanvasRenderingContext2D, shape: Look["shape"], [x, y]: Spot, wide: number, high: number): void {
  pen.beginPath();
  const corners = CORNERS[shape];
  if (!corners) pen.ellipse(x, y, wide / 2, high / 2, 0, 0, 2 * Math.PI);
  for (const [right, down] of corners ?? []) pen.lineTo(x + (right * wide) / 2, y + (down * high) / 2);
  pen.closePath();
}
