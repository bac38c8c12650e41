// Who and what stands around a ring, put into its picture: on circles outside of it, each as near as may be to whom it was found around.
import type { Shapes } from "../service/client";
import type { Edge, Node, Picture } from "./data";

export type Outsider = Node & { of: string; rings: readonly string[] };

const GAP = 95; // between two of one circle, and between circles
const ROW = 70;

export const isOutsider = (node: Node): node is Outsider => "of" in node;

/** The ring's picture with what is around; `scale`: how large its signs are. */
export function withAround(data: Picture, found: Shapes["RingAround"] | undefined, around: readonly string[], scale: number): Picture {
  const seen = found?.nodes.filter((node) => around.includes(node.of)) ?? [];
  if (!found || !seen.length) return data;
  const spots = placed([...data.nodes.values()], seen, scale);
  const nodes = new Map<string, Node>(data.nodes);
  for (const node of seen) {
    const [x, y] = spots.get(node.member)!;
    nodes.set(node.member, { ...node, role: null, strength: 0, x, y } as Outsider);
  }
  const edges = found.edges.filter((edge) => nodes.has(edge.a) && nodes.has(edge.b));
  return { nodes, edges: [...data.edges, ...(edges as Edge[])] };
}

/** A place for each, the same each time: of the free ones the nearest to the direction in which its own stands. */
export function placed(drawn: readonly Node[], found: readonly { member: string; of: string }[], scale: number): Map<string, [number, number]> {
  const angles = new Map(drawn.map((node) => [node.member, Math.atan2(node.y, node.x)]));
  const first = Math.max(0, ...drawn.map((node) => Math.hypot(node.x, node.y))) + ROW * scale;
  const taken = new Set<string>();
  const spots = new Map<string, [number, number]>();
  for (const { member, of } of found) {
    const wanted = angles.get(of) ?? 0;
    let best: { cost: number; key: string; angle: number; radius: number } | null = null;
    for (let row = 0; best === null || best.cost > row * ROW * scale; row += 1) {
      const radius = first + row * ROW * scale;
      const slots = Math.max(1, Math.floor((2 * Math.PI * radius) / (GAP * scale)));
      for (let slot = 0; slot < slots; slot += 1) {
        const key = `${row}:${slot}`;
        if (taken.has(key)) continue;
        const angle = (2 * Math.PI * slot) / slots;
        const cost = apart(angle, wanted) * radius + row * ROW * scale;
        if (best === null || cost < best.cost - 1e-9) best = { cost, key, angle, radius };
      }
    }
    taken.add(best.key);
    angles.set(member, best.angle);
    spots.set(member, [Math.round(best.radius * Math.cos(best.angle)), Math.round(best.radius * Math.sin(best.angle))]);
  }
  return spots;
}

function apart(a: number, b: number): number {
  const between = Math.abs(a - b) % (2 * Math.PI);
  return Math.min(between, 2 * Math.PI - between);
}
