// Members side by side: what each did in the ring, and what they share.
import { type RingData, visit } from "./data";

export type Beside = { member: string; claims: number; total: number; fund: number; places: [string, number][]; kinds: [string, number][]; first: string; last: string };

const counted = (values: readonly string[]): [string, number][] => {
  const found = new Map<string, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return [...found].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
};

/** In cents while adding, so that no digit is lost. */
const sum = (amounts: readonly (string | null)[]): number => amounts.reduce((all, one) => all + Math.round(Number(one ?? 0) * 100), 0) / 100;

export function beside(member: string, data: RingData): Beside {
  const claims = data.claims.filter((claim) => claim.member === member || claim.others.includes(member));
  return {
    member,
    claims: claims.length,
    total: sum(claims.map((claim) => claim.total_amount)),
    fund: sum(claims.map((claim) => claim.fund_amount)),
    places: counted(claims.map((claim) => claim.facility_name ?? claim.facility_id)),
    kinds: counted(claims.map((claim) => claim.service_type)),
    first: claims[0]?.start ?? "",
    last: claims.at(-1)?.start ?? "",
  };
}

/** Days on which all of these were at one place, of all days on which the first was anywhere. */
export function sharedVisits(members: readonly string[], data: RingData): { shared: string[]; of: number } {
  const visits = members.map((member) => new Set(data.claims.filter((claim) => claim.member === member || claim.others.includes(member)).map(visit)));
  const [first = new Set<string>(), ...others] = visits;
  return { shared: [...first].filter((at) => others.every((one) => one.has(at))).sort((a, b) => (a.slice(-10) < b.slice(-10) ? -1 : 1)), of: first.size };
}

/** Those who stand on claims of every one of these: a doctor, a place, an agent. */
export function inCommon(members: readonly string[], data: RingData): string[] {
  const around = members.map((member) => new Set(data.claims.filter((claim) => claim.member === member || claim.others.includes(member)).flatMap((claim) => [...claim.others, claim.member ?? ""])));
  const [first = new Set<string>(), ...others] = around;
  return [...first].filter((one) => one && !members.includes(one) && others.every((set) => set.has(one)));
}
