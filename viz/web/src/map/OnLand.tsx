import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { count, money } from "../figures";
import { turn, usePlace } from "../place/use";
import { type Shapes, asked, client } from "../service/client";
import { Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";
import { Ground } from "./Ground";
import { bearing, boxOf, far, flat, hull, near } from "./land";
import { Legend } from "./Legend";
import { MeetingTable } from "./MeetingTable";
import { Nowhere } from "./Nowhere";
import { meeting, mostOf, occasions, placesOf, seats } from "./occasions";
import { Playback, monthName } from "./Playback";
import { MARKS, markOf } from "./Shapes";
import { type MapWanted, fits, monthOf } from "./wanted";

const MOST = 400; // rings drawn: the surest of those that are asked for

/** Rings where they meet, on the ground, month by month. */
export default function OnLand({ wanted }: { wanted: MapWanted }) {
  const { lang } = useWords();
  const map = useQuery({ queryKey: ["ring-map", lang], queryFn: () => asked(client.GET("/v1/rings:map")) });
  if (map.error) return <Wrong error={map.error} />;
  if (!map.data) return <Waiting />;
  return map.data.facilities.some((one) => one.latitude !== null) ? <Land map={map.data} wanted={wanted} /> : <Nowhere />;
}

function Land({ map, wanted }: { map: Shapes["RingMap"]; wanted: MapWanted }) {
  const { say, word, lang } = useWords();
  const { params } = usePlace();
  const [over, setOver] = useState<string | null>(null);
  const month = monthOf(params, map.months);
  const all = params.get("places") === "all";
  const { facilities } = map;
  const ground = useMemo(() => groundOf(map), [map]);
  const fitting = useMemo(() => map.rings.filter((one) => fits(one, wanted)), [map, wanted.kind, wanted.district, wanted.alerts]);
  const rings = useMemo(() => fitting.slice(0, MOST), [fitting]);
  const shown = useMemo(() => occasions(rings, month), [rings, month]);
  const seated = useMemo(() => seats(rings), [rings]);
  const most = useMemo(() => mostOf(rings, month !== null), [rings, month === null]);
  const met = useMemo(() => meeting(shown), [shown]);
  const pointed = over === null ? undefined : rings.find((one) => one.ring_id === over);
  const name = (place: number) => facilities[place]!.facility_name ?? facilities[place]!.facility_id;

  const busy = new Set(met.flatMap(({ at }) => at.filter((one) => one.claims > 0).map((one) => one.place)));
  const lost = [...busy].filter((place) => !ground.points[place]);
  const beyond = [...busy].filter((place) => ground.points[place] && !ground.near.includes(place));
  const when = month === null ? say("app.land_all_months") : monthName(map.months[month]!, lang);
  const told = say("app.land_told", { month: when, groups: count(met.length, lang), places: count(placesOf(met), lang), claims: count(met.reduce((sum, one) => sum + one.claims, 0), lang) });
  return (
    <>
      <section className="pane">
        <Playback months={map.months} month={month} />
        <p role="status" className="landtold">{told}</p>
        <p className="over">
          {pointed ? `${pointed.kind_name} ${pointed.ring_id} · ${say("app.col_people")} ${pointed.patients} · ${money(pointed.fund_amount, lang)} · ${[...pointed.districts].join(say("app.comma"))}` : say("app.land_over")}
        </p>
        <Ground
          label={say("app.land_label", { told })}
          facilities={facilities}
          points={ground.points}
          within={all ? ground.known : ground.near}
          districts={ground.districts}
          shown={shown}
          seats={seated}
          most={most}
          over={over}
          setOver={setOver}
        />
        <Legend rings={rings}>
          {MARKS.filter((mark) => facilities.some((one, i) => ground.points[i] && (one.kind ?? "unknown") === mark)).map((mark) => (
            <li key={mark}>
              <svg width="12" height="12" aria-hidden="true" className="marksign">
                <path d={markOf(mark, 6, 6)} />
              </svg>{" "}
              {mark === "unknown" ? say("app.land_unknown_kind") : word("kinds", `role_${mark}`)}
            </li>
          ))}
          <li>○ {say("app.land_met_before")}</li>
        </Legend>
        {ground.known.length > ground.near.length ? (
          <p className="row">
            <span>{say("app.land_far", { count: ground.known.length - ground.near.length })}</span>
            <button type="button" aria-pressed={all} onClick={() => turn({ places: all ? "" : "all" })}>
              {say("app.land_show_far")}
            </button>
          </p>
        ) : null}
        {beyond.length && !all ? (
          <p>
            {say("app.land_beyond", {
              places: beyond
                .slice(0, MOST_NAMED)
                .map((place) => say("app.land_where", { place: name(place), km: count(Math.round(far(ground.middle, ground.points[place]!)), lang), way: say(WAYS[bearing(ground.middle, ground.points[place]!)]!) }))
                .join(say("app.comma")),
            })}
            {beyond.length > MOST_NAMED ? ` ${say("app.land_more", { count: beyond.length - MOST_NAMED })}` : ""}
          </p>
        ) : null}
        {lost.length ? <p>{say("app.land_lost", { count: lost.length, places: lost.slice(0, MOST_NAMED).map(name).join(say("app.comma")) })}</p> : null}
        {fitting.length > MOST ? <p>{say("app.land_most", { count: MOST, of: count(fitting.length, lang) })}</p> : null}
        {map.total > map.rings.length ? <p>{say("app.land_most", { count: count(map.rings.length, lang), of: count(map.total, lang) })}</p> : null}
      </section>
      <MeetingTable title={say("app.land_who", { month: when })} met={met} name={name} setOver={setOver} />
    </>
  );
}

const MOST_NAMED = 6;
const WAYS = ["app.way_n", "app.way_ne", "app.way_e", "app.way_se", "app.way_s", "app.way_sw", "app.way_w", "app.way_nw"] as const;

/** What of the land stays the same whatever is chosen. */
function groundOf({ facilities, rings }: Shapes["RingMap"]) {
  const points = flat(facilities);
  const known = points.flatMap((point, i) => (point ? [i] : []));
  const claims = new Map<number, number>();
  for (const { at } of occasions(rings, null)) for (const one of at) claims.set(one.place, (claims.get(one.place) ?? 0) + one.claims);
  const busy = known.some((i) => claims.has(i));
  const inside = near(known.map((i) => points[i]!), known.map((i) => (busy ? (claims.get(i) ?? 0) : 1)));
  const close = known.filter((_, at) => inside.has(at));
  const districts = [...new Set(close.map((i) => facilities[i]!.district))].filter(Boolean).sort();
  const box = boxOf(close.map((i) => points[i]!));
  return {
    points,
    known,
    near: close,
    middle: { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 },
    districts: districts.map((district) => ({ district, outline: hull(close.filter((i) => facilities[i]!.district === district).map((i) => points[i]!)) })),
  };
}
