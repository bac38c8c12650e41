// The ring's graph before it is painted (`paint`): signs and lines, how large they are and where they stand. Places are the service's, so
// that a ring is the same picture each time.
import { type EntityType, LOOKS } from "../look";
import { type Choice, type Edge, type Node, type Picture, type Reach, called } from "./data";
import { type Kept, type Spot, type View, beyond } from "./view";

export const FIRST_TIES = 40; // lines between two people at first, the surest ones
export const WIDER = 1.65; // the pane is wider than high
const [SIGN, LETTER, ROOM] = [12, 7, 14]; // pixels: of a Chinese sign, of a letter, and around a name in its box
const [HEIGHT, MARGIN, LARGEST] = [440, 60, 2.4]; // pixels of the pane, around the picture, and how much larger signs may be drawn
const READ_FROM_AFAR = 0.75; // of a name, where the whole of a large ring is in view
const APART = 0.8; // of the room between two hubs is theirs
const BOX = 7; // pixels of a box's height around its lines
export const [LETTERS, LINE] = [12, 15]; // pixels of a name: of its letters, and of each of its lines
const THINNEST = 1;
const THICKEST = 6;
const THICKEST_TIE = 3.5;
const LONGEST_LINE = 18; // signs of a note in the picture

const [SMALL, HUB] = [16, 22]; // pixels of a sign
const TIE = "#6b7782"; // of a line between two people

/** One in the picture: what stands at it, its middle, how much larger than usual it is, and its pixels before the picture is zoomed. */
export type Sign = { node: Node; label: string; spot: Spot; scale: number; wide: number; high: number; pinned: boolean; beyond: boolean };
export type Line = { id: string; edge: Edge; from: Sign; to: Sign; tie: boolean; beyond: boolean; width: number; colour: string };
/** What is shown of a ring; `scale`: how large its signs are, also where what is around it is drawn. */
export type Shown = { data: Picture; scale: Scale; off: ReadonlySet<string>; keys: ReadonlyMap<string, string>; kept: Kept };

export const tieId = (a: string, b: string): string => `${a}~${b}`;

/** Lines between two people of the ring, the surest first; they come in by this order. */
export function tiesOf(data: Picture): Edge[] {
  return data.edges.filter((edge) => edge.weight !== null && !beyond(edge.a) && !beyond(edge.b)).sort((x, y) => y.weight! - x.weight! || (tieId(x.a, x.b) < tieId(y.a, y.b) ? -1 : 1));
}

/** Names that several share, as masked ones do, are told apart by their ids. */
export function labels(data: Picture): Map<string, string> {
  const times = new Map<string, number>();
  for (const node of data.nodes.values()) times.set(called(node), (times.get(called(node)) ?? 0) + 1);
  return new Map([...data.nodes.values()].map((node) => [node.member, times.get(called(node)) === 1 || !node.name ? called(node) : `${node.name}\n${node.entity_id}`]));
}

/** What stands at a sign: its name, and below it the note that somebody wrote on it. */
export function labelled(label: string, note: string | undefined, scale: number): { label: string; width: number; height: number } {
  const signs = [...(note ?? "")];
  const said = note ? `${label}\n✎ ${signs.length > LONGEST_LINE ? `${signs.slice(0, LONGEST_LINE).join("")}…` : note}` : label;
  return { label: said, width: widthOf(said) * scale, height: (BOX + LINE * said.split("\n").length) * scale };
}

/** How wide a box is around a name, without measuring it: the frame of five hundred is known before anything is painted. */
const widthOf = (label: string): number => ROOM + Math.max(...label.split("\n").map((line) => [...line].reduce((sum, sign) => sum + (sign > "\u2e80" ? SIGN : LETTER), 0)));

/** How much larger than usual signs and names are drawn: those of people, and those of hubs (places, doctors, agents ...). */
export type Scale = { people: number; hubs: number };

/**
 * So large that they can be read when the whole ring is in view. In a very large ring people's names can be read only close by; hubs, which
 * are few, are drawn larger still, as far as no two of them meet.
 */
export function scaleOf(data: Picture): Scale {
  let highest = 0;
  for (const node of data.nodes.values()) highest = Math.max(highest, Math.abs(node.y));
  const whole = Math.max(1, (2 * highest + MARGIN) / HEIGHT);
  const people = Math.min(LARGEST, whole);
  return { people, hubs: whole > LARGEST ? Math.max(people, Math.min(whole * READ_FROM_AFAR, roomOf(data))) : people };
}

