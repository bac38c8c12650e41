import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect } from "react";

import { Alerts } from "../alerts/Alerts";
import { belongTo } from "../cases/drafts";
import { usePlace } from "../place/use";
import { queries, useSession } from "../service/queries";
import { useWords } from "../words";
import { ahead } from "./ahead";
import { Frame } from "./Frame";
import { later } from "./later";
import { Login } from "./Login";
import { Told, Waiting } from "./Told";
import { RunGate } from "./RunGate";
import { WhoContext, useMay } from "./who";

const FILES = {
  rings: () => import("../ring/Ring"),
  entity: () => import("../entity/Entity"),
  search: () => import("../search/Search"),
  analyst: () => import("../analyst/Analyst"),
  runs: () => import("../runs/Runs"),
  map: () => import("../map/RingMap"),
  cases: () => import("../cases/Cases"),
  tips: () => import("../tips/Tips"),
  watch: () => import("../watch/WatchList"),
  screening: () => import("../screening/Screening"),
  reports: () => import("../reports/Reports"),
  people: () => import("../people/People"),
};
const Ring = later(FILES.rings);
const Compare = later(() => import("../ring/Compare"));
const Entity = later(FILES.entity);
const Search = later(FILES.search);
const Analyst = later(FILES.analyst);
const Runs = later(FILES.runs);
const RingMap = later(FILES.map);
const Cases = later(FILES.cases);
const CasePage = later(() => import("../cases/Case"));
const Tips = later(FILES.tips);
const WatchList = later(FILES.watch);
const Screening = later(FILES.screening);
const Reports = later(FILES.reports);
const People = later(FILES.people);

ahead(FILES);

export function App() {
  return (
    <QueryClientProvider client={queries}>
      <Inside />
    </QueryClientProvider>
  );
}

function Inside() {
  const { data: who, isPending, error } = useSession();
  const { lang } = useWords();
  useEffect(() => {
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  }, [lang]);
  if (isPending) return <Waiting />;
  if (!who) return <Login failed={error} />;
  belongTo(who.user_id); // before any form is drawn
  return (
    <WhoContext value={who}>
      <Frame>
        <Screen />
      </Frame>
    </WhoContext>
  );
}

function Screen() {
  const { path } = usePlace();
  const { say } = useWords();
  const rings = useMay("GET /v1/rings");
  const runs = useMay("GET /v1/runs");
  const people = useMay("GET /v1/users");
  const cases = useMay("GET /v1/cases");
  const tips = useMay("POST /v1/tips:search");
  const watch = useMay("POST /v1/watch:search");
  const screening = useMay("GET /v1/screening");
  const reports = useMay("GET /v1/reports/{report}");
  const [first, second, third] = path;
  if (first === "runs" && runs) return <Runs />;
  if (first === "people" && people) return <People />;
  if (first === "cases" && cases) return second ? <CasePage key={second} id={second} /> : <Cases />;
  if (first === "tips" && tips) return <Tips id={second} />;
  if (first === "watch" && watch) return <WatchList />;
  if (first === "screening" && screening) return <RunGate>{<Screening id={second} />}</RunGate>;
  if (first === "reports" && reports) return <Reports />;
  if (!rings) return people && first === undefined ? <People /> : <Told title={say("app.not_yours")} text={say("app.not_yours_why")} />;
  const screen = () => {
    if (first === undefined || first === "alerts") return <Alerts />;
    if (first === "rings" && second) return third === "compare" ? <Compare key={second} ring={second} /> : <Ring key={second} ring={second} />;
    if (first === "entity" && second && third) return <Entity key={`${second}/${third}`} type={second} id={third} />;
    if (first === "search") return <Search />;
    if (first === "analyst") return <Analyst />;
    if (first === "map") return <RingMap />;
    return <Told title={say("app.no_such_place")} text={say("app.no_such_place_why")} />;
  };
  return <RunGate>{screen()}</RunGate>;
}
