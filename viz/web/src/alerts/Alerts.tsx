import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";

import { usePlace, turn } from "../place/use";
import { type Shapes, asked, client } from "../service/client";
import { useOverview } from "../service/queries";
import { Waiting, Wrong } from "../shell/Told";
import { later } from "../shell/later";
import { useMay } from "../shell/who";
import { count, money } from "../figures";
import { useWords } from "../words";
import { Filters } from "./Filters";
import { Left } from "./Left";
import { List } from "./List";
import { NOT_NARROWED, narrowed, wantedOf } from "./wanted";

const BulkRings = later(() => import("../cases/BulkRings"), true);
const Views = later(() => import("../cases/Views"), true);
const PAGE = 200;
type Row = Shapes["RingListed"];

/** The work list: which groups to look at, the surest first. */
export function Alerts() {
  const { say, lang } = useWords();
  const { params } = usePlace();
  const take = useMay("POST /v1/cases");
  const wanted = wantedOf(params, take);
  const [chosen, setChosen] = useState<readonly Row[]>([]);
  const [bulk, setBulk] = useState(false); // once something was chosen, what became of it is told there
  const overview = useOverview();
  const pages = useInfiniteQuery({
    queryKey: ["rings", wanted, lang],
    initialPageParam: "",
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      asked(client.GET("/v1/rings", { signal, params: { query: { ...wanted, limit: PAGE, ...(pageParam && { cursor: pageParam }) } } })),
    getNextPageParam: (last) => last.next_cursor,
  });
  const rings = useMemo(() => pages.data?.pages.flatMap((page) => page.rings) ?? [], [pages.data]);
  const total = pages.data?.pages[0]?.total ?? 0;
  const all = overview.data;
  const choose = useCallback((ring: Row, add: boolean) => {
    setBulk(true);
    setChosen((was) => (add ? [...was, ring] : was.filter((one) => one.ring_id !== ring.ring_id)));
  }, []);
  const choosing = useMemo(
    () => (take ? { chosen: new Set(chosen.map((one) => one.ring_id)), choose } : null),
    [take, chosen, choose],
  );
  return (
    <section className="alerts">
      <h1>{wanted.alert ? say("app.alerts") : say("app.all_groups")}</h1>
      {all ? (
        <p className="lead">
          {all.alerts
            ? say("app.alerts_sum", { alerts: count(all.alerts, lang), patients: count(all.alert_patients, lang), money: money(all.alert_fund_amount, lang) })
            : say("app.alerts_none")}
        </p>
      ) : null}
      <Filters wanted={wanted} overview={all} />
      {take ? (
        <Views list="alerts" path={[]} />
      ) : null}
      {pages.error ? <Wrong error={pages.error} /> : null}
      {pages.isPending && !pages.error ? <Waiting /> : null}
      {pages.data ? (
        <>
          <p className="quiet" role="status">
            {say("app.listed", { total: count(total, lang) })} {say(`app.order_${wanted.sort}`)} <Left wanted={wanted} />
          </p>
          {total ? (
            <List rings={rings} total={total} sort={wanted.sort} more={pages.hasNextPage && !pages.isFetching ? () => void pages.fetchNextPage() : null} choosing={choosing} />
          ) : (
            <p className="empty">
              {narrowed(wanted) ? say("app.none_fit") : say("app.none_alert")}{" "}
              <button type="button" onClick={() => turn(narrowed(wanted) ? NOT_NARROWED : { show: "all" })}>
                {narrowed(wanted) ? say("app.clear") : say("app.show_all")}
              </button>
            </p>
          )}
          {take && bulk ? (
            <BulkRings rings={chosen} chosen={setChosen} />
          ) : null}
        </>
      ) : null}
    </section>
  );
}
