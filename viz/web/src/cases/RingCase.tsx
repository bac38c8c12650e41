import { useEffect, useRef } from "react";

import { address } from "../place/place";
import { Link, turn, usePlace } from "../place/use";
import type { Shapes } from "../service/client";
import { Waiting, Wrong } from "../shell/Told";
import { useMay, useWho } from "../shell/who";
import { useWords } from "../words";
import { Person } from "./Person";
import { Dismiss, Take } from "./RingForms";
import { useCasesOf } from "./queries";
import { decides } from "./steps";
import "./cases.css";
import "./words";

/** The case of a ring, and the two ways from a ring into the casebook: take it to a case, or dismiss it with a reason. */
export default function RingCase({ ring }: { ring: Shapes["RingDetail"] }) {
  const { say } = useWords();
  const me = useWho();
  const { params } = usePlace();
  const add = useMay("POST /v1/cases");
  const { data, error } = useCasesOf(ring.ring_id);
  const box = useRef<HTMLElement>(null);
  const was = useRef(ring.suppressed);
  useEffect(() => {
    // The button that dismissed it goes with the ring: who pressed it is led to where that is told.
    if (ring.suppressed && !was.current && document.activeElement === document.body) box.current?.focus({ preventScroll: true });
    was.current = ring.suppressed;
  }, [ring.suppressed]);
  if (error) return <Wrong error={error} />;
  if (!data) return <Waiting />;
  const open = data.find((one) => one.state !== "closed");
  const closed = data.filter((one) => one.state === "closed");
  const boss = decides(me);
  const doing = add ? params.get("do") : null;
  const close = () => turn({ do: "" }, true);
  return (
    <section className="pane ringcase" ref={box} tabIndex={-1} aria-label={say("casework.of_ring")}>
      <div className="row">
        <p>
          {open ? (
            <>
              {say("casework.ring_open")} <Link to={address(["cases", open.case_id])}>{open.title}</Link> <span className="quiet">{open.case_id}</span> · <strong>{open.state_name}</strong> · <Person id={open.assignee} />
            </>
          ) : (
            say("casework.ring_none")
          )}
          {ring.suppressed ? <span className="dismissed"> {say("casework.ring_dismissed")}</span> : null}
        </p>
        <span className="buttons">
          {add && !open ? (
            <button type="button" className="first" aria-expanded={doing === "take"} onClick={() => turn({ do: doing === "take" ? "" : "take" })}>
              {say("casework.take")}
            </button>
          ) : null}
          {boss && !ring.suppressed ? (
            <button type="button" aria-expanded={doing === "dismiss"} onClick={() => turn({ do: doing === "dismiss" ? "" : "dismiss" })}>
              {say("casework.dismiss")}
            </button>
          ) : null}
        </span>
      </div>
      {closed.length ? (
        <p className="quiet">
          {say("casework.ring_closed")}{" "}
          {closed.map((one, i) => (
            <span key={one.case_id}>
              {i ? say("app.comma") : ""}
              <Link to={address(["cases", one.case_id])}>{one.case_id}</Link> {one.resolution ? say(`cases.resolution_${one.resolution}`) : ""}
            </span>
          ))}
        </p>
      ) : null}
      {!boss && add && !open && !ring.suppressed ? <p className="quiet">{say("casework.dismiss_who")}</p> : null}
      {doing === "take" && !open ? <Take ring={ring} done={close} /> : null}
      {doing === "dismiss" && boss && !ring.suppressed ? <Dismiss ring={ring} open={open ?? null} done={close} /> : null}
    </section>
  );
}
