import type { KeyboardEvent } from "react";

import { turn, usePlace } from "../place/use";
import type { Shapes } from "../service/client";
import { later } from "../shell/later";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import { Evidence } from "./Evidence";
import { History } from "./History";
import { Members } from "./Members";
import type { Choice, Reach, RingData } from "./data";

const Cypher = later(() => import("./Cypher"));
const SIDES = ["evidence", "members", "history", "cypher"] as const;
type Side = (typeof SIDES)[number];

type Props = { ring: Shapes["RingDetail"]; data: RingData; choice: Choice | null; reached: Reach | null; choose: (choice: Choice | null) => void };

/** Why, who, since when, and by which query: one beside the pictures at a time. */
export function Sides({ ring, data, choice, reached, choose }: Props) {
  const { say } = useWords();
  const { params } = usePlace();
  const cypher = useMay("GET /v1/rings/{ring_id}/cypher");
  const sides = SIDES.filter((one) => one !== "cypher" || cypher);
  const side: Side = sides.find((one) => one === params.get("side")) ?? "evidence";
  function key(event: KeyboardEvent): void {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by) return;
    const next = sides[(sides.indexOf(side) + by + sides.length) % sides.length]!;
    turn({ side: next === "evidence" ? "" : next }, true);
    document.getElementById(`side-${next}`)?.focus();
  }
  return (
    <section className="sides">
      <div role="tablist" aria-label={say("app.sides")} onKeyDown={key}>
        {sides.map((one) => (
          <button key={one} id={`side-${one}`} type="button" role="tab" aria-selected={one === side} aria-controls="side" tabIndex={one === side ? 0 : -1} onClick={() => turn({ side: one === "evidence" ? "" : one })}>
            {say(`app.side_${one}`)}
          </button>
        ))}
      </div>
      <div id="side" role="tabpanel" aria-labelledby={`side-${side}`} tabIndex={0}>
        {side === "evidence" ? <Evidence data={data} choice={choice} reached={reached} choose={choose} /> : null}
        {side === "members" ? <Members ring={ring} data={data} reached={reached} choose={choose} /> : null}
        {side === "history" ? <History ring={ring.ring_id} /> : null}
        {side === "cypher" ? (
          <Cypher ring={ring.ring_id} />
        ) : null}
      </div>
    </section>
  );
}
