// A ring's answers put together, and what belongs to what: the three panes show one choice.
import type { Shapes } from "../service/client";

export type Node = Shapes["GraphNode"];
export type Edge = Shapes["GraphEdge"];
/** A claim of the ring; `member`: whose it is, null where that is no member. */
export type Claim = { claim_id: string; member: string | null; others: readonly string[]; facility_id: string; facility_name: string | null; service_type: string; start: string; end: string; total_amount: string; fund_amount: string | null };
export type Reason = Shapes["EvidenceItem"];

/** What the graph shows. */
export type Picture = { nodes: ReadonlyMap<string, Node>; edges: readonly Edge[] };
/** What the timeline shows; claims by their id, and those that name a member: both are made when something is chosen. */
export type Visits = { claims: readonly Claim[]; facilities: readonly Facility[]; claim: ReadonlyMap<string, Claim>; claimsOf: ReadonlyMap<string, ReadonlySet<string>> };
type Facility = Shapes["TimelineFacility"];
export type RingData = Picture &
  Omit<Visits, "facilities"> & {
    reasons: readonly Reason[];
    /** What places are called, by their id. */
    places: Readonly<Record<string, string>>;
  };

export const pictureOf = (graph: Shapes["RingGraph"]): Picture => ({ nodes: new Map(graph.nodes.map((node) => [node.member, node])), edges: graph.edges });

/** The claims from their columns. */
export function claimsIn({ facilities, claims: all }: Shapes["RingTimeline"]): Claim[] {
  return all.claim_id.map((claim_id, i) => {
    const { facility_id, facility_name } = facilities[all.facility[i]!]!;
    const start = all.start[i]!;
    return { claim_id, member: all.member[i]!, others: all.others[i]!, facility_id, facility_name, service_type: all.service_type[i]!, start, end: all.end[i] ?? start, total_amount: all.total_amount[i]!, fund_amount: all.fund_amount[i]! };
  });
}

export function visitsOf(claims: readonly Claim[], facilities: readonly Facility[]): Visits {
  let byId: Map<string, Claim> | undefined;
  let byMember: Map<string, Set<string>> | undefined;
  return {
    claims,
    facilities,
    get claim() {
      return (byId ??= new Map(claims.map((one) => [one.claim_id, one])));
    },
    get claimsOf() {
      return (byMember ??= byMemberOf(claims));
    },
  };
}

function byMemberOf(claims: readonly Claim[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const claim of claims) {
    for (const one of whoOf(claim)) {
      let own = found.get(one);
      if (!own) found.set(one, (own = new Set()));
      own.add(claim.claim_id);
    }
  }
  return found;
}

export const NO_VISITS = visitsOf([], []);

/** All of a ring, as far as it is there: each pane is drawn when its answer has come. */
export function put(picture: Picture, visits: Visits, reasons: readonly Reason[]): RingData {
  const places: Record<string, string> = {};
  for (const node of picture.nodes.values()) if (node.entity_type === "facility" && node.name) places[node.entity_id] = node.name;
  for (const one of visits.facilities) if (one.facility_name) places[one.facility_id] = one.facility_name;
  return {
    ...picture,
    claims: visits.claims,
    get claim() {
      return visits.claim;
    },
    get claimsOf() {
      return visits.claimsOf;
    },
    reasons,
    places,
  };
}

export const whoOf = (claim: Claim): string[] => [...(claim.member ? [claim.member] : []), ...claim.others];

/** What a member is called: its name where it has one. */
export const called = (node: Node): string => node.name ?? node.entity_id;

/** What was chosen. It stands in the address: `member:m3`, `tie:m1~m4`, `claim:C17`, `reason:2`. */
export type Choice = { kind: "member"; member: string } | { kind: "tie"; a: string; b: string } | { kind: "claim"; claim: string } | { kind: "reason"; reason: number };

export function choiceOf(text: string | undefined, data: RingData): Choice | null {
  const [kind, rest = ""] = (text ?? "").split(/:(.*)/s);
  if (kind === "member" && data.nodes.has(rest)) return { kind, member: rest };
  if (kind === "claim" && data.claim.has(rest)) return { kind, claim: rest };
  if (kind === "reason" && data.reasons[Number(rest)]) return { kind, reason: Number(rest) };
  if (kind === "tie") {
    const [a = "", b = ""] = rest.split("~");
    if (data.edges.some((edge) => edge.a === a && edge.b === b)) return { kind, a, b };
  }
  return null;
}

export function written(choice: Choice): string {
  switch (choice.kind) {
    case "member":
      return `member:${choice.member}`;
    case "tie":
      return `tie:${choice.a}~${choice.b}`;
    case "claim":
      return `claim:${choice.claim}`;
    case "reason":
      return `reason:${choice.reason}`;
  }
}

export type Reach = { members: ReadonlySet<string>; claims: ReadonlySet<string>; reasons: ReadonlySet<number> };

/** All that a choice touches: whom, which claims, which reasons. */
export function reach(choice: Choice, data: RingData): Reach {
  const claims = claimsOf(choice, data);
  const members = new Set<string>(choice.kind === "member" ? [choice.member] : choice.kind === "tie" ? [choice.a, choice.b] : []);
  if (choice.kind === "claim" || choice.kind === "reason") {
    for (const id of claims) {
      const claim = data.claim.get(id);
      if (claim) for (const one of whoOf(claim)) members.add(one);
    }
  }
  const reasons = choice.kind === "reason" ? [choice.reason] : data.reasons.flatMap((reason, i) => (reason.claim_ids.some((id) => claims.has(id)) ? [i] : []));
  return { members, claims, reasons: new Set(reasons) };
}

function claimsOf(choice: Choice, data: RingData): ReadonlySet<string> {
  switch (choice.kind) {
    case "member":
      return data.claimsOf.get(choice.member) ?? new Set();
    case "claim":
      return new Set([choice.claim]);
    case "reason":
      return new Set(data.reasons[choice.reason]?.claim_ids);
    case "tie":
      return together(choice.a, choice.b, data);
  }
}

/** Claims that join two: those that name both, or of two people those of days on which both were at one place. */
function together(a: string, b: string, data: RingData): ReadonlySet<string> {
  const [one, other] = [data.claimsOf.get(a) ?? new Set<string>(), data.claimsOf.get(b) ?? new Set<string>()];
  const both = [...one].filter((id) => other.has(id));
  if (both.length) return new Set(both);
  const visits = (ids: ReadonlySet<string>) => new Map([...ids].map((id) => [id, visit(data.claim.get(id)!)]));
  const [first, second] = [visits(one), visits(other)];
  const [here, there] = [new Set(first.values()), new Set(second.values())];
  return new Set([...first, ...second].filter(([, at]) => here.has(at) && there.has(at)).map(([id]) => id));
}

/** Place and day: who shares it came together. */
export const visit = (claim: Claim): string => `${claim.facility_id}|${claim.start.slice(0, 10)}`;

/** A sentence in parts, where each id of a place that has a name is told by its name. */
export function named(sentence: string, names: Readonly<Record<string, string>>): (string | { id: string; name: string })[] {
  return sentence.split(/([A-Za-z0-9_-]+)/).map((part) => {
    const name = Object.hasOwn(names, part) ? names[part] : undefined;
    return name === undefined ? part : { id: part, name };
  });
}
