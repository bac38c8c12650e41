import { asked, client } from "../service/client";
import { useWords } from "../words";
import type { Row } from "./CaseRows";
import { GiveTo } from "./GiveTo";
import { caseNow } from "./queries";
import { useBulk } from "./useBulk";

/** Cases that were chosen in the work list, all to one desk. */
export function BulkCases({ rows, chosen }: { rows: readonly Row[]; chosen: (left: readonly Row[]) => void }) {
  const { say } = useWords();
  const bulk = useBulk(rows, (row) => row.case_id, chosen);
  if (!rows.length && !bulk.over) return null;
  function give(assignee: string): void {
    bulk.run(assignee, async (row, key) => {
      const now = await caseNow(row.case_id);
      return asked(client.POST("/v1/cases/{case_id}:assign", { params: { path: { case_id: row.case_id }, header: { "If-Match": `"${now.version}"`, "Idempotency-Key": key } }, body: { assignee } }));
    });
  }
  return (
    <section className="bulk" aria-label={say("casework.give_to")}>
      {rows.length ? (
        <p className="row">
          <strong>{say("casework.chosen", { count: rows.length })}</strong>
          <GiveTo districts={rows.flatMap((row) => row.districts)} label={say("casework.give_to")} go={say("casework.give")} busy={bulk.pending} give={give} />
          <button type="button" onClick={() => chosen([])}>
            {say("casework.choose_none")}
          </button>
        </p>
      ) : null}
      {bulk.told}
    </section>
  );
}
