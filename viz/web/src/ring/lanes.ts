// The timeline before anybody draws it: one lane a patient, those who come at the same times beside each other; the ring's occasions.
import type { Claim } from "./data";

const DAY_MS = 86_400_000;
const MOST_DAYS = 2 ** 24; // more days than a calendar has
const LEAST_TOGETHER = 3; // patients at one place on one day, as in the report

export type Bar = { claim: Claim; lane: number; from: number; to: number; place: number };
export type Lanes = {
  members: readonly string[];
  bars: readonly Bar[];
  /** The bars of each lane, in order of time: only lanes in sight are drawn. */
  ofLane: readonly (readonly Bar[])[];
  /** Days (their midnights) on which at least three, or all of a smaller ring, came to one place. */
  occasions: readonly number[];
  /** Places in the order of how much happened there. */
  places: readonly { id: string; name: string; claims: number }[];
  from: number;
  to: number;
};

const ZERO = 48; // "0" as a character
const digits = (text: string, at: number, many: number): number => {
  let found = 0;
  for (let i = at; i < at + many; i += 1) found = 10 * found + text.charCodeAt(i) - ZERO;
  return found;
};

/** Times are local to the facility; here only their order and distance count. Read digit by digit (`2024-03-01T09:00:00`): there are tens of thousands. */
export const instant = (time: string): number => Date.UTC(digits(time, 0, 4), digits(time, 5, 2) - 1, digits(time, 8, 2), digits(time, 11, 2), digits(time, 14, 2), digits(time, 17, 2));

export function lanesOf(claims: readonly Claim[], mostPlaces: number): Lanes {
  const own = claims.filter((claim) => claim.member !== null);
  const starts = own.map((claim) => instant(claim.start));
  const visits = visitsOf(own, starts);
  const members = bySimilarity(visits);
  const lane = new Map(members.map((member, i) => [member, i]));
  const counted = new Map<string, { id: string; name: string; claims: number }>();
  for (const claim of own) {
    let found = counted.get(claim.facility_id);
    if (!found) counted.set(claim.facility_id, (found = { id: claim.facility_id, name: claim.facility_name ?? claim.facility_id, claims: 0 }));
    found.claims += 1;
  }
  const places = [...counted.values()].sort((a, b) => b.claims - a.claims || (a.id < b.id ? -1 : 1));
  const rank = new Map(places.map((place, i) => [place.id, Math.min(i, mostPlaces - 1)]));
  const ofLane: Bar[][] = members.map(() => []);
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const bars = own.map((claim, i) => {
    const start = starts[i]!;
    const bar = { claim, lane: lane.get(claim.member!)!, from: start, to: claim.end === claim.start ? start : Math.max(instant(claim.end), start), place: rank.get(claim.facility_id)! };
    ofLane[bar.lane]!.push(bar);
    if (start < from) from = start;
    if (bar.to > to) to = bar.to;
    return bar;
  });
  for (const one of ofLane) one.sort((a, b) => a.from - b.from);
  return { members, bars, ofLane, occasions: occasionsOf(visits, Math.min(LEAST_TOGETHER, Math.max(2, members.length))), places, from, to };
}

/** Members, and for each place and day on which somebody came who was there, as positions among the members, with that day's midnight. */
export type Visits = { members: readonly string[]; there: readonly (readonly number[])[]; days: readonly number[] };

/** `starts`: when each of these claims began. Counted in numbers: there are tens of thousands. */
export function visitsOf(claims: readonly Claim[], starts: readonly number[] = claims.map((claim) => instant(claim.start))): Visits {
  const [members, places] = [new Map<string, number>(), new Map<string, number>()];
  const placed = (all: Map<string, number>, one: string): number => {
    const found = all.get(one);
    if (found !== undefined) return found;
    all.set(one, all.size);
    return all.size - 1;
  };
  const at = new Map<number, number>(); // position of a visit by its place and day
  const there: number[][] = [];
  const days: number[] = [];
  claims.forEach((claim, i) => {
    const [member, day] = [placed(members, claim.member!), Math.floor(starts[i]! / DAY_MS)];
    const key = placed(places, claim.facility_id) * MOST_DAYS + day;
    const visit = at.get(key);
    if (visit === undefined) {
      at.set(key, there.length);
      there.push([member]);
      days.push(day * DAY_MS);
    } else if (!there[visit]!.includes(member)) there[visit]!.push(member);
  });
  return { members: [...members.keys()], there, days };
}

