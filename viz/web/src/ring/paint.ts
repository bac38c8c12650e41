// A ring's picture on a canvas: lines, signs, and whatever names can be read. All of it is painted anew whenever it moves, some milliseconds
// for five hundred members: a library that keeps every sign and line by itself, as cytoscape does, needs a second more before it answers.
import { type EntityType, LOOKS, type Look } from "../look";
import type { Theme } from "../shell/theme";
import { LETTERS, LINE, type Line, type Lit, type Sign } from "./drawn";
import { type Frame, GAP, inPane, namedAbove } from "./frame";
import type { Spot } from "./view";

export const FONT = 'system-ui, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei", sans-serif';
const LEGIBLE = 6; // pixels of a name: what is smaller is not written
const [RIM, PINNED_RIM, CHOSEN_RIM] = [1.5, 5, 4]; // pixels around a sign
const [DASHES, DOTS, SOLID]: [number[], number[], number[]] = [[6, 3], [1.5, 3], []];
const [FAINT, FADED_LINE, FADED_SIGN, OUTSIDE, BEHIND_NAME] = [0.55, 0.07, 0.22, 0.35, 0.75]; // how much is seen of lines, of what fades, of signs beyond the ring, of the ground behind a name
export const MANY = 1500; // lines from which those between people hide while the picture moves

/** What is painted; `lit`: see `litOf`. */
export type Scene = { signs: readonly Sign[]; lines: readonly Line[]; lit: Lit | null };
/** Where and how; `moving`: the picture is on its way, and what is many may be left out. */
export type Way = { frame: Frame; width: number; height: number; theme: Theme; moving?: boolean };

export const inks = (theme: Theme): { ink: string; paper: string } => (theme === "dark" ? { ink: "#e8ebee", paper: "#14181d" } : { ink: "#1d232a", paper: "#ffffff" });

export function paint(pen: CanvasRenderingContext2D, { signs, lines, lit }: Scene, way: Way): void {
  const { frame } = way;
  pen.save();
  pen.translate(frame.pan.x, frame.pan.y);
  pen.scale(frame.zoom, frame.zoom);
  const seen = way.moving && lines.length > MANY ? lines.filter((line) => !line.tie) : lines;
  const [lifted, others] = lit ? [seen.filter(({ id }) => lit.lines.has(id)), seen.filter(({ id }) => !lit.lines.has(id))] : [[], seen];
  strokes(pen, others, lit ? FADED_LINE : FAINT);
  strokes(pen, lifted, 1);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const sign of signs) if (inSight(sign, way)) stamp(pen, sign, lit, way);
  pen.restore();
}

function strokes(pen: CanvasRenderingContext2D, lines: readonly Line[], seen: number): void {
  pen.globalAlpha = seen;
  for (const { from, to, tie, beyond, width, colour } of lines) {
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.setLineDash(beyond ? DOTS : tie ? DASHES : SOLID);
    pen.beginPath();
    pen.moveTo(...from.spot);
    pen.lineTo(...to.spot);
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

/** Whether something of a sign or its name lies in the pane. */
function inSight({ spot, scale, wide, high }: Sign, { frame, width, height }: Way): boolean {
  const [x, y] = inPane(frame, spot);
  const far = frame.zoom * (Math.max(wide, high) + 10 * LINE * scale);
  return x > -far && y > -far && x < width + far && y < height + far;
}

function stamp(pen: CanvasRenderingContext2D, sign: Sign, lit: Lit | null, { frame, theme }: Way): void {
  const { node, spot, wide, high } = sign;
  const { ink, paper } = inks(theme);
  const look = LOOKS[node.entity_type as EntityType];
  const chosen = lit?.chosen.has(node.member) ?? false;
  const lone = node.role === null && !sign.beyond;
  const seen = !lit || chosen || lit.plain.has(node.member) ? 1 : FADED_SIGN;
  outline(pen, look.shape, spot, wide, high);
  pen.globalAlpha = seen * (sign.beyond ? OUTSIDE : 1);
  pen.fillStyle = lone ? paper : look.fill;
  pen.fill();
  pen.globalAlpha = seen;
  pen.lineWidth = chosen ? CHOSEN_RIM : sign.pinned ? PINNED_RIM : RIM;
  pen.strokeStyle = chosen ? (theme === "dark" ? "#ffffff" : "#000000") : look.rim;
  pen.setLineDash(lone ? DASHES : sign.beyond ? DOTS : SOLID);
  pen.stroke();
  if (sign.pinned) {
    // A double rim.
    pen.lineWidth = RIM;
    pen.strokeStyle = paper;
    pen.stroke();
  }
  if (LETTERS * sign.scale * frame.zoom >= LEGIBLE) write(pen, sign, node.entity_type === "facility" && !lone && !sign.beyond ? "#ffffff" : ink, paper, seen);
  pen.globalAlpha = 1;
}

function write(pen: CanvasRenderingContext2D, sign: Sign, ink: string, paper: string, seen: number): void {
  const { node, label, spot: [x, y], scale, high } = sign;
  const lines = label.split("\n");
  const line = LINE * scale;
  const tall = lines.length * line;
  const inside = node.entity_type === "facility";
  const top = inside ? y - tall / 2 : namedAbove(sign) ? y - high / 2 - GAP - tall : y + high / 2 + GAP;
  pen.font = `${LETTERS * scale}px ${FONT}`;
  if (!inside) {
    const wide = Math.max(...lines.map((text) => pen.measureText(text).width));
    pen.globalAlpha = seen * BEHIND_NAME;
    pen.fillStyle = paper;
    pen.fillRect(x - wide / 2, top, wide, tall);
    pen.globalAlpha = seen;
  }
  pen.fillStyle = ink;
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
