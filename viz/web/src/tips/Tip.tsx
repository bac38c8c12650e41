import { useQuery } from "@tanstack/react-query";

import { QuickForm, useQuickForm } from "../cases/QuickForm";
import type { Field } from "../cases/Fields";
import { today } from "../cases/wanted";
import { address } from "../place/place";
import { Link, turn, usePlace } from "../place/use";
import { type Shapes, asked, client } from "../service/client";
import { queries } from "../service/queries";
import { FactList } from "../shell/FactList";
import { Missing, Waiting } from "../shell/Told";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import { Reporter } from "./Reporter";
import { Reward } from "./Reward";
import { type CHANNELS, OUTCOMES, type STATES } from "./wanted";

type Tip = Shapes["TipDetail"];
type Step = Shapes["StepRequest"]["step"];

/** One tip: what it says, whom it names, what is due, and for the tip officer the step that comes next. */
export function TipPage({ id }: { id: string }) {
  const { say, word, lang } = useWords();
  const { params } = usePlace();
  const goes = useMay("POST /v1/tips/{tip_id}:step");
  const rings = useMay("GET /v1/rings");
  const knows = useMay("POST /v1/tips/{tip_id}:reporter");
  const { data: tip, error } = useQuery({ queryKey: ["tip", id, lang], staleTime: 0, refetchOnWindowFocus: true, queryFn: () => asked(client.GET("/v1/tips/{tip_id}", { params: { path: { tip_id: id } } })) });
  if (error && !tip) {
    return (
      <Missing error={error} title={say("casework.no_such_tip")} text={say("casework.no_such_tip_why")}>
        <Link to="/app/tips">{say("app.nav_tips")}</Link>
      </Missing>
    );
  }
  if (!tip) return <Waiting />;
  const facts: [string, string | null][] = [
    [say("casework.col_state"), `${say(`casework.tip_state_${tip.state as (typeof STATES)[number]}`)}${tip.outcome ? ` · ${say(`casework.tip_outcome_${tip.outcome}`)}` : ""}`],
    [say("casework.tip_channel"), say(`casework.tip_channel_${tip.channel as (typeof CHANNELS)[number]}`)],
    [say("casework.tip_received"), tip.received_on],
    [say("casework.districts"), tip.district],
    [say("app.kind"), tip.kind ? word("kinds", tip.kind) : null],
    [say("casework.tip_did_acknowledge"), tip.acknowledged_on],
    [say("casework.tip_did_check"), tip.checked_on],
    [say("casework.tip_did_answer"), tip.answered_on],
    [say("casework.tip_did_close"), tip.closed_on],
  ];
  const step = tip.possible.find((one) => one === params.get("do")) as Step | undefined;
  return (
    <article className="case">
      <p className="quiet">
        <Link to="/app/tips">{say("app.nav_tips")}</Link> / {tip.tip_id}
      </p>
      <h1>{say("casework.tip_of", { id: tip.tip_id })}</h1>
      {tip.due_on ? (
        <p>
          {say("casework.tip_due")}: <strong>{tip.due_on}</strong> {tip.late ? <strong className="alertword">{say("casework.late")}</strong> : null} <span className="quiet">{tip.due_basis}</span>
        </p>
      ) : null}
      <FactList facts={facts.filter(([, value]) => value)} />
      {goes && tip.possible.length ? (
        <section className="pane next">
          <h2>{say("casework.next")}</h2>
          <p className="row">
            {tip.possible.map((one, i) => (
              <button key={one} type="button" className={i === 0 ? "first" : ""} aria-expanded={one === step} onClick={() => turn({ do: one === step ? "" : one })}>
                {say(`casework.tip_step_${one as Step}`)}
              </button>
            ))}
          </p>
          {step ? <StepOfTip key={step} tip={tip} step={step} /> : null}
        </section>
      ) : null}
      <Reward tip={tip} />
      {knows ? <Reporter tip={tip} /> : null}
      <section className="pane">
        <h2>{say("casework.tip_summary")}</h2>
        <p className="typed">{tip.summary}</p>
        {tip.told ? (
          <>
            <h3>{say("casework.tip_told")}</h3>
            <p className="typed">{tip.told}</p>
          </>
        ) : null}
        <h2 className="spaced">{say("casework.tip_entities")}</h2>
        {tip.entities.length ? (
          <ul className="plainlist">
            {tip.entities.map((one, i) => (
              <li key={i}>
                {word("kinds", one.entity_type)} {one.entity_id && rings && !one.entity_id.includes("*") ? <Link to={address(["entity", one.entity_type, one.entity_id])}>{one.name ?? one.entity_id}</Link> : (one.name ?? one.entity_id)} {one.name && one.entity_id ? <span className="quiet">{one.entity_id}</span> : null}
              </li>
            ))}
          </ul>
        ) : (
          <p className="quiet">{say("casework.tip_nobody")}</p>
        )}
      </section>
    </article>
  );
}

function StepOfTip({ tip, step }: { tip: Tip; step: Step }) {
  const { say } = useWords();
  const close = () => turn({ do: "" }, true);
  const form = useQuickForm(
    `${tip.tip_id} ${step}`,
    { on: today(), outcome: "substantiated", told: "" },
    (values, key) =>
      asked(
        client.POST("/v1/tips/{tip_id}:step", {
          params: { path: { tip_id: tip.tip_id }, header: { "If-Match": `"${tip.version}"`, "Idempotency-Key": `${key}-${tip.version}` } },
          body: { step, on: values["on"]!, ...(step === "check" && { outcome: values["outcome"] as (typeof OUTCOMES)[number] }), ...(step === "answer" && { told: values["told"]! }) },
        }),
      ),
    () => {
      void queries.invalidateQueries({ predicate: ({ queryKey: [first] }) => first === "tip" || first === "tips" });
      close();
    },
  );
  const fields: Field[] = [
    { name: "on", label: say("casework.tip_on"), kind: "day", required: true, least: tip.received_on, most: today() },
    ...(step === "check" ? [{ name: "outcome", label: say("casework.tip_outcome"), kind: "choice" as const, options: OUTCOMES.map((one) => [one, say(`casework.tip_outcome_${one}`)] as const) }] : []),
    ...(step === "answer" ? [{ name: "told", label: say("casework.tip_told"), kind: "text" as const, required: true }] : []),
  ];
  return <QuickForm title={say(`casework.tip_step_${step}`)} go={say("casework.send")} fields={fields} form={form} cancel={close} />;
}
