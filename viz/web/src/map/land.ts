// The ground in kilometres: places from their coordinates, what is near enough to be looked at together, outlines of districts, a scale.
//
// A plane that touches the globe in the middle of all places (equirectangular): true to a part in a thousand over a city, and to some
// hundredths over a province; the scale is that of the middle.
export type Point = { x: number; y: number };
/** What is in the picture: its middle, and how many pixels a kilometre takes. */
export type Frame = Point & { scale: number };
export type Box = { left: number; right: number; top: number; bottom: number };
type Place = { latitude?: number | null; longitude?: number | null };

const KM = 111.2; // a degree of latitude
const HALF_ROUND = 180;
const GAP = 2.5; // what stands so many times as far from the middle as the place before it is elsewhere
const LEAST = 1; // kilometres: so much ground is shown at least
const BAR = 140; // pixels at most

const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Each place in kilometres east and south of the middle of all; null where it has no coordinates. */
export function flat(places: readonly Place[]): (Point | null)[] {
  const known = places.filter((one): one is { latitude: number; longitude: number } => one.latitude != null && one.longitude != null);
  if (!known.length) return places.map(() => null);
  const [first] = known as [{ latitude: number; longitude: number }];
  // Degrees go on beyond 180, so that places on both sides of the date line stand beside each other.
  const round = (longitude: number) => ((((longitude - first.longitude + HALF_ROUND) % 360) + 360) % 360) - HALF_ROUND;
  const [latitude, longitude] = [middle(known.map((one) => one.latitude)), middle(known.map((one) => round(one.longitude)))];
  const squeeze = Math.cos((latitude * Math.PI) / HALF_ROUND);
  return places.map((one) =>
    one.latitude == null || one.longitude == null ? null : { x: (round(one.longitude) - longitude) * squeeze * KM, y: (latitude - one.latitude) * KM },
  );
}

export const far = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Which points stand together: from their weighted middle outwards up to the first wide gap behind which less than half of the weight is.
 * So the hospitals of far capitals, to which a few are sent, do not make the city a speck. */
export function near(points: readonly Point[], weights: readonly number[]): Set<number> {
  const all = weights.reduce((sum, one) => sum + one, 0);
  const heart = { x: heavy(points.map((one) => one.x), weights, all), y: heavy(points.map((one) => one.y), weights, all) };
  const order = points.map((point, i) => ({ i, far: far(point, heart), weight: weights[i]! })).sort((a, b) => a.far - b.far || a.i - b.i);
  const found = new Set<number>();
  let [held, last] = [0, LEAST];
  for (const one of order) {
    if (held >= all / 2 && one.far > GAP * last) break;
    found.add(one.i);
    [held, last] = [held + one.weight, Math.max(one.far, LEAST)];
  }
  return found;
}

function heavy(values: readonly number[], weights: readonly number[], all: number): number {
  let held = 0;
  for (const [value, weight] of values.map((value, i) => [value, weights[i]!] as const).sort(([a], [b]) => a - b)) {
    held += weight;
    if (held >= all / 2) return value;
  }
  return 0;
}

export const boxOf = (points: readonly Point[]): Box =>
  points.reduce(
    (box, { x, y }) => ({ left: Math.min(box.left, x), right: Math.max(box.right, x), top: Math.min(box.top, y), bottom: Math.max(box.bottom, y) }),
    { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity },
  );

/** The frame that shows all of a box, with so many pixels around it. */
export function frameOf(box: Box, width: number, height: number, margin: number): Frame {
  const [wide, high] = [Math.max(box.right - box.left, LEAST), Math.max(box.bottom - box.top, LEAST)];
  const scale = Math.max(Math.min((width - 2 * margin) / wide, (height - 2 * margin) / high), Number.MIN_VALUE);
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, scale };
}

/** Where a point stands in the picture, in pixels. */
export const onSheet = ({ x, y }: Point, frame: Frame, width: number, height: number): [number, number] => [
  width / 2 + (x - frame.x) * frame.scale,
  height / 2 + (y - frame.y) * frame.scale,
];

/** The corners of what surrounds all points (Andrew's chain), the way round; one or two points are their own outline. */
export function hull(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const half = (walk: readonly Point[]): Point[] => {
    const chain: Point[] = [];
    for (const point of walk) {
      while (chain.length > 1 && turns(chain[chain.length - 2]!, chain[chain.length - 1]!, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half([...sorted].reverse())];
}

const turns = (a: Point, b: Point, c: Point): number => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

/** A scale of 1, 2 or 5 kilometres times a power of ten, as long as it may be: its kilometres and its pixels. */
export function scaleBar(scale: number): { km: number; long: number } {
  const most = BAR / scale;
  const power = 10 ** Math.floor(Math.log10(most));
  const km = [5, 2, 1].map((step) => step * power).find((step) => step <= most * (1 + 1e-9)) ?? power;
  return { km, long: km * scale };
}

const POINTS = 8; // of a compass, the first is north, and on they go by the east
/** Which way a point lies from another, as one of eight. */
export const bearing = (from: Point, to: Point): number => (Math.round((Math.atan2(to.x - from.x, from.y - to.y) / (2 * Math.PI)) * POINTS) + POINTS) % POINTS;
