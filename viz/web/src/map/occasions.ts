// What is to be seen of rings in one month, or in all of them: where each meets, with how many claims, and where it met before.
import type { Shapes } from "../service/client";

type Ring = Shapes["RingOnMap"];
/** `claims`: of the month, or of all; 0 where the ring met before that month only. */
export type Occasion = { place: number; claims: number };
export type Shown = { ring: Ring; at: readonly Occasion[]; claims: number };

/** Of each ring the places where it meets, the busiest first; then those where it met before. A ring that has not met yet is left out. */
export function occasions(rings: readonly Ring[], month: number | null): Shown[] {
  const found: Shown[] = [];
  for (const ring of rings) {
    const at: Occasion[] = [];
    for (const { facility, months, claims } of ring.meetings) {
      if (month !== null && months[0]! > month) continue;
      const now = month === null ? claims.reduce((sum, one) => sum + one, 0) : (claims[months.indexOf(month)] ?? 0);
      at.push({ place: facility, claims: now });
    }
    at.sort((a, b) => b.claims - a.claims || a.place - b.place);
    if (at.length) found.push({ ring, at, claims: at.reduce((sum, one) => sum + one.claims, 0) });
  }
  return found;
}

/** Rings that meet then, the busiest first: what a table tells. */
export const meeting = (shown: readonly Shown[]): Shown[] =>
  shown.filter((one) => one.claims > 0).sort((a, b) => Number(b.ring.alert) - Number(a.ring.alert) || b.claims - a.claims || b.ring.score - a.ring.score);

/** At how many places that is. */
export const placesOf = (shown: readonly Shown[]): number => new Set(shown.flatMap(({ at }) => at.filter((one) => one.claims > 0).map((one) => one.place))).size;

/** Most claims of one ring at one place: in any month, or in all together. So a circle of one size means the same in each month. */
export function mostOf(rings: readonly Ring[], byMonth: boolean): number {
  const most = rings.flatMap(({ meetings }) => meetings.map(({ claims }) => (byMonth ? Math.max(...claims) : claims.reduce((sum, one) => sum + one, 0))));
  return most.reduce((a, b) => Math.max(a, b), 1);
}

/** Which ring stands as how manieth at which place, by all of its claims there: the same in each month, so that nothing jumps. */
export function seats(rings: readonly Ring[]): Map<number, Map<string, number>> {
  const busy = new Map<number, [string, number][]>();
  for (const { at, ring } of occasions(rings, null)) {
    for (const { place, claims } of at) busy.set(place, [...(busy.get(place) ?? []), [ring.ring_id, claims]]);
  }
  return new Map([...busy].map(([place, found]) => [place, new Map(found.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([ring], seat) => [ring, seat]))]));
}

/** The month after that one; null where the playback ends. From all months it begins with the first. */
export function following(month: number | null, months: number): number | null {
  const next = month === null ? 0 : month + 1;
  return next < months ? next : null;
}
