// The ring's graph as cytoscape takes it. Places are the service's, so that a ring is the same picture each time.
import type { ElementDefinition, StylesheetJson } from "cytoscape";

import { type EntityType, LOOKS } from "../look";
import type { Theme } from "../shell/theme";
import { type Edge, type Node, type Picture, called } from "./data";
import { type Kept, type Spot, type View, beyond } from "./view";

export const FIRST_TIES = 40; // lines between two people at first, the surest ones
export const WIDER = 1.65; // the pane is wider than high
const [SIGN, LETTER, ROOM] = [12, 7, 14]; // pixels: of a Chinese sign, of a letter, and around a name in its box
const [HEIGHT, MARGIN, LARGEST] = [440, 60, 2.4]; // pixels of the pane, around the picture, and how much larger signs may be drawn
const READ_FROM_AFAR = 0.75; // of a name, where the whole of a large ring is in view
const APART = 0.8; // of the room between two hubs is theirs
const [BOX, LINE] = [7, 15]; // pixels of a box's height: around its lines, and of each line
const THINNEST = 1;
const THICKEST = 6;
const THICKEST_TIE = 3.5;
const LONGEST_LINE = 18; // signs of a note in the picture

const [SMALL, HUB] = [16, 22]; // pixels of a sign
const TIE = "#6b7782"; // of a line between two people
export const FAINT = 0.55; // of a line
export const [LETTERS, LEGIBLE] = [12, 6]; // pixels of a name, and what is too small to be read: it is not written
export const FONT = 'system-ui, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei", sans-serif';

export type Line = { edge: Edge; tie: boolean; width: number; colour: string };

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

/** How wide a box is around a name: cytoscape would measure it, and says that it will not for ever. */
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

/** Signs as cytoscape takes them, each where it stands with its note. `scale`: that of the ring, also where what is around it is drawn. */
export function signsOf(data: Picture, scale: Scale, off: ReadonlySet<string>, keys: ReadonlyMap<string, string>, kept: Kept): ElementDefinition[] {
  const said = labels(data);
  return [...data.nodes.values()].map((node) => {
    const key = keys.get(node.member);
    const [x, y] = spotOf(node, key, kept.pins);
    return {
      group: "nodes" as const,
      data: { id: node.member, ...labelled(said.get(node.member)!, key === undefined ? undefined : kept.notes[key], scaleAt(node, scale)) },
      position: { x, y },
      classes: [
        node.entity_type,
        beyond(node.member) ? "beyond" : node.role === null ? "place" : "",
        isSmall(node) ? "small" : "hub",
        node.y < 0 ? "above" : "below",
        off.has(node.member) ? "off" : "",
        key !== undefined && key in kept.pins ? "pinned" : "",
      ].join(" "),
    };
  });
}

/** Lines, but those that are not shown. */
export const shownLines = (data: Picture, off: ReadonlySet<string>): Edge[] => data.edges.filter((edge) => !off.has(tieId(edge.a, edge.b)));

/** How these lines are drawn. */
export function linesOf(data: Picture, wanted: readonly Edge[]): Line[] {
  let [claims, weight] = [1, 1];
  for (const edge of data.edges) [claims, weight] = [Math.max(claims, edge.claims ?? 0), Math.max(weight, edge.weight ?? 0)];
  return wanted.map((edge) => ({
    edge,
    tie: edge.weight !== null,
    width: edge.weight !== null ? THINNEST + (THICKEST_TIE - THINNEST) * (edge.weight / weight) : THINNEST + (THICKEST - THINNEST) * ((edge.claims ?? 0) / claims),
    colour: edge.weight !== null ? TIE : LOOKS[data.nodes.get(edge.b)!.entity_type as EntityType].fill,
  }));
}

/** The same as cytoscape takes them. */
export const joinsOf = (data: Picture, wanted: readonly Edge[]): ElementDefinition[] =>
  linesOf(data, wanted).map(({ edge, tie, width, colour }) => ({
    group: "edges" as const,
    data: { id: tieId(edge.a, edge.b), source: edge.a, target: edge.b, width, colour },
    classes: [tie ? "tie" : "claims", beyond(edge.a) || beyond(edge.b) ? "beyond" : ""].join(" "),
  }));

/** What the picture is drawn with. */
export const inks = (theme: Theme): { ink: string; paper: string } => (theme === "dark" ? { ink: "#e8ebee", paper: "#14181d" } : { ink: "#1d232a", paper: "#ffffff" });

export function styleOf(theme: Theme, { people, hubs }: Scale): StylesheetJson {
  const { ink, paper } = inks(theme);
  return [
    {
      selector: "node",
      style: {
        label: "data(label)",
        color: ink,
        "font-family": FONT,
        "font-size": LETTERS * people,
        "text-wrap": "wrap",
        "text-valign": "bottom",
        "text-margin-y": 3,
        "text-background-color": paper,
        "text-background-opacity": 0.75,
        "border-width": 1.5,
        width: SMALL * people,
        height: SMALL * people,
        "min-zoomed-font-size": LEGIBLE,
      },
    },
    { selector: "node.above", style: { "text-valign": "top", "text-margin-y": -3 } },
    { selector: "node.hub", style: { "font-size": LETTERS * hubs, width: HUB * hubs, height: HUB * hubs, "z-index": 5, "text-valign": "bottom", "text-margin-y": 3 } },
    { selector: "node.hub.beyond", style: { "font-size": LETTERS * people, width: HUB * people, height: HUB * people } },
    ...Object.entries(LOOKS).map(([type, look]) => ({ selector: `node.${type}`, style: { shape: look.shape === "square" ? "rectangle" : look.shape, "background-color": look.fill, "border-color": look.rim } as never })),
    {
      selector: "node.facility",
      style: { shape: "round-rectangle", width: "data(width)" as never, height: "data(height)" as never, "text-valign": "center", "text-margin-y": 0, color: "#ffffff", "text-background-opacity": 0 },
    },
    { selector: "node.place", style: { "background-color": paper, color: ink, "border-style": "dashed" } },
    { selector: "node.beyond", style: { "background-opacity": 0.35, "border-style": "dotted", "border-width": 2, color: ink } },
    { selector: "node.pinned", style: { "border-style": "double", "border-width": 5 } },
    { selector: "edge", style: { width: "data(width)" as never, "line-color": "data(colour)" as never, "curve-style": "straight", opacity: FAINT } },
    { selector: "edge.tie", style: { "line-style": "dashed" } },
    { selector: "edge.beyond", style: { "line-style": "dotted" } },
    { selector: ".off", style: { display: "none" } },
    { selector: "node.faded", style: { opacity: 0.22 } },
    { selector: "edge.faded", style: { opacity: 0.07 } },
    { selector: "node.chosen", style: { "border-width": 4, "border-color": theme === "dark" ? "#ffffff" : "#000000", "z-index": 9 } },
    { selector: "edge.chosen", style: { opacity: 1, "z-index": 8 } },
    { selector: "node:active, edge:active", style: { "overlay-opacity": 0.1 } },
  ];
}
