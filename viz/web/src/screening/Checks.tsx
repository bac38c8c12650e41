import { useQuery } from "@tanstack/react-query";

import { QuickForm, useQuickForm } from "../cases/QuickForm";
import { count, exactMoney } from "../figures";
import { address } from "../place/place";
import { Link, go, turn, usePlace } from "../place/use";
import { asked, client } from "../service/client";
import { queries } from "../service/queries";
import { Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";
import { Facility, facilityCalled } from "./Facility";
import { CHECKS, checksOf, itemsOf } from "./parts";

const PAGE = 200;

/** Self-checks, soonest due first, and the way to send one. */
export function Checks() {
  const { say, lang } = useWords();
  const { params } = usePlace();
  const wanted = checksOf(params);
  const { data, error } = useQuery({ queryKey: ["checks", wanted], staleTime: 0, refetchOnWindowFocus: true, queryFn: () => asked(client.GET("/v1/self-checks", { params: { query: { ...wanted, limit: PAGE } } })) });
  return (
    <>
      <p className="quiet">{say("casework.check_note")}</p>
      <Send open={params.get("do") === "send"} facility={params.get("facility") ?? ""} />
      <form className="filters" role="search" aria-label={say("app.filters")} onSubmit={(event) => event.preventDefault()}>
        <label>
          {say("casework.filter_state")}
          <select value={wanted.state ?? ""} onChange={(event) => turn({ state: event.target.value })}>
            <option value="">{say("app.any")}</option>
            {CHECKS.map((one) => (
              <option key={one} value={one}>
                {say(`casework.check_state_${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label className="yes">
          <input type="checkbox" checked={wanted.late === true} onChange={(event) => turn({ late: event.target.checked ? "1" : "" })} /> {say("casework.check_late_only")}
        </label>
      </form>
      {error ? <Wrong error={error} /> : null}
      {data ? null : error ? null : <Waiting />}
      {data ? (
        <>
          <p className="quiet" role="status">
            {say("casework.check_listed", { total: count(data.total, lang) })}
          </p>
          {data.self_checks.length ? (
            <div className="list" tabIndex={0} role="region" aria-label={say("casework.look_part_checks")}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{say("casework.check")}</th>
                    <th scope="col">{say("casework.look_facility")}</th>
                    <th scope="col">{say("casework.districts")}</th>
                    <th scope="col">{say("casework.col_state")}</th>
                    <th scope="col">{say("casework.check_due")}</th>
                    <th scope="col" className="number">{say("casework.check_said")}</th>
                    <th scope="col" className="number">{say("casework.check_returned")}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.self_checks.map((one) => (
                    <tr key={one.check_id}>
                      <td>
                        <Link to={address(["screening", one.check_id])}>
                          {say("casework.check_of")} {facilityCalled(one)}
                        </Link>{" "}
                        <span className="quiet nobreak">{one.check_id}</span>
                      </td>
                      <td>
                        <Facility of={one} />
                      </td>
                      <td>{one.district}</td>
                      <td className="nobreak">{say(`casework.check_state_${one.state}`)}</td>
                      <td>
                        <span className="nobreak">{one.answered_on ?? one.due_on}</span> {one.late ? <strong className="alertword">{say("casework.late")}</strong> : null}
                      </td>
                      <td className="number">{exactMoney(one.amount)}</td>
                      <td className="number">{one.amount === null ? "" : exactMoney(one.returned)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <p className="empty">{say("casework.check_none")}</p>
          )}
          {data.next_cursor ? <p className="quiet">{say("casework.look_more", { count: PAGE })}</p> : null}
        </>
      ) : null}
    </>
  );
}

function Send({ open, facility }: { open: boolean; facility: string }) {
  const { say } = useWords();
  const form = useQuickForm(
    `self-check ${facility}`,
    { facility_id: facility, items: "" },
    (values, key) => asked(client.POST("/v1/self-checks", { params: { header: { "Idempotency-Key": key } }, body: { facility_id: values["facility_id"]!.trim(), items: itemsOf(values["items"]!) } })),
    (check) => {
      void queries.invalidateQueries({ queryKey: ["checks"] });
      go(address(["screening", check.check_id]));
    },
  );
  if (!open) {
    return (
      <p>
        <button type="button" className="first" onClick={() => turn({ do: "send" })}>
          {say("casework.check_send")}
        </button>
      </p>
    );
  }
  return (
    <section className="pane">
      <h2>{say("casework.check_send")}</h2>
      <QuickForm
        title={say("casework.check_send")}
        go={say("casework.check_send_go")}
        cancel={() => turn({ do: "", facility: "" }, true)}
        form={form}
        fields={[
          { name: "facility_id", label: say("casework.check_facility"), kind: "who", required: true, facilities: true, hint: say("casework.check_facility_how") },
          { name: "items", label: say("casework.check_items"), kind: "text", required: true, hint: say("casework.check_items_how") },
        ]}
      />
    </section>
  );
}
