import { useQuery } from "@tanstack/react-query";

import { LOOKS, type EntityType } from "../look";
import { Link } from "../place/use";
import { InRings } from "../search/InRings";
import { asked, client } from "../service/client";
import { useWho } from "../shell/who";
import { may } from "../shell/may";
import { Missing, Told, Waiting } from "../shell/Told";
import { useWords } from "../words";
import { Facts } from "./Facts";

const isType = (type: string): type is EntityType => Object.hasOwn(LOOKS, type);

/** One person, card, doctor, place, agent ...: the rings it is in, its claims, who is tied to it. */
export default function Entity({ type, id }: { type: string; id: string }) {
  const { say } = useWords();
  return isType(type) ? <Known type={type} id={id} /> : <Told title={say("app.no_such_place")} text={say("app.no_such_place_why")} />;
}

function Known({ type, id }: { type: EntityType; id: string }) {
  const { say, word, lang } = useWords();
  const who = useWho();
  const score = useQuery({
    queryKey: ["score", type, id, lang],
    queryFn: () => asked(client.GET("/v1/scores/{entity_type}/{entity_id}", { params: { path: { entity_type: type, entity_id: id } } })),
  });
  const found = useQuery({ queryKey: ["found", id, lang], queryFn: () => asked(client.POST("/v1/search", { body: { text: id } })), enabled: id.length > 1 && may(who, "POST /v1/search") });
  const searching = may(who, "POST /v1/search") ? <Link to="/app/search">{say("app.nav_search")}</Link> : null;
  if (score.error) {
    return (
      <Missing error={score.error} title={say("app.no_entity", { kind: word("kinds", type) })} text={say("app.no_entity_why")}>
        {searching}
      </Missing>
    );
  }
  if (!score.data) return <Waiting />;
  const name = found.data?.found.find((one) => one.entity_type === type && one.matched === "id")?.name;
  return (
    <article className="entity">
      <p className="quiet">
        {searching}
        {searching ? " / " : ""}
        {word("kinds", type)}
      </p>
      <h1>
        {name ?? score.data.entity_id} {name ? <span className="quiet">{score.data.entity_id}</span> : null}
      </h1>
      <section className="pane">
        <h2>{say("app.entity_rings")}</h2>
        <InRings rings={score.data.rings} />
        {score.data.rings.length ? <p className="quiet">{say("app.role_note")}</p> : null}
      </section>
      {may(who, "POST /v1/queries/{folder}/{query}:run") ? <Facts type={type} id={id} /> : null}
    </article>
  );
}
