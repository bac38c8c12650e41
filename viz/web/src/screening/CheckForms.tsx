import { useMutation } from "@tanstack/react-query";
import { type ChangeEvent, useRef } from "react";

import type { Field } from "../cases/Fields";
import { QuickForm, useQuickForm } from "../cases/QuickForm";
import { todayFrom } from "../cases/wanted";
import { exactMoney } from "../figures";
import { turn } from "../place/use";
import { asked, client, once } from "../service/client";
import { queries } from "../service/queries";
import { Wrong } from "../shell/Told";
import { useWords } from "../words";
import { type SelfCheck, answersOf } from "./parts";

const again = () => void queries.invalidateQueries({ predicate: ({ queryKey: [first] }) => first === "check" || first === "checks" });
const close = () => turn({ do: "" }, true);

/** The workbook that a facility filled in and sent back. */
export function UploadAnswers({ check }: { check: SelfCheck }) {
  const { say } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const send = useMutation({
    mutationFn: (file: File) => {
      const form = new FormData();
      form.append("file", file);
      const params = { path: { check_id: check.check_id }, header: { ...once(), "If-Match": `"${check.version}"` } };
      return asked(client.POST("/v1/self-checks/{check_id}:upload", { params, body: form as never, bodySerializer: (body) => body as never }));
    },
    onSettled: () => {
      if (input.current) input.current.value = "";
      again();
    },
  });
  function chosen(event: ChangeEvent<HTMLInputElement>): void {
    const file = event.target.files?.[0];
    if (file) send.mutate(file);
  }
  return (
    <>
      <label className="notelabel">
        {say("casework.check_upload")}
        <input ref={input} type="file" accept=".xlsx" disabled={send.isPending} onChange={chosen} />
      </label>
      {send.error ? <Wrong error={send.error} /> : null}
    </>
  );
}

export function AnswerByHand({ check }: { check: SelfCheck }) {
  const { say } = useWords();
  const form = useQuickForm(
    `${check.check_id} answer`,
    {},
    (values, key) => asked(client.POST("/v1/self-checks/{check_id}:answer", { params: { path: { check_id: check.check_id }, header: { "If-Match": `"${check.version}"`, "Idempotency-Key": key } }, body: { answers: answersOf(values, check.items.length) } })),
    () => {
      again();
      close();
    },
    again,
  );
  const fields = check.items.flatMap((item, at): Field[] => [
    { name: `amount${at}`, label: item, kind: "money", hint: say("casework.check_amount_how") },
    { name: `remark${at}`, label: say("casework.check_remark_on", { number: at + 1 }), kind: "line" },
  ]);
  return <QuickForm title={say("casework.check_by_hand")} go={say("casework.send")} cancel={close} form={form} fields={fields} />;
}

/** Money that the facility paid back; never more than it said. */
export function BookReturn({ check, left }: { check: SelfCheck; left: string }) {
  const { say } = useWords();
  const form = useQuickForm(
    `${check.check_id} return`,
    { amount: left, paid_on: todayFrom(check.sent_on), reference: "" },
    (values, key) =>
      asked(
        client.POST("/v1/self-checks/{check_id}:return", {
          params: { path: { check_id: check.check_id }, header: { "If-Match": `"${check.version}"`, "Idempotency-Key": key } },
          body: { amount: values["amount"]!, paid_on: values["paid_on"]!, reference: values["reference"]!.trim() },
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
      title={say("casework.check_return")}
      go={say("casework.send")}
      cancel={close}
      form={form}
      fields={[
        { name: "amount", label: say("casework.received_amount", { owed: exactMoney(left) }), kind: "money", required: true, least: "0.01", most: left },
        { name: "paid_on", label: say("casework.received_on"), kind: "day", required: true, least: check.sent_on, most: todayFrom(check.sent_on) },
        { name: "reference", label: say("casework.check_reference"), kind: "line", required: true },
      ]}
    />
  );
}
