import type { Shapes } from "../service/client";
import { useWords } from "../words";
import { Bulk } from "./Bulk";
import { giveRing } from "./ringSteps";

type Row = Shapes["RingListed"];

/** Rings that were chosen in the list of alerts: each to a case, all to one desk. */
export default function BulkRings({ rings, chosen }: { rings: readonly Row[]; chosen: (left: readonly Row[]) => void }) {
  const { say } = useWords();
  return (
    <Bulk
      items={rings}
      called={(ring) => ring.ring_id}
      districts={(ring) => ring.districts}
      label={say("casework.take_all")}
      go={say("casework.take_all_go")}
      work={(ring, assignee, key) => giveRing(ring, say("casework.new_title", { kind: ring.kind_name, ring: ring.ring_id }), assignee, key)}
      chosen={chosen}
    />
  );
}
