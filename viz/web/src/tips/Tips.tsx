import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { TextFilter } from "../cases/TextFilter";
import { count } from "../figures";
import { address } from "../place/place";
import { Link, turn, usePlace } from "../place/use";
import { asked, client } from "../service/client";
import { Waiting, Wrong } from "../shell/Told";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import { NewTip } from "./NewTip";
import { TipPage } from "./Tip";
import { CHANNELS, STATES, wantedOf } from "./wanted";
import "../cases/cases.css";
import "../cases/words";

const PAGE = 200;

/** Tips: what came in, what is due, and for the tip officer the way to record one; one tip beside it in full. */
export default function Tips({ id }: { id: string | undefined }) {
  return id ? <TipPage key={id} id={id} /> : <Inbox />;
}

function Inbox() {
  const { say, word, lang } = useWords();
  const { params } = usePlace();
  const record = useMay("POST /v1/tips");
  const wanted = wantedOf(params);
  const [text, setText] = useState("");
  const { data, error, isPending } = useQuery({
    queryKey: ["tips", wanted, text],
    staleTime: 0,
    refetchOnWindowFocus: true,
    placeholderData: keepPreviousData,
    queryFn: () => asked(client.POST("/v1/tips:search", { body: { ...wanted, limit: PAGE, ...(text && { text }) } })),
  });
  const choice = (name: string, label: string, value: string, options: readonly (readonly [string, string])[]) => (
    <label>
      {label}
      <select value={value} onChange={(event) => turn({ [name]: event.target.value })}>
        <option value="">{say("app.any")}</option>
        {options.map(([slug, called]) => (
          <option key={slug} value={slug}>
            {called}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section className="caselist">
      <h1>{say("app.nav_tips")}</h1>
      {record ? <NewTip open={params.get("do") === "record"} /> : null}
      <form className="filters" role="search" aria-label={say("app.filters")} onSubmit={(event) => event.preventDefault()}>
        {choice("state", say("casework.filter_state"), wanted.state ?? "", STATES.map((one) => [one, say(`casework.tip_state_${one}`)] as const))}
        {choice("channel", say("casework.tip_channel"), wanted.channel ?? "", CHANNELS.map((one) => [one, say(`casework.tip_channel_${one}`)] as const))}
        <label className="yes">
          <input type="checkbox" checked={wanted.late === true} onChange={(event) => turn({ late: event.target.checked ? "1" : "" })} /> {say("casework.tip_late_only")}
        </label>
        <TextFilter take={setText} />
      </form>
      {error ? <Wrong error={error} /> : null}
      {isPending && !error ? <Waiting /> : null}
      {data ? (
        <>
          <p className="quiet" role="status">
            {say("casework.tip_listed", { total: count(data.total, lang) })}
          </p>
          {data.total ? (
            <div className="list" tabIndex={0} role="region" aria-label={say("casework.tip_list")}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{say("casework.tip")}</th>
                    <th scope="col">{say("casework.tip_about")}</th>
                    <th scope="col">{say("casework.col_state")}</th>
                    <th scope="col">{say("casework.tip_due")}</th>
                    <th scope="col">{say("casework.districts")}</th>
                  </tr>
                </thead>
                <tbody>
                  {data.tips.map((tip) => (
                    <tr key={tip.tip_id}>
                      <td>
                        <Link to={address(["tips", tip.tip_id])}>
                          {say("casework.tip_by", { day: tip.received_on, channel: say(`casework.tip_channel_${tip.channel as (typeof CHANNELS)[number]}`) })}
                        </Link>{" "}
                        <span className="quiet nobreak">{tip.tip_id}</span>
                      </td>
                      <td>
                        {tip.kind ? word("kinds", tip.kind) : ""} <span className="quiet">{say("casework.tip_names", { count: tip.entities })}</span>
                      </td>
                      <td>
                        {say(`casework.tip_state_${tip.state as (typeof STATES)[number]}`)} {tip.outcome ? <span className="quiet">{say(`casework.tip_outcome_${tip.outcome}`)}</span> : null}
                      </td>
                      <td>
                        {tip.due_on ?? <span className="quiet">{say("casework.no_due")}</span>} {tip.late ? <strong className="alertword">{say("casework.late")}</strong> : null}
                      </td>
                      <td>{tip.district}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          ) : (
            <p className="empty">{say("casework.tip_none")}</p>
          )}
          {data.next_cursor ? <p className="quiet">{say("casework.tip_more", { count: PAGE })}</p> : null}
        </>
      ) : null}
    </section>
  );
}
