// Where the picture of a ring stands in its pane: how far it is zoomed, and what lies under a finger.
import { LINE, type Line, type Sign, isSmall, labelled } from "./drawn";
import type { Spot } from "./view";

export const GAP = 3; // pixels between a sign and its name
const [NEAREST, FARTHEST] = [6, 0.05]; // of zooming
const NEAR = 5; // pixels from a thin line that still mean it

/** How far the picture is zoomed, and where its origin stands in the pane. */
export type Frame = { zoom: number; pan: { x: number; y: number } };
/** Of what is drawn, in the picture's own measure. */
export type Extent = { left: number; right: number; top: number; bottom: number };

/** Whether a name stands above its sign: in the upper half, where its lines go down. */
export const namedAbove = ({ node }: Sign): boolean => isSmall(node) && node.y < 0;

/** What all signs take with their names; null of none. */
export function extentOf(signs: readonly Sign[]): Extent | null {
  if (!signs.length) return null;
  const all = { left: Number.POSITIVE_INFINITY, right: Number.NEGATIVE_INFINITY, top: Number.POSITIVE_INFINITY, bottom: Number.NEGATIVE_INFINITY };
  for (const sign of signs) {
    const { node, label, spot: [x, y], scale, wide, high } = sign;
    const named = node.entity_type !== "facility";
    const name = named ? labelled(label, undefined, scale).width : 0;
    const line = named ? GAP + LINE * scale * label.split("\n").length : 0;
    const above = namedAbove(sign);
    all.left = Math.min(all.left, x - Math.max(wide, name) / 2);
    all.right = Math.max(all.right, x + Math.max(wide, name) / 2);
    all.top = Math.min(all.top, y - high / 2 - (above ? line : 0));
    all.bottom = Math.max(all.bottom, y + high / 2 + (above ? 0 : line));
  }
  return all;
}

/** The frame in which all signs and names stand in a pane of so many pixels. */
export function frameOf(signs: readonly Sign[], width: number, height: number, margin: number): Frame {
  const all = extentOf(signs);
  if (!all) return { zoom: 1, pan: { x: width / 2, y: height / 2 } };
  const { left, right, top, bottom } = all;
  const zoom = within(Math.min((width - 2 * margin) / (right - left), (height - 2 * margin) / (bottom - top)));
  return { zoom, pan: { x: (width - zoom * (left + right)) / 2, y: (height - zoom * (top + bottom)) / 2 } };
}

const within = (zoom: number): number => Math.min(NEAREST, Math.max(FARTHEST, zoom));

/** Nearer or farther by a factor; what lies at a point of the pane stays there. */
export function zoomed({ zoom, pan }: Frame, by: number, [x, y]: Spot): Frame {
  const now = within(zoom * by);
  const share = now / zoom;
  return { zoom: now, pan: { x: x - (x - pan.x) * share, y: y - (y - pan.y) * share } };
}

export const moved = ({ zoom, pan }: Frame, right: number, down: number): Frame => ({ zoom, pan: { x: pan.x + right, y: pan.y + down } });

/** Where a point of the pane lies in the picture's own measure, and back. */
export const inPicture = ({ zoom, pan }: Frame, [x, y]: Spot): Spot => [(x - pan.x) / zoom, (y - pan.y) / zoom];
export const inPane = ({ zoom, pan }: Frame, [x, y]: Spot): Spot => [pan.x + zoom * x, pan.y + zoom * y];

/** The sign at a point of the pane: the uppermost, as they are painted one above the other. */
export function signAt(signs: readonly Sign[], frame: Frame, point: Spot): Sign | null {
  const [x, y] = inPicture(frame, point);
  const slack = NEAR / 2 / frame.zoom;
  return signs.findLast(({ spot, wide, high }) => Math.abs(x - spot[0]) <= wide / 2 + slack && Math.abs(y - spot[1]) <= high / 2 + slack) ?? null;
}

/** The line at a point of the pane, the nearest. */
export function lineAt(lines: readonly Line[], frame: Frame, point: Spot): Line | null {
  const at = inPicture(frame, point);
  let [found, least]: [Line | null, number] = [null, Number.POSITIVE_INFINITY];
  for (const line of lines) {
    const far = apart(at, line.from.spot, line.to.spot);
    if (far <= Math.max(line.width / 2, NEAR / frame.zoom) && far < least) [found, least] = [line, far];
  }
  return found;
}

/** How far a point is from a line between two others. */
function apart([x, y]: Spot, [ax, ay]: Spot, [bx, by]: Spot): number {
  const [dx, dy] = [bx - ax, by - ay];
  const long = dx * dx + dy * dy;
  const share = long === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / long));
  return Math.hypot(x - ax - share * dx, y - ay - share * dy);
}
