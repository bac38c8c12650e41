import { KindAndDistrict } from "../alerts/KindAndDistrict";
import { turn } from "../place/use";
import type { Shapes } from "../service/client";
import { useWords } from "../words";
import { type MapWanted, NOT_NARROWED, narrowed } from "./wanted";

/** Which rings both pictures show; each change is a new address. */
export function MapFilters({ wanted, overview }: { wanted: MapWanted; overview: Shapes["RingOverview"] | undefined }) {
  const { say } = useWords();
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
      <KindAndDistrict kind={wanted.kind} district={wanted.district} alerts={wanted.alerts} overview={overview} />
      {narrowed(wanted) ? (
        <button type="button" onClick={() => turn(NOT_NARROWED)}>
          {say("app.clear")}
        </button>
      ) : null}
    </form>
  );
}
