import { KINDS } from "../made/kinds";
import { address } from "../place/place";
import { go, turn } from "../place/use";
import { type Shapes, asked, client } from "../service/client";
import { useOverview, queries } from "../service/queries";
import { useWords } from "../words";
import { QuickForm, useQuickForm } from "../cases/QuickForm";
import { today } from "../cases/wanted";
import { CHANNELS, named } from "./wanted";

/** A tip is recorded: what was said, never by whom (that is sealed apart, by the service's own route). */
export function NewTip({ open }: { open: boolean }) {
  const { say, word } = useWords();
  const { data: overview } = useOverview(open);
  const form = useQuickForm(
    "new tip",
    { channel: "phone", district: "", received_on: today(), kind: "", summary: "", facilities: "", patients: "" },
    (values, key) =>
      asked(
        client.POST("/v1/tips", {
          params: { header: { "Idempotency-Key": key } },
          body: {
            channel: values["channel"] as (typeof CHANNELS)[number],
            district: values["district"]!.trim(),
            received_on: values["received_on"]!,
            summary: values["summary"]!,
            kind: (values["kind"] || null) as Shapes["TipRequest"]["kind"] & string,
            entities: [...named(values["facilities"] ?? "", "facility"), ...named(values["patients"] ?? "", "patient")],
          },
        }),
      ),
    (tip) => {
      void queries.invalidateQueries({ queryKey: ["tips"] });
      go(address(["tips", tip.tip_id]));
    },
  );
  if (!open) {
    return (
      <p>
        <button type="button" className="first" onClick={() => turn({ do: "record" })}>
          {say("casework.tip_record")}
        </button>
      </p>
    );
  }
  return (
    <section className="pane">
      <h2>{say("casework.tip_record")}</h2>
      <QuickForm
        title={say("casework.tip_record")}
        note={say("casework.tip_record_note")}
        go={say("casework.send")}
        cancel={() => turn({ do: "" }, true)}
        form={form}
        fields={[
          { name: "channel", label: say("casework.tip_channel"), kind: "choice", options: CHANNELS.map((one) => [one, say(`casework.tip_channel_${one}`)] as const) },
          { name: "received_on", label: say("casework.tip_received"), kind: "day", required: true, most: today() },
          { name: "district", label: say("app.district"), kind: "line", required: true, suggest: overview?.districts.map((one) => [one.value, ""] as const) ?? [] },
          { name: "kind", label: say("app.kind"), kind: "choice", options: [["", "—"], ...KINDS.map((one) => [one, word("kinds", one)] as const)] },
          { name: "summary", label: say("casework.tip_summary"), kind: "text", required: true },
          { name: "facilities", label: say("casework.tip_facilities"), kind: "text", hint: say("casework.tip_lines") },
          { name: "patients", label: say("casework.tip_patients"), kind: "text", hint: say("casework.tip_lines") },
        ]}
      />
    </section>
  );
}
