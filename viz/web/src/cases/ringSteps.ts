// From a ring into the casebook: each is two requests, which go through together or can be sent again (the second finds what the first made).
import { Refused, type Shapes, asked, client } from "../service/client";
import { caseNow } from "./queries";
import type { Case } from "./steps";

const keyed = (key: string, version: number) => ({ "Idempotency-Key": key, "If-Match": `"${version}"` });

/** A new case about a ring, given to somebody at once where one is named. */
export async function openCase(body: Pick<Shapes["CaseRequest"], "ring_id" | "title"> & Partial<Shapes["CaseRequest"]>, assignee: string | null, key: string): Promise<Case> {
  const made = await asked(client.POST("/v1/cases", { params: { header: { "Idempotency-Key": `${key}-open` } }, body: { summary: "", priority: "normal", ...body } }));
  if (!assignee) return made;
  return asked(client.POST("/v1/cases/{case_id}:assign", { params: { path: { case_id: made.case_id }, header: keyed(`${key}-assign`, made.version) }, body: { assignee } }));
}

/** A ring to somebody's desk: its open case is given to them, or a new one is. */
export async function giveRing(ring: { ring_id: string; case: Shapes["CaseOfRing"] | null }, title: string, assignee: string, key: string): Promise<Case> {
  if (!ring.case || ring.case.state === "closed") return openCase({ ring_id: ring.ring_id, title }, assignee, key);
  const now = await caseNow(ring.case.case_id);
  return asked(client.POST("/v1/cases/{case_id}:assign", { params: { path: { case_id: now.case_id }, header: keyed(`${key}-assign`, now.version) }, body: { assignee } }));
}

/** A false positive: the ring's open case, or a new one, is closed with the reason, and the ring stays quiet until it grows. */
export async function dismissRing(ring: string, title: string, open: Case | null, reason: string, percent: number, key: string): Promise<Case> {
  const one = open ?? (await opened(ring, title, key));
  const body = { resolution: "false_positive", reason, suppress: true, suppress_percent: percent } as const;
  return asked(client.POST("/v1/cases/{case_id}:close", { params: { path: { case_id: one.case_id }, header: keyed(`${key}-close`, one.version) }, body }));
}

async function opened(ring: string, title: string, key: string): Promise<Case> {
  try {
    return await openCase({ ring_id: ring, title, priority: "low" }, null, key);
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "ring_has_case") throw error;
    // Somebody opened one meanwhile, or an earlier try did.
    const [found] = (await asked(client.GET("/v1/cases", { params: { query: { ring_id: ring, open: true, limit: 1 } } }))).cases;
    if (!found) throw error;
    return caseNow(found.case_id);
  }
}
