// The timeline before anybody draws it: one lane a patient, those who come at the same times beside each other; the ring's occasions.
import type { Claim } from "./data";
import { visit } from "./data";

const DAY_MS = 86_400_000;
const LEAST_TOGETHER = 3; // patients at one place on one day, as in the report

export type Bar = { claim: Claim; lane: number; from: number; to: number; place: number };
export type Lanes = {
  members: readonly string[];
  bars: readonly Bar[];
  /** Days (their midnights) on which at least three, or all of a smaller ring, came to one place. */
  occasions: readonly number[];
  /** Places in the order of how much happened there. */
  places: readonly { id: string; name: string; claims: number }[];
  from: number;
  to: number;
};

/** Times are local to the facility; here only their order and distance count. */
export const instant = (time: string): number => Date.parse(`${time}Z`);

export function lanesOf(claims: readonly Claim[], mostPlaces: number): Lanes {
  const own = claims.filter((claim) => claim.member !== null);
  const members = bySimilarity(own);
  const lane = new Map(members.map((member, i) => [member, i]));
  const counted = new Map<string, { id: string; name: string; claims: number }>();
  for (const claim of own) {
    const found = counted.get(claim.facility_id) ?? { id: claim.facility_id, name: claim.facility_name ?? claim.facility_id, claims: 0 };
    found.claims += 1;
    counted.set(claim.facility_id, found);
  }
  const places = [...counted.values()].sort((a, b) => b.claims - a.claims || (a.id < b.id ? -1 : 1));
  const rank = new Map(places.map((place, i) => [place.id, Math.min(i, mostPlaces - 1)]));
  const bars = own.map((claim) => ({
    claim,
    lane: lane.get(claim.member!)!,
    from: instant(claim.start),
    to: Math.max(instant(claim.end), instant(claim.start)),
    place: rank.get(claim.facility_id)!,
  }));
  const from = bars.reduce((least, bar) => Math.min(least, bar.from), Number.POSITIVE_INFINITY);
  const to = bars.reduce((most, bar) => Math.max(most, bar.to), Number.NEGATIVE_INFINITY);
  return { members, bars, occasions: occasionsOf(own, Math.min(LEAST_TOGETHER, Math.max(2, members.length))), places, from, to };
}

function occasionsOf(claims: readonly Claim[], least: number): number[] {
  const who = new Map<string, Set<string>>();
  for (const claim of claims) {
    const at = visit(claim);
    if (!who.has(at)) who.set(at, new Set());
    who.get(at)!.add(claim.member!);
  }
  const days = new Set([...who].filter(([, members]) => members.size >= least).map(([at]) => instant(`${at.slice(at.lastIndexOf("|") + 1)}T00:00:00`)));
  return [...days].sort((a, b) => a - b);
}

/** Patients so that neighbours share most visits; the one with most visits first, ties by name. */
export function bySimilarity(claims: readonly Claim[]): string[] {
  const visits = new Map<string, Set<string>>();
  const visitors = new Map<string, Set<string>>();
  for (const claim of claims) {
    const at = visit(claim);
    if (!visits.has(claim.member!)) visits.set(claim.member!, new Set());
    if (!visitors.has(at)) visitors.set(at, new Set());
    visits.get(claim.member!)!.add(at);
    visitors.get(at)!.add(claim.member!);
  }
  const left = [...visits.keys()].sort((a, b) => visits.get(b)!.size - visits.get(a)!.size || number(a) - number(b));
  const found: string[] = [];
  let now = left.shift();
  while (now !== undefined) {
    found.push(now);
    const shared = new Map<string, number>();
    for (const at of visits.get(now)!) for (const other of visitors.get(at)!) shared.set(other, (shared.get(other) ?? 0) + 1);
    let [best, most] = [0, -1];
    left.forEach((other, i) => {
      const together = shared.get(other) ?? 0;
      if (together > most) [best, most] = [i, together];
    });
    now = left.splice(best, 1)[0];
  }
  return found;
}

const number = (member: string): number => Number(member.slice(1));

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
