import { type ReactNode, useCallback } from "react";

import { Link, usePlace } from "../place/use";
import { useDown } from "../service/down";
import { queries } from "../service/queries";
import { useWords } from "../words";
import { LanguageAndTheme } from "./LanguageAndTheme";
import { Me } from "./Me";
import { useArrived } from "./arrived";
import { useMay } from "./who";

/** What stands around every screen. */
export function Frame({ children }: { children: ReactNode }) {
  const { say } = useWords();
  const { path } = usePlace();
  const rings = useMay("GET /v1/rings");
  const search = useMay("POST /v1/search");
  const ask = useMay("POST /v1/queries/{folder}/{query}:run");
  const runs = useMay("GET /v1/runs");
  const people = useMay("GET /v1/users");
  const cases = useMay("GET /v1/cases");
  const tips = useMay("POST /v1/tips:search");
  const watch = useMay("POST /v1/watch:search");
  const screening = useMay("GET /v1/screening");
  const reports = useMay("GET /v1/reports/{report}");
  const places: [boolean, string, string][] = [
    [rings, "", say("app.nav_alerts")],
    [cases, "cases", say("app.nav_cases")],
    [tips, "tips", say("app.nav_tips")],
    [watch, "watch", say("app.nav_watch")],
    [screening, "screening", say("app.nav_screening")],
    [reports, "reports", say("app.nav_reports")],
    [search, "search", say("app.nav_search")],
    [rings, "map", say("app.nav_map")],
    [ask, "analyst", say("app.nav_analyst")],
    [runs, "runs", say("app.nav_runs")],
    [people, "people", say("app.nav_people")],
  ];
  const here = path[0] === "rings" || path[0] === "alerts" ? "" : path[0] === "entity" ? "search" : (path[0] ?? (rings ? "" : "people"));
  useArrived(path, places.find(([shown, to]) => shown && to === here)?.[2]);
  const back = useCallback(() => void queries.invalidateQueries(), []);
  const isDown = useDown(back);
  return (
    <>
      <a className="skip" href="#main">
        {say("app.skip")}
      </a>
      <header className="bar">
        <Link to="/app/" className="brand">
          RingFinder
        </Link>
        <nav aria-label={say("app.nav")}>
          {places.map(([shown, to, text]) =>
            shown ? (
              <Link key={to} to={`/app/${to}`} aria-current={here === to ? "page" : undefined}>
                {text}
              </Link>
            ) : null,
          )}
        </nav>
        <LanguageAndTheme />
        <Me />
      </header>
      {isDown ? (
        <p className="notice" role="alert">
          {say("app.down")}
        </p>
      ) : null}
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
