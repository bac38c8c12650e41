import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { count } from "../figures";
import { address } from "../place/place";
import { Link, turn, usePlace } from "../place/use";
import { asked, client } from "../service/client";
import { useOverview } from "../service/queries";
import { Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";
import { BulkCases } from "./BulkCases";
import { CaseRows } from "./CaseRows";
import Views from "./Views";
import { PRIORITIES, QUEUES, SORTS, STATES, type Wanted, narrowed, queueOf, wantedOf } from "./wanted";
import "./cases.css";
import "./words";

const PAGE = 50;
// What is searched for may be a name: it stays in this page's memory.
let kept = "";

/** The work list of cases: whose they are, what is due, what nobody works on yet. */
export default function Cases() {
  const { say, lang } = useWords();
  const { params } = usePlace();
  const queue = queueOf(params);
  const wanted = wantedOf(params);
  const [text, setText] = useState(kept);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const pages = useInfiniteQuery({
    queryKey: ["cases", wanted, text, lang],
    initialPageParam: "",
    staleTime: 0,
    refetchOnWindowFocus: true,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) => asked(client.GET("/v1/cases", { signal, params: { query: { ...wanted, ...(text && { text }), limit: PAGE, ...(pageParam && { cursor: pageParam }) } } })),
    getNextPageParam: (last) => last.next_cursor,
  });
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.cases) ?? [], [pages.data]);
  const total = pages.data?.pages[0]?.total ?? 0;
  const items = rows.filter((row) => chosen.has(row.case_id));
  const choose = (ids: readonly string[], add: boolean) => setChosen((was) => new Set(add ? [...was, ...ids] : [...was].filter((one) => !ids.includes(one))));
  const clear = () => {
    kept = "";
    setText("");
    turn({ state: "", priority: "", district: "", campaign: "" });
  };
  return (
    <section className="caselist">
      <h1>{say("casework.cases")}</h1>
      <nav className="queues" aria-label={say("casework.queue")}>
        {QUEUES.map((one) => (
          <Link key={one} to={address(["cases"], [["queue", one === "open" ? "" : one]])} aria-current={one === queue ? "page" : undefined}>
            {say(`casework.queue_${one}`)}
          </Link>
        ))}
      </nav>
      <Filters wanted={wanted} stateless={queue === "nobodys" || queue === "closed"} text={text} find={(now) => setText((kept = now))} clear={narrowed(wanted, queue) || text ? clear : null} />
      <Views list="cases" path={["cases"]} />
      {pages.error ? <Wrong error={pages.error} /> : null}
      {pages.isPending && !pages.error ? <Waiting /> : null}
      {pages.data ? (
        <>
          <p className="quiet" role="status">
            {say("casework.listed", { total: count(total, lang) })}
          </p>
          {total ? <CaseRows rows={rows} total={total} chosen={chosen} choose={choose} /> : <p className="empty">{narrowed(wanted, queue) || text ? say("casework.none_fit") : `${say("casework.none_here")} ${say("casework.begin_here")}`}</p>}
          {pages.hasNextPage ? (
            <p>
              <button type="button" disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>
                {say("casework.show_more", { count: Math.min(PAGE, total - rows.length) })}
              </button>
            </p>
          ) : null}
          <BulkCases rows={items} chosen={(left) => setChosen(new Set(left.map((row) => row.case_id)))} />
        </>
      ) : null}
    </section>
  );
}

type FilterProps = { wanted: Wanted; stateless: boolean; text: string; find: (text: string) => void; clear: (() => void) | null };

/** What narrows the queue; each change but the text is a new address. */
function Filters({ wanted, stateless, text, find, clear }: FilterProps) {
  const { say } = useWords();
  const { data: overview } = useOverview();
  const choice = (name: string, label: string, value: string | undefined, options: readonly (readonly [string, string])[], none: string | null = say("app.any")) => (
    <label>
      {label}
      <select value={value ?? ""} onChange={(event) => turn({ [name]: event.target.value })}>
        {none === null ? null : <option value="">{none}</option>}
        {options.map(([slug, called]) => (
          <option key={slug} value={slug}>
            {called}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <form className="filters" role="search" aria-label={say("app.filters")} onSubmit={(event) => event.preventDefault()}>
      {stateless ? null : choice("state", say("casework.filter_state"), wanted.state, STATES.filter((one) => one !== "closed").map((one) => [one, say(`cases.state_${one}`)] as const))}
      {choice("priority", say("casework.filter_priority"), wanted.priority, PRIORITIES.map((one) => [one, say(`cases.priority_${one}`)] as const))}
      {choice("district", say("casework.districts"), wanted.district, overview?.districts.map((one) => [one.value, one.value] as const) ?? [])}
      <label>
        {say("casework.filter_campaign")}
        <input key={wanted.campaign ?? ""} size={9} defaultValue={wanted.campaign ?? ""} onBlur={(event) => turn({ campaign: event.target.value.trim() })} onKeyDown={(event) => event.key === "Enter" && turn({ campaign: event.currentTarget.value.trim() })} />
      </label>
      <label>
        {say("casework.filter_text")}
        <input key={text} size={20} placeholder={say("casework.filter_text_how")} defaultValue={text} onBlur={(event) => find(event.target.value.trim())} onKeyDown={(event) => event.key === "Enter" && find(event.currentTarget.value.trim())} />
      </label>
      {choice("sort", say("app.sort"), wanted.sort === "due" ? "" : wanted.sort, SORTS.map((one) => [one === "due" ? "" : one, say(`casework.sort_${one}`)] as const), null)}
      {clear ? (
        <button type="button" onClick={clear}>
          {say("app.clear")}
        </button>
      ) : null}
    </form>
  );
}