function occasionsOf({ there, days }: Visits, least: number): number[] {
  return [...new Set(days.filter((_, i) => there[i]!.length >= least))].sort((a, b) => a - b);
}

/** Patients so that neighbours share most visits; the one with most visits first, ties by name. */
export function bySimilarity({ members, there }: Visits): string[] {
  const visits: (readonly number[])[][] = members.map(() => []);
  for (const who of there) for (const one of who) visits[one]!.push(who);
  const left = members.map((_, i) => i).sort((a, b) => visits[b]!.length - visits[a]!.length || number(members[a]!) - number(members[b]!));
  const found: string[] = [];
  const shared = new Uint32Array(members.length); // visits with the one who stands last
  let now = left.shift();
  while (now !== undefined) {
    found.push(members[now]!);
    shared.fill(0);
    for (const who of visits[now]!) for (const other of who) shared[other]! += 1;
    let best = 0;
    for (let i = 1; i < left.length; i += 1) if (shared[left[i]!]! > shared[left[best]!]!) best = i;
    now = left.splice(best, 1)[0];
  }
  return found;
}

const number = (member: string): number => Number(member.slice(1));

/**
 * Those bars of one lane that are worth drawing: within the pane, and not one behind the other on one pixel. `x`: where a time stands;
 * `from`, `to`: pixels of the pane; `thinnest`: of a bar. In order of time, as the lane is.
 */
export function worthDrawing(lane: readonly Bar[], x: (at: number) => number, from: number, to: number, thinnest: number): Bar[] {
  const found: Bar[] = [];
  const reached = new Map<number, number>(); // by place, the last pixel that its bars cover
  for (const bar of lane) {
    const left = x(bar.from);
    const right = Math.max(left + thinnest, x(bar.to));
    if (left > to) break;
    if (right < from || Math.ceil(right) <= (reached.get(bar.place) ?? Number.NEGATIVE_INFINITY)) continue;
    reached.set(bar.place, Math.ceil(right));
    found.push(bar);
  }
  return found;
}

/** Where times stand on a line of pixels. */
export type Span = { from: number; to: number };

export function whole(lanes: Lanes): Span {
  const margin = Math.max((lanes.to - lanes.from) / 30, DAY_MS);
  return { from: lanes.from - margin, to: lanes.to + margin };
}

/** The span with a moment kept in its place and everything else nearer or farther; never beyond all there is, nor under an hour. */
export function zoomed(span: Span, by: number, around: number, all: Span): Span {
  const width = Math.min(all.to - all.from, Math.max((span.to - span.from) * by, 3_600_000));
  const share = (around - span.from) / (span.to - span.from);
  return within({ from: around - width * share, to: around + width * (1 - share) }, all);
}

export function within(span: Span, all: Span): Span {
  const width = Math.min(span.to - span.from, all.to - all.from);
  const from = Math.min(Math.max(span.from, all.from), all.to - width);
  return { from, to: from + width };
}

const STEPS = [1, 2, 7, 14].map((days) => days * DAY_MS);

/** Moments that the scale names: months where they are wide enough, else days. */
export function ticks(span: Span, pixels: number): { at: number; text: string }[] {
  const perPixel = (span.to - span.from) / pixels;
  const step = STEPS.find((one) => one / perPixel > 70);
  const found: { at: number; text: string }[] = [];
  if (step && perPixel * pixels < 100 * DAY_MS) {
    for (let at = Math.ceil(span.from / step) * step; at <= span.to; at += step) found.push({ at, text: new Date(at).toISOString().slice(5, 10) });
    return found;
  }
  const months = Math.max(1, Math.ceil((70 * perPixel) / (30 * DAY_MS)));
  const first = new Date(span.from);
  for (let month = Math.floor(first.getUTCMonth() / months) * months; ; month += months) {
    const at = Date.UTC(first.getUTCFullYear(), month, 1);
    if (at > span.to) return found;
    if (at >= span.from) found.push({ at, text: new Date(at).toISOString().slice(0, 7) });
  }
}
