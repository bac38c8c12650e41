import { useMemo } from "react";

import { count, day, exactMoney } from "../figures";
import { address } from "../place/place";
import { Link, turn, usePlace } from "../place/use";
import { useRing } from "../service/queries";
import { Waiting } from "../shell/Told";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import { NoRing } from "./NoRing";
import { Peers } from "./Peers";
import { beside, inCommon, sharedVisits } from "./beside";
import { called, claimsIn, pictureOf, put, visitsOf } from "./data";

const MOST = 4;

/** Members side by side: visits, places, money, and what they have in common. */
export default function Compare({ ring }: { ring: string }) {
  const { say, word, lang } = useWords();
  const { params } = usePlace();
  const { detail, evidence, graph, timeline } = useRing(ring);
  const peers = useMay("GET /v1/rings/{ring_id}/peers");
  const data = useMemo(() => (graph.data && timeline.data && evidence.data ? put(pictureOf(graph.data), visitsOf(claimsIn(timeline.data), timeline.data.facilities), evidence.data.evidence) : null), [graph.data, timeline.data, evidence.data]);
  const error = detail.error ?? graph.error ?? timeline.error ?? evidence.error;
  if (error) return <NoRing error={error} />;
  if (!data || !detail.data) return <Waiting />;
  const patients = [...data.nodes.values()].filter((node) => node.entity_type === "patient");
  const asked = (params.get("who") ?? "").split(",").filter((one) => data.nodes.has(one));
  const who = (asked.length ? asked : patients.slice(0, 2).map((node) => node.member)).slice(0, MOST);
  const columns = who.map((member) => beside(member, data));
  const shared = sharedVisits(who, data);
  const common = inCommon(who, data);
  const set = (at: number, member: string) => turn({ who: (member ? who.map((one, i) => (i === at ? member : one)) : who.filter((_, i) => i !== at)).join(",") });
  const title = (member: string) => {
    const node = data.nodes.get(member)!;
    return `${word("kinds", node.entity_type)} ${called(node)}${node.name ? ` ${node.entity_id}` : ""}`;
  };
  const choices = (but: string) => [...data.nodes.keys()].filter((one) => one === but || !who.includes(one));
  const rows: [string, (one: (typeof columns)[number]) => React.ReactNode][] = [
    [say("app.col_role"), (one) => detail.data.members.find((m) => m.member === one.member)?.role_name ?? say("app.member_none")],
    [say("app.fact_claims"), (one) => count(one.claims, lang)],
    [say("app.fact_total"), (one) => exactMoney(one.total.toFixed(2))],
    [say("app.col_money"), (one) => exactMoney(one.fund.toFixed(2))],
    [say("app.fact_period"), (one) => (one.first ? `${day(one.first)} – ${day(one.last)}` : "")],
    [say("app.col_what"), (one) => one.kinds.map(([kind, times]) => `${word("kinds", kind)} ${times}`).join(say("app.comma"))],
    [say("app.col_where"), (one) => <ul className="plainlist">{one.places.slice(0, 8).map(([place, times]) => <li key={place}>{place} <span className="quiet">× {times}</span></li>)}</ul>],
  ];
  return (
    <article className="compare">
      <p className="quiet">
        <Link to="/app/">{say("app.nav_alerts")}</Link> / <Link to={address(["rings", ring])}>{detail.data.kind_name} {ring}</Link>
      </p>
      <h1>{say("app.compare")}</h1>
      <section className="pane">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <span className="hidden">{say("app.col_what")}</span>
              </th>
              {who.map((member, at) => (
                <th key={member} scope="col">
                  <select aria-label={say("app.compare_who", { number: at + 1 })} value={member} onChange={(event) => set(at, event.target.value)}>
                    {choices(member).map((one) => (
                      <option key={one} value={one}>
                        {title(one)}
                      </option>
                    ))}
                  </select>{" "}
                  {who.length > 2 ? (
                    <button type="button" onClick={() => set(at, "")} aria-label={say("app.compare_less", { name: title(member) })}>
                      ×
                    </button>
                  ) : null}
                </th>
              ))}
              {who.length < MOST && who.length < data.nodes.size ? (
                <th scope="col">
                  <button type="button" onClick={() => turn({ who: [...who, choices("")[0]!].join(",") })}>
                    {say("app.compare_more")}
                  </button>
                </th>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {columns.map((one) => (
                  <td key={one.member}>{value(one)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className="pane">
        <h2>{say("app.in_common")}</h2>
        <p>{common.length ? common.map(title).join(say("app.comma")) : say("app.in_common_none")}</p>
        <p>{say("app.shared_visits", { count: shared.shared.length, of: shared.of })}</p>
        <ul className="days">
          {shared.shared.slice(0, 60).map((at) => (
            <li key={at}>
              {at.slice(-10)} <span className="quiet">{data.places[at.slice(0, -11)] ?? at.slice(0, -11)}</span>
            </li>
          ))}
        </ul>
      </section>
      {peers ? <Peers ring={ring} members={patients.map((node) => [node.member, title(node.member)])} /> : null}
    </article>
  );
}
