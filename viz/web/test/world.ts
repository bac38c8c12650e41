// A ring by hand: three patients, a doctor, a place that is a member and one that is none.
import { type Claim, type Edge, type Node, pictureOf, put, visitsOf } from "../src/ring/data";

const node = (member: string, entity_type: Node["entity_type"], entity_id: string, name: string | null, role: string | null): Node => ({ member, entity_type, entity_id, name, role, strength: 1, x: Number(member.slice(1)) * 10, y: -5 });
export const claim = (claim_id: string, member: string | null, facility_id: string, start: string, others: string[], total_amount = "10.10"): Claim => ({
  claim_id, member, others, facility_id, facility_name: facility_id === "F1" ? "一院" : null, service_type: "outpatient", start, end: start, total_amount, fund_amount: null,
});
export const NODES = [node("m1", "patient", "P1", "王**", "member"), node("m2", "patient", "P2", "王**", "member"), node("m3", "patient", "P3", "李**", "member"), node("m4", "doctor", "D1", "赵**", "attending"), node("m5", "facility", "F1", "一院", "host"), node("m6", "facility", "F2", null, null)];
export const EDGES: Edge[] = [
  { a: "m1", b: "m4", claims: 2, weight: null, ties: [] },
  { a: "m1", b: "m2", claims: null, weight: 6.5, ties: [{ channel: "together", observed: 2, expected: 0.1 }] },
  { a: "m2", b: "m3", claims: null, weight: 9.5, ties: [{ channel: "together", observed: 3, expected: 0.1 }] },
];
export const CLAIMS = [
  claim("C1", "m1", "F1", "2024-03-01T09:00:00", ["m4", "m5"]),
  claim("C2", "m2", "F1", "2024-03-01T10:00:00", ["m5"]),
  claim("C3", "m3", "F1", "2024-03-01T11:00:00", ["m5"]),
  claim("C4", "m1", "F2", "2024-03-08T09:00:00", ["m4", "m6"], "0.20"),
  claim("C5", "m2", "F1", "2024-03-09T09:00:00", ["m5"]),
];
const reason = (side: "for" | "harm" | "against", sentence: string, claim_ids: string[]) => ({ channel: "together", channel_name: "coming together", side, sentence, observed: 3, expected: 0.1, claim_ids });
export const DATA = put(
  pictureOf({ ring_id: "R1", run_id: "1", nodes: NODES, edges: EDGES }),
  visitsOf(CLAIMS, [{ facility_id: "F1", facility_name: "一院" }, { facility_id: "F2", facility_name: null }]),
  [reason("for", "3 people at F1, F2", ["C1", "C2", "C3"]), reason("harm", "of P2", ["C5"]), reason("against", "none", [])],
);
