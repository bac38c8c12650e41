import { type FormEvent, useState } from "react";

import type { Shapes } from "../service/client";
import { useWho } from "../shell/who";
import { useWords } from "../words";
import { GiveTo } from "./GiveTo";
import { caseNow } from "./queries";
import { dismissRing, giveRing } from "./ringSteps";
import { decides } from "./steps";
import { useBulk } from "./useBulk";
import "./cases.css";
import "./words";

type Row = Shapes["RingListed"];
const PERCENT = 20; // growth at which a dismissed ring comes back, as the service has it where nobody says another

/** Rings that were chosen in the list of alerts: each to a case on one desk, or all dismissed for one reason. */
export default function BulkRings({ rings, chosen }: { rings: readonly Row[]; chosen: (left: readonly Row[]) => void }) {
  const { say } = useWords();
  const me = useWho();
  const [reason, setReason] = useState<string | null>(null);
  const bulk = useBulk(rings, (ring) => ring.ring_id, chosen);
  if (!rings.length && !bulk.over) return null;
  const take = (assignee: string) => bulk.run(assignee, (ring, key) => giveRing(ring, say("casework.new_title", { kind: ring.kind_name, ring: ring.ring_id }), assignee, key));
  function dismiss(event: FormEvent): void {
    event.preventDefault();
    const why = reason ?? "";
    bulk.run(why, async (ring, key) => {
      const open = ring.case && ring.case.state !== "closed" ? await caseNow(ring.case.case_id) : null;
      return dismissRing(ring.ring_id, say("casework.dismissed_title", { kind: ring.kind_name, ring: ring.ring_id }), open, why, PERCENT, key);
    });
  }
  return (
    <section className="bulk" aria-label={say("casework.take_all_go")}>
      {rings.length ? (
        <p className="row">
          <strong>{say("casework.chosen", { count: rings.length })}</strong>
          <GiveTo districts={rings.flatMap((ring) => ring.districts)} label={say("casework.take_all")} go={say("casework.take_all_go")} busy={bulk.pending} give={take} />
          {decides(me) ? (
            <button type="button" aria-expanded={reason !== null} onClick={() => setReason(reason === null ? "" : null)}>
              {say("casework.dismiss")}
            </button>
          ) : null}
          <button type="button" onClick={() => chosen([])}>
            {say("casework.choose_none")}
          </button>
        </p>
      ) : null}
      {rings.length && reason !== null ? (
        <form className="row" onSubmit={dismiss}>
          <label className="grow">
            {say("casework.reason")} <input className="long" required maxLength={1000} value={reason} placeholder={say("casework.reason_how")} onChange={(event) => setReason(event.target.value)} />
          </label>
          <button type="submit" className="first" disabled={bulk.pending || !reason.trim()}>
            {say("casework.dismiss_go")}
          </button>
        </form>
      ) : null}
      {bulk.told}
    </section>
  );
}
