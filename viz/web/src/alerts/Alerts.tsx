import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { usePlace, turn } from "../place/use";
import { asked, client } from "../service/client";
import { useOverview } from "../service/queries";
import { Waiting, Wrong } from "../shell/Told";
import { count, money } from "../figures";
import { useWords } from "../words";
import { Filters } from "./Filters";
import { List } from "./List";
import { narrowed, wantedOf } from "./wanted";

const PAGE = 200;

/** The work list: which groups to look at, the surest first. */
export function Alerts() {
  const { say, lang } = useWords();
  const { params } = usePlace();
  const wanted = wantedOf(params);
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
      {pages.error ? <Wrong error={pages.error} /> : null}
      {pages.isPending && !pages.error ? <Waiting /> : null}
      {pages.data ? (
        <>
          <p className="quiet" role="status">
            {say("app.listed", { total: count(total, lang) })} {say(`app.order_${wanted.sort}`)}
          </p>
          {total ? (
            <List rings={rings} total={total} sort={wanted.sort} more={pages.hasNextPage && !pages.isFetching ? () => void pages.fetchNextPage() : null} />
          ) : (
            <p className="empty">
              {narrowed(wanted) ? say("app.none_fit") : say("app.none_alert")}{" "}
              <button type="button" onClick={() => turn(narrowed(wanted) ? { kind: "", district: "", least: "", since: "", until: "" } : { show: "all" })}>
                {narrowed(wanted) ? say("app.clear") : say("app.show_all")}
              </button>
            </p>
          )}
        </>
      ) : null}
    </section>
  );
}
