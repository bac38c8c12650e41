import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { QuickForm, useQuickForm } from "../cases/QuickForm";
import { todayFrom } from "../cases/wanted";
import { exactMoney } from "../figures";
import { turn, usePlace } from "../place/use";
import { type Shapes, asked, client } from "../service/client";
import { queries } from "../service/queries";
import { FactList } from "../shell/FactList";
import { Wrong } from "../shell/Told";
import { useMay } from "../shell/who";
import { useWords } from "../words";
import { LEVELS, needsReceipt, rewardStands } from "./reporter";

type Tip = Shapes["TipDetail"];
const again = () => void queries.invalidateQueries({ predicate: ({ queryKey: [first] }) => first === "tip" || first === "tips" });

/** What a tip was worth: computed by the rules and booked by a supervisor, paid by the tip officer. */
export function Reward({ tip }: { tip: Tip }) {
  const { say } = useWords();
  const { params } = usePlace();
  const books = useMay("POST /v1/tips/{tip_id}:reward");
  const pays = useMay("POST /v1/tips/{tip_id}:pay");
  const stands = rewardStands(tip);
  if (stands === "none") return null;
  const doing = params.get("do");
  const reward = tip.reward;
  return (
    <section className="pane" aria-labelledby="reward">
      <h2 id="reward">{say("casework.reward")}</h2>
      {reward ? (
        <FactList
          facts={[
            [say("casework.reward_amount"), exactMoney(reward.amount)],
            [say("casework.reward_found"), exactMoney(reward.found)],
            [say("casework.reward_level"), say("casework.reward_level_of", { level: reward.level })],
            [say("casework.reward_insider"), say(reward.insider ? "casework.reporter_is" : "casework.reporter_is_not")],
            [say("casework.reward_booked"), reward.booked_on],
            [say("casework.reward_paid"), reward.paid_on ? `${reward.paid_on} · ${reward.reference ?? ""}` : say("casework.reward_unpaid")],
          ]}
        />
      ) : (
        <p>{say(books ? "casework.reward_note" : "casework.reward_waits")}</p>
      )}
      {reward ? <p className="quiet">{reward.basis}</p> : null}
      {stands === "to_book" && books ? (
        <button type="button" className="first" aria-expanded={doing === "reward"} onClick={() => turn({ do: doing === "reward" ? "" : "reward" })}>
          {say("casework.reward_book")}
        </button>
      ) : null}
      {stands === "to_pay" && pays ? (
        <button type="button" className="first" aria-expanded={doing === "pay"} onClick={() => turn({ do: doing === "pay" ? "" : "pay" })}>
          {say("casework.reward_pay")}
        </button>
      ) : null}
      {stands === "to_book" && books && doing === "reward" ? <Book tip={tip} /> : null}
      {reward && stands === "to_pay" && pays && doing === "pay" ? <Pay tip={tip} from={reward.booked_on} /> : null}
    </section>
  );
}

function Book({ tip }: { tip: Tip }) {
  const { say } = useWords();
  const close = () => turn({ do: "" }, true);
  const form = useQuickForm(
    `${tip.tip_id} reward`,
    { level: "1", found: "", insider: "" },
    (values, key) =>
      asked(
        client.POST("/v1/tips/{tip_id}:reward", {
          params: { path: { tip_id: tip.tip_id }, header: { "If-Match": `"${tip.version}"`, "Idempotency-Key": `${key}-${tip.version}` } },
          body: { level: Number(values["level"]), found: values["found"]!, insider: values["insider"] === "yes" },
        }),
      ),
    () => {
      again();
      close();
    },
    again,
  );
  return (
    <QuickForm
      title={say("casework.reward_book")}
      note={say("casework.reward_how")}
      go={say("casework.reward_go")}
      cancel={close}
      form={form}
      fields={[
        { name: "level", label: say("casework.reward_level"), kind: "choice", options: LEVELS.map((one) => [String(one), say(`casework.reward_level_${one}`)] as const) },
        { name: "found", label: say("casework.reward_found"), kind: "money", required: true },
        { name: "insider", label: say("casework.reward_insider"), kind: "yes" },
      ]}
    />
  );
}

/** Payment. The receipt that is shown is no draft: whoever has it could take the money. */
function Pay({ tip, from }: { tip: Tip; from: string }) {
  const { say } = useWords();
  const [typed, setTyped] = useState({ on: todayFrom(from), reference: "", receipt: "" });
  const close = () => turn({ do: "" }, true);
  const pay = useMutation({
    gcTime: 0,
    mutationFn: () => asked(client.POST("/v1/tips/{tip_id}:pay", { params: { path: { tip_id: tip.tip_id }, header: { "If-Match": `"${tip.version}"` } }, body: { on: typed.on, reference: typed.reference.trim(), receipt: typed.receipt.trim() || null } })),
    onSuccess: close,
    onSettled: again,
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    pay.mutate();
  }
  return (
    <form className="stepform" aria-label={say("casework.reward_pay")} autoComplete="off" onSubmit={submit}>
      <div className="caseform">
        <div className="field">
          <label htmlFor="pay-on">{say("casework.reward_paid")}</label>
          <input id="pay-on" type="date" required min={from} max={todayFrom(from)} value={typed.on} onChange={(event) => setTyped({ ...typed, on: event.target.value })} />
        </div>
        <div className="field">
          <label htmlFor="pay-reference">{say("casework.reward_reference")}</label>
          <input id="pay-reference" required maxLength={40} pattern="[A-Za-z0-9\/\-]+" autoComplete="off" aria-describedby="pay-reference-how" value={typed.reference} onChange={(event) => setTyped({ ...typed, reference: event.target.value })} />
          <p id="pay-reference-how" className="quiet">
            {say("casework.reward_reference_how")}
          </p>
        </div>
        {needsReceipt(tip) ? (
          <div className="field">
            <label htmlFor="pay-receipt">{say("casework.receipt")}</label>
            <input id="pay-receipt" required maxLength={100} autoComplete="off" value={typed.receipt} onChange={(event) => setTyped({ ...typed, receipt: event.target.value })} />
          </div>
        ) : null}
      </div>
      {pay.error ? <Wrong error={pay.error} /> : null}
      <p className="row">
        <button type="submit" className="first" disabled={pay.isPending}>
          {say("casework.send")}
        </button>
        <button type="button" onClick={close}>
          {say("casework.cancel")}
        </button>
      </p>
    </form>
  );
}
