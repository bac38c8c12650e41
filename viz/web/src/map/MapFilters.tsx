import { KINDS } from "../made/kinds";
import { turn } from "../place/use";
import type { Shapes } from "../service/client";
import { useWords } from "../words";
import { type MapWanted, NOT_NARROWED, narrowed } from "./wanted";

/** Which rings both pictures show; each change is a new address. */
export function MapFilters({ wanted, overview }: { wanted: MapWanted; overview: Shapes["RingOverview"] | undefined }) {
  const { say, word } = useWords();
  const of = (group: Shapes["Group"] | undefined) => (group ? ` (${wanted.alerts ? group.alerts : group.rings})` : "");
  const kinds = new Map(overview?.kinds.map((one) => [one.value, one]));
  return (
    <form className="filters" role="search" aria-label={say("app.filters")} onSubmit={(event) => event.preventDefault()}>
      <label>
        {say("app.map_view")}
        <select value={wanted.view} onChange={(event) => turn({ view: event.target.value === "land" ? "land" : "", month: "" })}>
          <option value="districts">{say("app.map_view_districts")}</option>
          <option value="land">{say("app.map_view_land")}</option>
        </select>
      </label>
      <label>
        {say("app.show")}
        <select value={wanted.alerts ? "alerts" : ""} onChange={(event) => turn({ show: event.target.value })}>
          <option value="">{say("app.show_all")}</option>
          <option value="alerts">{say("app.show_alerts")}</option>
        </select>
      </label>
      <label>
        {say("app.kind")}
        <select value={wanted.kind ?? ""} onChange={(event) => turn({ kind: event.target.value })}>
          <option value="">{say("app.any")}</option>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {word("kinds", kind) + of(kinds.get(kind))}
            </option>
          ))}
        </select>
      </label>
      <label>
        {say("app.district")}
        <select value={wanted.district ?? ""} onChange={(event) => turn({ district: event.target.value })}>
          <option value="">{say("app.any")}</option>
          {overview?.districts.map((one) => (
            <option key={one.value} value={one.value}>
              {one.value + of(one)}
            </option>
          ))}
        </select>
      </label>
      {narrowed(wanted) ? (
        <button type="button" onClick={() => turn(NOT_NARROWED)}>
          {say("app.clear")}
        </button>
      ) : null}
    </form>
  );
}
