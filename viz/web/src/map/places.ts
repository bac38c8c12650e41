// Where rings stand on the map: those of one district together, the surest in its middle; the same rings stand at the same places each time.
import type { Shapes } from "../service/client";

type Ring = Pick<Shapes["RingListed"], "ring_id" | "districts" | "score" | "fund_amount">;
export type Spot = { x: number; y: number; size: number };

export const GOLDEN = Math.PI * (3 - Math.sqrt(5)); // turns that never meet: points of a sunflower
const [SMALLEST, LARGEST] = [4, 22]; // radii in pixels
const [ROOM, HEAD] = [1.2, 0.4]; // around a district, in steps between its rings, and of its name below the edge
const WIDER = 1.6; // the pane is wider than high
const EDGE = 4; // pixels between a name and the pane's edge
const LEAST = 0.3; // of the largest district's radius: room for the name of one with few rings

/** Districts in the order of their rings, most first; a ring of several stands with its first. */
export function districts(rings: readonly Ring[]): [string, Ring[]][] {
  const found = new Map<string, Ring[]>();
  for (const ring of rings) {
    const district = ring.districts[0] ?? "";
    found.set(district, [...(found.get(district) ?? []), ring]);
  }
  return [...found].sort(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1));
}

export function spots(rings: readonly Ring[]): { at: Map<string, Spot>; heads: { district: string; x: number; y: number }[] } {
  const most = Math.max(1, ...rings.map((ring) => Number(ring.fund_amount)));
  const at = new Map<string, Spot>();
  const heads: { district: string; x: number; y: number }[] = [];
  const groups = districts(rings);
  const largest = Math.sqrt(Math.max(1, ...groups.map(([, inside]) => inside.length)));
  const radii = groups.map(([, inside]) => Math.max(Math.sqrt(inside.length), LEAST * largest) + ROOM);
  const width = WIDER * 2 * Math.sqrt(radii.reduce((sum, radius) => sum + radius * radius, 0));
  let [left, top, deep] = [0, 0, 0];
  groups.forEach(([district, inside], g) => {
    const radius = radii[g]!;
    if (left > 0 && left + 2 * radius > width) [left, top, deep] = [0, top - deep, 0];
    const [middleX, middleY] = [left + radius, top - radius];
    [left, deep] = [left + 2 * radius, Math.max(deep, 2 * radius)]; // the first of a row is its largest
    heads.push({ district, x: middleX, y: middleY + radius - HEAD });
    [...inside]
      .sort((a, b) => b.score - a.score || (a.ring_id < b.ring_id ? -1 : 1))
      .forEach((ring, i) => {
        const radius = Math.sqrt(i);
        at.set(ring.ring_id, {
          x: middleX + radius * Math.cos(i * GOLDEN),
          y: middleY + radius * Math.sin(i * GOLDEN),
          size: SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(Number(ring.fund_amount) / most),
        });
      });
  });
  return { at, heads };
}

/** Where a name of that width begins so that it stands in the middle of its place, but never beyond the pane. */
export const nameBegins = (middle: number, width: number, room: number): number => Math.max(EDGE, Math.min(middle - width / 2, room - width - EDGE));