/** How large hubs may be drawn before two of them meet. */
function roomOf(data: Picture): number {
  const said = labels(data);
  const hubs = [...data.nodes.values()].filter((node) => !isSmall(node)).map((node) => {
    const { width, height } = labelled(said.get(node.member)!, undefined, 1);
    return { x: node.x * WIDER, y: node.y, width: Math.max(HUB, width), height: node.entity_type === "facility" ? height : HUB + height };
  });
  let room = Number.POSITIVE_INFINITY;
  hubs.forEach((one, i) => {
    for (const other of hubs.slice(i + 1)) {
      const [right, down] = [Math.abs(one.x - other.x) / (one.width + other.width), Math.abs(one.y - other.y) / (one.height + other.height)];
      room = Math.min(room, 2 * APART * Math.max(right, down));
    }
  });
  return room;
}

/** The scale of one sign; what is around the ring is drawn as its people are. */
export const scaleAt = (node: Node, scale: Scale): number => (isSmall(node) || beyond(node.member) ? scale.people : scale.hubs);

/** Where a sign stands: where the service put it, or where it was pinned. */
export function spotOf(node: Node, key: string | undefined, pins: View["pins"]): Spot {
  return (key === undefined ? undefined : pins[key]) ?? [node.x * WIDER, node.y];
}

export const isSmall = (node: Node): boolean => node.entity_type === "patient" || node.entity_type === "card";
/** Pixels of a sign that is no box, before it is scaled. */
export const sizeOf = (node: Node): number => (isSmall(node) ? SMALL : HUB);

/** Signs that are shown, each where it stands with its note; those of hubs last, since they lie above the others. */
export function signsOf({ data, scale, off, keys, kept }: Shown): Sign[] {
  const said = labels(data);
  const signs = [...data.nodes.values()].flatMap((node) => {
    if (off.has(node.member)) return [];
    const key = keys.get(node.member);
    const own = scaleAt(node, scale);
    const { label, width, height } = labelled(said.get(node.member)!, key === undefined ? undefined : kept.notes[key], own);
    const box = node.entity_type === "facility";
    const size = sizeOf(node) * own;
    return [{ node, label, spot: spotOf(node, key, kept.pins), scale: own, wide: box ? width : size, high: box ? height : size, pinned: key !== undefined && key in kept.pins, beyond: beyond(node.member) }];
  });
  return [...signs.filter((one) => isSmall(one.node)), ...signs.filter((one) => !isSmall(one.node))];
}

/** Lines between these signs, but those that are not shown. */
export function linesOf(data: Picture, signs: readonly Sign[], off: ReadonlySet<string>): Line[] {
  const at = new Map(signs.map((sign) => [sign.node.member, sign]));
  let [claims, weight] = [1, 1];
  for (const edge of data.edges) [claims, weight] = [Math.max(claims, edge.claims ?? 0), Math.max(weight, edge.weight ?? 0)];
  return data.edges.flatMap((edge) => {
    const [id, from, to] = [tieId(edge.a, edge.b), at.get(edge.a), at.get(edge.b)];
    if (!from || !to || off.has(id)) return [];
    const tie = edge.weight !== null;
    const width = tie ? THINNEST + (THICKEST_TIE - THINNEST) * (edge.weight! / weight) : THINNEST + (THICKEST - THINNEST) * ((edge.claims ?? 0) / claims);
    return [{ id, edge, from, to, tie, beyond: from.beyond || to.beyond, width, colour: tie ? TIE : LOOKS[to.node.entity_type as EntityType].fill }];
  });
}

/** What a choice lifts out: signs and lines that are `chosen`, and signs that stay as they are; everything else fades. */
export type Lit = { chosen: ReadonlySet<string>; plain: ReadonlySet<string>; lines: ReadonlySet<string> };

export function litOf(choice: Choice | null, reached: Reach | null, lines: readonly Line[]): Lit | null {
  if (!choice || !reached) return null;
  if (choice.kind === "member") {
    const own = lines.filter(({ edge }) => edge.a === choice.member || edge.b === choice.member);
    return { chosen: new Set([choice.member]), plain: new Set(own.flatMap(({ edge }) => [edge.a, edge.b])), lines: new Set(own.map(({ id }) => id)) };
  }
  const inside = lines.filter(({ id, edge }) => (choice.kind === "tie" ? id === tieId(choice.a, choice.b) : reached.members.has(edge.a) && reached.members.has(edge.b)));
  return { chosen: reached.members, plain: new Set(), lines: new Set(inside.map(({ id }) => id)) };
}
