import { turn } from "../place/use";
import type { Shapes } from "../service/client";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import { KindAndDistrict } from "./KindAndDistrict";
import { CASES, NOT_NARROWED, SORTS, type Wanted, narrowed } from "./wanted";

/** What narrows the list; each change is a new address. */
export function Filters({ wanted, overview }: { wanted: Wanted; overview: Shapes["RingOverview"] | undefined }) {
  const cases = useMay("GET /v1/cases");
  const { say } = useWords();
  return (
    <form className="filters" role="search" aria-label={say("app.filters")} onSubmit={(event) => event.preventDefault()}>
      <label>
        {say("app.show")}
        <select value={wanted.alert ? "" : "all"} onChange={(event) => turn({ show: event.target.value })}>
          <option value="">{say("app.show_alerts")}</option>
          <option value="all">{say("app.show_all")}</option>
        </select>
      </label>
      <KindAndDistrict kind={wanted.kind} district={wanted.district} alerts={wanted.alert} overview={overview} />
      <label>
        {say("app.least_money")}
        <input
          key={wanted.least_fund ?? ""}
          inputMode="decimal"
          size={9}
          defaultValue={wanted.least_fund ?? ""}
          onBlur={(event) => turn({ least: event.target.value.trim() })}
          onKeyDown={(event) => event.key === "Enter" && turn({ least: event.currentTarget.value.trim() })}
        />
      </label>
      <label>
        {say("app.since")}
        <input type="date" value={wanted.since ?? ""} onChange={(event) => turn({ since: event.target.value })} />
      </label>
      <label>
        {say("app.until")}
        <input type="date" value={wanted.until ?? ""} onChange={(event) => turn({ until: event.target.value })} />
      </label>
      <label>
        {say("app.sort")}
        <select value={wanted.sort} onChange={(event) => turn({ sort: event.target.value === "score" ? "" : event.target.value })}>
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {say(`app.sort_${sort}`)}
            </option>
          ))}
        </select>
      </label>
      {cases ? (
        <label>
          {say("app.case_filter")}
          <select value={wanted.case ?? ""} onChange={(event) => turn({ case: event.target.value })}>
            <option value="">{say("app.any")}</option>
            {CASES.map((one) => (
              <option key={one} value={one}>
                {say(`app.case_filter_${one}`)}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {narrowed(wanted) ? (
        <button type="button" onClick={() => turn(NOT_NARROWED)}>
          {say("app.clear")}
        </button>
      ) : null}
    </form>
  );
}
