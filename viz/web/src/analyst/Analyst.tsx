import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { address } from "../place/place";
import { Link, usePlace } from "../place/use";
import { asked, client } from "../service/client";
import { Told, Waiting, Wrong } from "../shell/Told";
import { later } from "../shell/later";
import { useMay, useWho } from "../shell/who";
import { type Key, useWords } from "../words";
import { NamedQuery } from "./NamedQuery";
import { byFolder, fitting } from "./fields";

const FreeCypher = later(() => import("./FreeCypher"));

/** The library of questions, each with a form; and for analysts their own Cypher. */
export default function Analyst() {
  const { say, lang } = useWords();
  const { path } = usePlace();
  const who = useWho();
  const free = useMay("POST /v1/cypher");
  const [wanted, setWanted] = useState("");
  const mayAsk = useMay("POST /v1/queries/{folder}/{query}:run");
  const library = useQuery({ queryKey: ["library", lang], queryFn: () => asked(client.GET("/v1/queries")), enabled: useMay("GET /v1/queries") });
  if (!mayAsk) return <Told title={say("app.not_yours")} text={who.districts ? say("app.all_districts_only") : say("app.not_yours_why")} />;
  if (library.error) return <Wrong error={library.error} />;
  if (!library.data) return <Waiting />;
  const [, first, second] = path;
  const name = first && second ? `${first}/${second}` : null;
  const query = library.data.queries.find((one) => one.name === name);
  const found = fitting(library.data.queries, wanted);
  return (
    <div className="analyst">
      <nav className="library" aria-label={say("app.library")}>
        <h2>{say("app.library")}</h2>
        <label>
          <span className="hidden">{say("app.library_filter")}</span>
          <input type="search" placeholder={say("app.library_filter")} value={wanted} onChange={(event) => setWanted(event.target.value)} />
        </label>
        {free ? (
          <p>
            <Link to={address(["analyst", "cypher"])} aria-current={first === "cypher" ? "page" : undefined}>
              {say("app.free_cypher")}
            </Link>
          </p>
        ) : null}
        {found.length ? null : <p className="quiet">{say("app.library_none")}</p>}
        {byFolder(found).map(([folder, queries]) => (
          <details key={`${folder} ${wanted ? "all" : ""}`} open={wanted !== "" || folder === (first ?? "hunt")}>
            <summary>{say(`app.folder_${folder}` as Key)}</summary>
            <ul>
              {queries.map((one) => (
                <li key={one.name}>
                  <Link to={address(["analyst", ...one.name.split("/")])} aria-current={one.name === name ? "page" : undefined}>
                    {one.title}
                  </Link>
                </li>
              ))}
            </ul>
          </details>
        ))}
      </nav>
      <div>
        {query ? <NamedQuery key={query.name} query={query} /> : first === "cypher" && free ? <FreeCypher queries={library.data.queries} /> : <Told title={say("app.nav_analyst")} text={say("app.analyst_begin")} />}
      </div>
    </div>
  );
}
