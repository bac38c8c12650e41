// A ring's answers put together, and what belongs to what: the three panes show one choice.
import type { Shapes } from "../service/client";

export type Node = Shapes["GraphNode"];
export type Edge = Shapes["GraphEdge"];
export type Claim = Shapes["TimelineClaim"];
export type Reason = Shapes["EvidenceItem"];

/** What the graph shows. */
export type Picture = { nodes: ReadonlyMap<string, Node>; edges: readonly Edge[] };
/** What the timeline shows; claims by their id, and those that name a member. */
export type Visits = { claims: readonly Claim[]; claim: ReadonlyMap<string, Claim>; claimsOf: ReadonlyMap<string, ReadonlySet<string>> };
export type RingData = Picture &
  Visits & {
    reasons: readonly Reason[];
    /** What places are called, by their id. */
    places: Readonly<Record<string, string>>;
  };

export const pictureOf = (graph: Shapes["RingGraph"]): Picture => ({ nodes: new Map(graph.nodes.map((node) => [node.member, node])), edges: graph.edges });

export function visitsOf(timeline: Shapes["RingTimeline"]): Visits {
  const claimsOf = new Map<string, Set<string>>();
  for (const claim of timeline.claims) {
    for (const one of whoOf(claim)) {
      let found = claimsOf.get(one);
      if (!found) claimsOf.set(one, (found = new Set()));
      found.add(claim.claim_id);
    }
  }
  return { claims: timeline.claims, claim: new Map(timeline.claims.map((one) => [one.claim_id, one])), claimsOf };
}

export const NO_VISITS: Visits = { claims: [], claim: new Map(), claimsOf: new Map() };

/** All of a ring, as far as it is there: each pane is drawn when its answer has come. */
export function put(picture: Picture, visits: Visits, reasons: readonly Reason[]): RingData {
  const places: Record<string, string> = {};
  for (const node of picture.nodes.values()) if (node.entity_type === "facility" && node.name) places[node.entity_id] = node.name;
  for (const claim of visits.claims) if (claim.facility_name) places[claim.facility_id] = claim.facility_name;
  return { ...picture, ...visits, reasons, places };
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
