import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { count } from "../figures";
import { address } from "../place/place";
import { Link, usePlace } from "../place/use";
import { type Shapes, asked, client } from "../service/client";
import { useOverview } from "../service/queries";
import { Waiting, Wrong } from "../shell/Told";
import { later } from "../shell/later";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import { MapFilters } from "./MapFilters";
import { fits, mapWantedOf } from "./wanted";

const Picture = later(() => import("./Picture"));
const OnLand = later(() => import("./OnLand"));
const PAGE = 200;
const MOST = 5000; // rings drawn: the surest ones

async function all(): Promise<Shapes["RingListed"][]> {
  const found: Shapes["RingListed"][] = [];
  let cursor: string | null | undefined = "";
  while (cursor !== null && found.length < MOST) {
    const page: Shapes["RingList"] = await asked(client.GET("/v1/rings", { params: { query: { limit: PAGE, ...(cursor ? { cursor } : {}) } } }));
    found.push(...page.rings);
    cursor = page.next_cursor;
  }
  return found;
}

/** All rings in one picture, by district and kind or on the ground; beneath it the same in numbers, each of which leads to the list. */
export default function RingMap() {
  const { say, word, lang } = useWords();
  const { params } = usePlace();
  const wanted = mapWantedOf(params);
  const land = wanted.view === "land";
  const rings = useQuery({ queryKey: ["all-rings", lang], enabled: !land, queryFn: all });
  const overview = useOverview();
  const mayAsk = useMay("POST /v1/queries/{folder}/{query}:run");
  const overlaps = useQuery({
    queryKey: ["overlaps"],
    enabled: mayAsk && !land,
    queryFn: () => asked(client.POST("/v1/queries/{folder}/{query}:run", { params: { path: { folder: "result", query: "ring-overlaps" } }, body: { parameters: {}, limit: 5000, seconds: 20 } })),
  });
  const fitting = useMemo(() => rings.data?.filter((one) => fits(one, wanted)), [rings.data, wanted.kind, wanted.district, wanted.alerts]);
  const shared = useMemo(() => (overlaps.data?.rows ?? []) as [string, string, number][], [overlaps.data]);
  if (rings.error) return <Wrong error={rings.error} />;
  return (
    <section className="map">
      <h1>{say("app.map_title")}</h1>
      <p className="quiet">{say(land ? "app.land_how" : "app.map_how")}</p>
      <MapFilters wanted={wanted} overview={overview.data} />
      {land ? <OnLand wanted={wanted} /> : fitting ? <Picture rings={fitting} overlaps={shared} /> : <Waiting />}
      {overview.data ? (
        <div className="pair">
          {(["kinds", "districts"] as const).map((by) => (
            <section key={by} className="pane">
              <h2>{say(`app.by_${by}`)}</h2>
              <table className="small">
                <thead>
                  <tr>
                    <th scope="col">{by === "kinds" ? say("app.kind") : say("app.district")}</th>
                    <th scope="col" className="number">{say("app.nav_alerts")}</th>
                    <th scope="col" className="number">{say("app.col_groups")}</th>
                  </tr>
                </thead>
                <tbody>
                  {overview.data[by].map((group) => (
                    <tr key={group.value}>
                      <td>
                        <Link to={address([], [["show", group.alerts ? "" : "all"], [by === "kinds" ? "kind" : "district", group.value]])}>{by === "kinds" ? word("kinds", group.value) : group.value}</Link>
                      </td>
                      <td className="number">{count(group.alerts, lang)}</td>
                      <td className="number">{count(group.rings, lang)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          ))}
        </div>
      ) : null}
    </section>
  );
}
