import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { type Shapes, asked, client } from "../service/client";
import { queries } from "../service/queries";
import { FactList } from "../shell/FactList";
import { Wrong } from "../shell/Told";
import { useWords } from "../words";
import { type Identity, PARTS, WHYS, identityOf } from "./reporter";

type Tip = Shapes["TipDetail"];
const NOBODY: Identity = { insider: false };
const FORGET = { gcTime: 0 } as const; // what was sent or answered is not kept when the form is left
const again = () => void queries.invalidateQueries({ predicate: ({ queryKey: [first] }) => first === "tip" || first === "tips" });

/** For the tip officer: who gave the tip, sealed apart; each reading is recorded before it is shown. */
export function Reporter({ tip }: { tip: Tip }) {
  const { say } = useWords();
  const [doing, setDoing] = useState<"read" | "write" | "receipt" | null>(null);
  const turnTo = (what: typeof doing) => setDoing(doing === what ? null : what);
  return (
    <section className="pane" aria-labelledby="reporter">
      <h2 id="reporter">{say("casework.reporter")}</h2>
      <p>
        {say(tip.named ? "casework.reporter_known" : "casework.reporter_unknown")} {tip.receipt_given ? say("casework.receipt_given") : null}
      </p>
      <p className="row">
        {tip.named ? (
          <button type="button" aria-expanded={doing === "read"} onClick={() => turnTo("read")}>
            {say("casework.reporter_read")}
          </button>
        ) : null}
        <button type="button" aria-expanded={doing === "write"} onClick={() => turnTo("write")}>
          {say(tip.named ? "casework.reporter_replace" : "casework.reporter_write")}
        </button>
        <button type="button" aria-expanded={doing === "receipt"} onClick={() => turnTo("receipt")}>
          {say("casework.receipt_give")}
        </button>
      </p>
      {doing === "read" ? <Read tip={tip} /> : null}
      {doing === "write" ? <Write tip={tip} done={() => setDoing(null)} /> : null}
      {doing === "receipt" ? <Receipt tip={tip} /> : null}
    </section>
  );
}

function Read({ tip }: { tip: Tip }) {
  const { say } = useWords();
  const [why, setWhy] = useState<(typeof WHYS)[number]>("answer");
  const read = useMutation({ ...FORGET, mutationFn: () => asked(client.POST("/v1/tips/{tip_id}:reporter", { params: { path: { tip_id: tip.tip_id } }, body: { why: say(`casework.reporter_why_${why}`) } })) });
  function submit(event: FormEvent): void {
    event.preventDefault();
    read.mutate();
  }
  if (read.data) {
    const found = read.data;
    const facts = PARTS.map((part) => [say(`casework.reporter_${part}`), found[part]] as const).filter(([, value]) => value);
    return (
      <div className="stepform">
        <FactList facts={[...facts, [say("casework.reporter_insider"), say(found.insider ? "casework.reporter_is" : "casework.reporter_is_not")]]} />
        <button type="button" onClick={() => read.reset()}>
          {say("casework.reporter_hide")}
        </button>
      </div>
    );
  }
  return (
    <form className="stepform" aria-label={say("casework.reporter_read")} onSubmit={submit}>
      <p className="lacks">{say("casework.reporter_logged")}</p>
      <label>
        {say("casework.reporter_why")}{" "}
        <select value={why} onChange={(event) => setWhy(event.target.value as typeof why)}>
          {WHYS.map((one) => (
            <option key={one} value={one}>
              {say(`casework.reporter_why_${one}`)}
            </option>
          ))}
        </select>
      </label>{" "}
      <button type="submit" className="first" disabled={read.isPending}>
        {say("casework.reporter_show")}
      </button>
      {read.error ? <Wrong error={read.error} /> : null}
    </form>
  );
}

function Write({ tip, done }: { tip: Tip; done: () => void }) {
  const { say } = useWords();
  const [typed, setTyped] = useState<Identity>(NOBODY);
  const seal = useMutation({
    ...FORGET,
    mutationFn: () => asked(client.POST("/v1/tips/{tip_id}:identify", { params: { path: { tip_id: tip.tip_id }, header: { "If-Match": `"${tip.version}"` } }, body: identityOf(typed) })),
    onSuccess: done,
    onSettled: again,
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    seal.mutate();
  }
  return (
    <form className="stepform" aria-label={say("casework.reporter_write")} autoComplete="off" onSubmit={submit}>
      <p className="quiet">{say("casework.reporter_sealed")}</p>
      <div className="caseform">
        {PARTS.map((part) => (
          <div key={part} className="field">
            <label htmlFor={`reporter-${part}`}>
              {say(`casework.reporter_${part}`)} <span className="quiet">· {say("casework.optional")}</span>
            </label>
            <input id={`reporter-${part}`} maxLength={part === "address" ? 500 : 50} autoComplete="off" spellCheck={false} value={typed[part] ?? ""} onChange={(event) => setTyped({ ...typed, [part]: event.target.value })} />
          </div>
        ))}
        <div className="field">
          <label className="yes" htmlFor="reporter-insider">
            <input id="reporter-insider" type="checkbox" checked={typed.insider} onChange={(event) => setTyped({ ...typed, insider: event.target.checked })} /> {say("casework.reporter_insider")}
          </label>
        </div>
      </div>
      {seal.error ? <Wrong error={seal.error} /> : null}
      <p className="row">
        <button type="submit" className="first" disabled={seal.isPending}>
          {say("casework.reporter_seal")}
        </button>
        <button type="button" onClick={done}>
          {say("casework.cancel")}
        </button>
      </p>
    </form>
  );
}

/** A code for a reporter who stays unknown: shown once, an older one ends. */
function Receipt({ tip }: { tip: Tip }) {
  const { say } = useWords();
  const give = useMutation({ ...FORGET, mutationFn: () => asked(client.POST("/v1/tips/{tip_id}:receipt", { params: { path: { tip_id: tip.tip_id } } })), onSettled: again });
  return (
    <div className="stepform">
      <p className="quiet">{say("casework.receipt_note")}</p>
      {give.data ? (
        <p className="link" role="status">
          {say("casework.receipt_is")} <code>{give.data.receipt}</code>
        </p>
      ) : (
        <button type="button" className="first" disabled={give.isPending} onClick={() => give.mutate()}>
          {say("casework.receipt_make")}
        </button>
      )}
      {give.error ? <Wrong error={give.error} /> : null}
    </div>
  );
}
