import { memo } from "react";

import type { Shapes } from "../service/client";
import { useWords } from "../words";
import { type Frame, type Point, onSheet, scaleBar } from "./land";

const AROUND = 46; // pixels: how wide an outline is drawn round the places of its district
const EDGE = 3;
const [LEFT, FOOT, TICK] = [16, 18, 5];
const DECIMALS = 2; // of a pixel's place

const path = (points: readonly [number, number][]): string => `M${points.map(([x, y]) => `${x.toFixed(DECIMALS)} ${y.toFixed(DECIMALS)}`).join("L")}Z`;

/** Districts as what their places span, with room around: a thick line round the outline, and on it a thinner one in the colour of land. */
export const Outlines = memo(function Outlines({ districts, frame, width, height }: { districts: readonly { district: string; outline: readonly Point[] }[]; frame: Frame; width: number; height: number }) {
  const drawn = districts.map(({ district, outline }) => ({ district, d: path(outline.map((point) => onSheet(point, frame, width, height))) }));
  return (
    <g className="outlines">
      {drawn.map(({ district, d }) => (
        <g key={district} data-district={district}>
          <path d={d} className="border" strokeWidth={AROUND + EDGE} />
          <path d={d} className="land" strokeWidth={AROUND} />
        </g>
      ))}
    </g>
  );
});

export type Mark = "hospital" | "clinic" | "pharmacy" | "unknown";
export const MARKS: readonly Mark[] = ["hospital", "clinic", "pharmacy", "unknown"];
const SIZE = 5;

/** Hospitals are crosses, clinics triangles, pharmacies diamonds, others squares: told apart without colour. */
export function markOf(kind: Mark, x: number, y: number, size = SIZE): string {
  const [a, b] = [size, size / 3];
  const at = (points: readonly (readonly [number, number])[]) => path(points.map(([dx, dy]) => [x + dx, y + dy]));
  if (kind === "hospital") return at([[-b, -a], [b, -a], [b, -b], [a, -b], [a, b], [b, b], [b, a], [-b, a], [-b, b], [-a, b], [-a, -b], [-b, -b]]);
  if (kind === "clinic") return at([[0, -a], [a, a], [-a, a]]);
  if (kind === "pharmacy") return at([[0, -a], [a, 0], [0, a], [-a, 0]]);
  return at([[-a, -a], [a, -a], [a, a], [-a, a]].map(([dx, dy]) => [dx! * 0.8, dy! * 0.8] as const));
}

/** All places where no ring meets, in one line a kind: thousands of them stay quick. Where rings meet the sign is darker, and under them. */
export const Places = memo(function Places({ facilities, at, busy }: { facilities: readonly Shapes["PlaceOnMap"][]; at: readonly ([number, number] | null)[]; busy: ReadonlyMap<number, number> }) {
  return (
    <g className="places">
      {MARKS.map((mark) =>
        [false, true].map((met) => {
          const d = facilities.map((one, i) => (at[i] && (one.kind ?? "unknown") === mark && busy.has(i) === met ? markOf(mark, ...at[i]) : "")).join("");
          return d ? <path key={`${mark} ${met}`} d={d} className={met ? "met" : ""} /> : null;
        }),
      )}
    </g>
  );
});

/** How far a kilometre goes, and where north is. */
export function Scale({ scale, height }: { scale: number; height: number }) {
  const { say } = useWords();
  const { km, long } = scaleBar(scale);
  const foot = height - FOOT;
  return (
    <g className="scale">
      <path d={`M${LEFT} ${foot - TICK}V${foot}H${LEFT + long}V${foot - TICK}`} />
      <text x={LEFT + long + 8} y={foot}>{km < 1 ? say("app.land_metres", { count: Math.round(km * 1000) }) : say("app.land_km", { count: km })}</text>
      <path d={`M${LEFT + 4} ${foot - 20}V${foot - 40}M${LEFT} ${foot - 34}L${LEFT + 4} ${foot - 40}L${LEFT + 8} ${foot - 34}`} />
      <text x={LEFT + 14} y={foot - 26}>{say("app.land_north")}</text>
    </g>
  );
}
