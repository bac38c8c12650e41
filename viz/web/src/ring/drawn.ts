// The ring's graph as cytoscape takes it. Places are the service's, so that a ring is the same picture each time.
import type { ElementDefinition, StylesheetJson } from "cytoscape";

import { type EntityType, LOOKS } from "../look";
import type { Theme } from "../shell/theme";
import { type Edge, type RingData, called } from "./data";
import { beyond } from "./view";

export const FIRST_TIES = 40; // lines between two people at first, the surest ones
export const WIDER = 1.65; // the pane is wider than high
const [SIGN, LETTER, ROOM] = [12, 7, 14]; // pixels: of a Chinese sign, of a letter, and around a name in its box
const [HEIGHT, MARGIN, LARGEST] = [440, 60, 2.4]; // pixels of the pane, around the picture, and how much larger signs may be drawn
const [BOX, LINE] = [7, 15]; // pixels of a box's height: around its lines, and of each line
const THINNEST = 1;
const THICKEST = 6;
const THICKEST_TIE = 3.5;
const LONGEST_LINE = 18; // signs of a note in the picture

export const tieId = (a: string, b: string): string => `${a}~${b}`;

/** Lines between two people of the ring, the surest first; they come in by this order. */
export function tiesOf(data: RingData): Edge[] {
  return data.edges.filter((edge) => edge.weight !== null && !beyond(edge.a) && !beyond(edge.b)).sort((x, y) => y.weight! - x.weight! || (tieId(x.a, x.b) < tieId(y.a, y.b) ? -1 : 1));
}

/** Names that several share, as masked ones do, are told apart by their ids. */
export function labels(data: RingData): Map<string, string> {
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

/** How much larger signs and names are drawn so that they can be read when the whole ring is in view; of a very large ring only close by. */
export function scaleOf(data: RingData): number {
  const ys = [...data.nodes.values()].map((node) => Math.abs(node.y));
  return Math.min(LARGEST, Math.max(1, (2 * Math.max(0, ...ys) + MARGIN) / HEIGHT));
}

/** `scale`: that of the ring, also where what is around it is drawn. `off`: what is not shown; lines of it are left out. */
export function elementsOf(data: RingData, scale: number = scaleOf(data), off: ReadonlySet<string> = new Set()): ElementDefinition[] {
  const said = labels(data);
  const [claims, weight] = [Math.max(1, ...data.edges.map((edge) => edge.claims ?? 0)), Math.max(1, ...data.edges.map((edge) => edge.weight ?? 0))];
  const nodes = [...data.nodes.values()].map((node) => ({
    group: "nodes" as const,
    data: { id: node.member, ...labelled(said.get(node.member)!, undefined, scale) },
    position: { x: node.x * WIDER, y: node.y },
    classes: [node.entity_type, beyond(node.member) ? "beyond" : node.role === null ? "place" : "", node.entity_type === "patient" || node.entity_type === "card" ? "small" : "hub", node.y < 0 ? "above" : "below", off.has(node.member) ? "off" : ""].join(" "),
  }));
  const edges = data.edges.filter((edge) => !off.has(tieId(edge.a, edge.b))).map((edge) => ({
    group: "edges" as const,
    data: {
      id: tieId(edge.a, edge.b),
      source: edge.a,
      target: edge.b,
      width: edge.weight !== null ? THINNEST + (THICKEST_TIE - THINNEST) * (edge.weight / weight) : THINNEST + (THICKEST - THINNEST) * ((edge.claims ?? 0) / claims),
      colour: edge.weight !== null ? "#6b7782" : LOOKS[data.nodes.get(edge.b)!.entity_type as EntityType].fill,
    },
    classes: [edge.weight !== null ? "tie" : "claims", beyond(edge.a) || beyond(edge.b) ? "beyond" : ""].join(" "),
  }));
  return [...nodes, ...edges];
}

export function styleOf(theme: Theme, scale: number): StylesheetJson {
  const [ink, paper] = theme === "dark" ? ["#e8ebee", "#14181d"] : ["#1d232a", "#ffffff"];
  const font = 'system-ui, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei", sans-serif';
  return [
    {
      selector: "node",
      style: {
        label: "data(label)",
        color: ink,
        "font-family": font,
        "font-size": 12 * scale,
        "text-wrap": "wrap",
        "text-valign": "bottom",
        "text-margin-y": 3,
        "text-background-color": paper,
        "text-background-opacity": 0.75,
        "border-width": 1.5,
        width: 16 * scale,
        height: 16 * scale,
        "min-zoomed-font-size": 6,
      },
    },
    { selector: "node.above", style: { "text-valign": "top", "text-margin-y": -3 } },
    { selector: "node.hub", style: { width: 22 * scale, height: 22 * scale, "z-index": 5, "text-valign": "bottom", "text-margin-y": 3 } },
    ...Object.entries(LOOKS).map(([type, look]) => ({ selector: `node.${type}`, style: { shape: look.shape === "square" ? "rectangle" : look.shape, "background-color": look.fill, "border-color": look.rim } as never })),
    {
      selector: "node.facility",
      style: { shape: "round-rectangle", width: "data(width)" as never, height: "data(height)" as never, "text-valign": "center", "text-margin-y": 0, color: "#ffffff", "text-background-opacity": 0 },
    },
    { selector: "node.place", style: { "background-color": paper, color: ink, "border-style": "dashed" } },
    { selector: "node.beyond", style: { "background-opacity": 0.35, "border-style": "dotted", "border-width": 2, color: ink } },
    { selector: "node.pinned", style: { "border-style": "double", "border-width": 5 } },
    { selector: "edge", style: { width: "data(width)" as never, "line-color": "data(colour)" as never, "curve-style": "straight", opacity: 0.55 } },
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
