import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { today } from "../cases/wanted";
import { count } from "../figures";
import { address } from "../place/place";
import { go } from "../place/use";
import { asked, client, once } from "../service/client";
import { queries } from "../service/queries";
import { FactList } from "../shell/FactList";
import { Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";
import { Facility, facilityCalled } from "./Facility";

const NEXT = 50;
const IN_A_WEEK_MS = 7 * 86_400_000; // a look needs somebody who has time for it

/** Every facility within a year: how many were looked at, and which come next, each with a way to plan it. */
export function Next() {
  const { say, lang } = useWords();
  const [on, setOn] = useState(() => today(new Date(Date.now() + IN_A_WEEK_MS)));
  const { data, error } = useQuery({ queryKey: ["screening"], staleTime: 0, refetchOnWindowFocus: true, queryFn: () => asked(client.GET("/v1/screening", { params: { query: { limit: NEXT } } })) });
  const plan = useMutation({
    mutationFn: (facility_id: string) => asked(client.POST("/v1/looks", { params: { header: once() }, body: { facility_id, planned_on: on } })),
    onSettled: () => void queries.invalidateQueries({ predicate: ({ queryKey: [first] }) => first === "screening" || first === "looks" }),
  });
  if (error && !data) return <Wrong error={error} />;
  if (!data) return <Waiting />;
  const facts: [string, number][] = [
    [say("casework.look_all"), data.facilities],
    [say("casework.look_taken"), data.looked_at],
    [say("casework.look_planned"), data.planned],
    [say("casework.look_neither"), data.neither],
  ];
  return (
    <>
      <p>{say("casework.look_note", { months: data.every_months })}</p>
      <FactList facts={facts.map(([name, value]) => [name, count(value, lang)] as const)} />
      <progress className="coverage" aria-label={say("casework.look_taken")} max={Math.max(1, data.facilities)} value={data.looked_at} />
      <h2 className="spaced">{say("casework.look_next")}</h2>
      <p className="quiet">{say("casework.look_order")}</p>
      <p>
        <label>
          {say("casework.look_on")} <input type="date" min={today()} required value={on} onChange={(event) => setOn(event.target.value)} />
        </label>
      </p>
      {plan.error ? <Wrong error={plan.error} /> : null}
      {plan.isSuccess ? <p role="status">{say("casework.look_done", { id: facilityCalled(plan.data), day: plan.data.planned_on })}</p> : null}
      <div className="list" tabIndex={0} role="region" aria-label={say("casework.look_next")}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say("casework.look_facility")}</th>
              <th scope="col">{say("casework.districts")}</th>
              <th scope="col" className="number">{say("casework.look_alerts")}</th>
              <th scope="col">{say("casework.look_last")}</th>
              <th scope="col">
                <span className="hidden">{say("app.actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {data.following.map((one) => (
              <tr key={one.facility_id}>
                <td>
                  <Facility of={one} />
                </td>
                <td>{one.district}</td>
                <td className="number">{count(one.alerts, lang)}</td>
                <td>{one.last ?? <span className="quiet">{say("casework.look_never")}</span>}</td>
                <td>
                  <span className="row">
                    <button type="button" disabled={plan.isPending || !on} onClick={() => plan.mutate(one.facility_id)}>
                      {say("casework.look_plan")}
                    </button>
                    <button type="button" onClick={() => go(address(["screening"], [["part", "checks"], ["do", "send"], ["facility", one.facility_id]]))}>
                      {say("casework.check_send_short")}
                    </button>
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
