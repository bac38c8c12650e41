import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import { address } from "../place/place";
import { go } from "../place/use";
import type { Shapes } from "../service/client";
import { useTheme } from "../shell/theme";
import { useWords } from "../words";
import { Circles, Ways } from "./Circles";
import { type Wish, placed } from "./labels";
import { type Frame, type Point, boxOf, frameOf, onSheet } from "./land";
import { Outlines, Places, Scale } from "./Shapes";
import type { Shown } from "./occasions";

const MARGIN = 64; // pixels around what is looked at
const HEIGHT = 520;
const [CLOSER, STEP, CLICK] = [1.5, 60, 4]; // how much nearer at a time; pixels that a key moves, and that a click may
const [BELOW, ABOVE] = [22, 30]; // a name under its place, and one over its district
const [SMALL, LARGE] = [12, 13];

type Props = {
  label: string;
  facilities: readonly Shapes["PlaceOnMap"][];
  points: readonly (Point | null)[];
  /** Numbers of the places that should be in the picture at first. */
  within: readonly number[];
  districts: readonly { district: string; outline: readonly Point[] }[];
  shown: readonly Shown[];
  seats: ReadonlyMap<number, ReadonlyMap<string, number>>;
  most: number;
  over: string | null;
  setOver: (ring: string | null) => void;
};

/** The land with its places, and circles of rings where they meet; moved by hand or keys, and never further than it is told. */
export function Ground({ label, facilities, points, within, districts, shown, seats, most, over, setOver }: Props) {
  const { say } = useWords();
  const theme = useTheme();
  const pane = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [moved, setMoved] = useState({ x: 0, y: 0, nearer: 1 });
  const held = useRef<{ x: number; y: number; far: number } | null>(null);

  useLayoutEffect(() => {
    const watch = new ResizeObserver(() => setWidth(pane.current!.clientWidth));
    watch.observe(pane.current!);
    setWidth(pane.current!.clientWidth);
    return () => watch.disconnect();
  }, []);
  useEffect(() => setMoved({ x: 0, y: 0, nearer: 1 }), [within]);

  const frame = useMemo((): Frame => {
    const whole = frameOf(boxOf(within.map((one) => points[one]!)), Math.max(width, 3 * MARGIN), HEIGHT, MARGIN);
    return { x: whole.x + moved.x, y: whole.y + moved.y, scale: whole.scale * moved.nearer };
  }, [within, points, width, moved]);
  const at = useMemo(() => points.map((point) => point && onSheet(point, frame, width, HEIGHT)), [points, frame, width]);

  const zoom = (by: number) => setMoved((now) => ({ ...now, nearer: now.nearer * by }));
  const move = (x: number, y: number) => setMoved((now) => ({ ...now, x: now.x + x / frame.scale, y: now.y + y / frame.scale }));
  const whole = () => setMoved({ x: 0, y: 0, nearer: 1 });
  function onKey(event: KeyboardEvent): void {
    const moves: Record<string, () => void> = {
      ArrowLeft: () => move(-STEP, 0),
      ArrowRight: () => move(STEP, 0),
      ArrowUp: () => move(0, -STEP),
      ArrowDown: () => move(0, STEP),
      "+": () => zoom(CLOSER),
      "=": () => zoom(CLOSER),
      "-": () => zoom(1 / CLOSER),
      "0": whole,
    };
    const done = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
    if (!done) return;
    event.preventDefault();
    done();
  }
  function drag(event: PointerEvent): void {
    const from = held.current;
    if (!from) return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    move(-x, -y);
    held.current = { x: event.clientX, y: event.clientY, far: from.far + Math.abs(x) + Math.abs(y) };
  }
  function click(event: React.MouseEvent): void {
    const ring = (event.target as Element).getAttribute("data-ring");
    if (ring && (held.current?.far ?? 0) <= CLICK) go(address(["rings", ring]));
    held.current = null;
  }

  const busy = useMemo(() => new Map([...seats].map(([place, rings]) => [place, rings.size])), [seats]);
  const names = useMemo(() => {
    const wishes: Wish[] = [];
    for (const { district, outline } of districts) {
      const [x, y] = outline.map((point) => onSheet(point, frame, width, HEIGHT)).reduce((top, one) => (one[1] < top[1] ? one : top));
      wishes.push({ key: `district ${district}`, x, y: y - ABOVE, text: say("app.land_district", { district }), size: LARGE });
    }
    const claims = new Map<number, number>();
    for (const one of shown) for (const { place, claims: more } of one.at) claims.set(place, (claims.get(place) ?? 0) + more);
    for (const [place] of [...claims].filter(([, n]) => n > 0).sort(([a, x], [b, y]) => y - x || a - b)) {
      const spot = at[place];
      if (spot) wishes.push({ key: String(place), x: spot[0], y: spot[1] + BELOW, text: facilities[place]!.facility_name ?? facilities[place]!.facility_id, size: SMALL });
    }
    return placed(wishes, width, HEIGHT);
  }, [districts, shown, at, facilities, frame, width, say]);

  return (
    <>
      <div className="buttons">
        <button type="button" onClick={() => zoom(CLOSER)}>{say("app.land_nearer")}</button>
        <button type="button" onClick={() => zoom(1 / CLOSER)}>{say("app.land_further")}</button>
        <button type="button" onClick={whole}>{say("app.land_fit")}</button>
      </div>
      <div
        ref={pane}
        className="ground"
        tabIndex={0}
        role="application"
        aria-label={label}
        onKeyDown={onKey}
        onPointerDown={(event) => (held.current = { x: event.clientX, y: event.clientY, far: 0 })}
        onPointerMove={drag}
        onPointerLeave={() => (held.current = null)}
        onClick={click}
        onPointerOver={(event) => setOver((event.target as Element).getAttribute("data-ring"))}
      >
        <svg width={width} height={HEIGHT} aria-hidden="true">
          <Outlines districts={districts} frame={frame} width={width} height={HEIGHT} />
          <Places facilities={facilities} at={at} busy={busy} />
          <Ways shown={shown} at={at} over={over} theme={theme} />
          <Circles shown={shown} at={at} seats={seats} most={most} over={over} theme={theme} />
          {names.map((one) => (
            <text key={one.key} x={one.x} y={one.y} fontSize={one.size} className={one.key.startsWith("district") ? "districtname" : "placename"}>
              {one.text}
            </text>
          ))}
          <Scale scale={frame.scale} height={HEIGHT} />
        </svg>
      </div>
    </>
  );
}
