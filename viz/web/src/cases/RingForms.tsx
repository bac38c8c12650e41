import { useQuery } from "@tanstack/react-query";

import { address } from "../place/place";
import { go } from "../place/use";
import { type Shapes, asked, client } from "../service/client";
import { useWho } from "../shell/who";
import { useWords } from "../words";
import type { Field } from "./Fields";
import { QuickForm, useQuickForm } from "./QuickForm";
import { priorities, workers } from "./forms";
import { caseChanged, caseNow, useColleagues } from "./queries";
import { dismissRing, openCase } from "./ringSteps";
import { type Case, decides } from "./steps";

type Ring = Shapes["RingDetail"];

/** A new case of a ring, or the ring for a case that is open. */
export function Take({ ring, done }: { ring: Ring; done: () => void }) {
  const { say } = useWords();
  const me = useWho();
  const { data: colleagues = [] } = useColleagues();
  const others = useQuery({ queryKey: ["cases", "open"], staleTime: 0, queryFn: async () => (await asked(client.GET("/v1/cases", { params: { query: { open: true, sort: "updated", limit: 200 } } }))).cases });
  const fit = decides(me) ? workers(colleagues, ring.districts) : [];
  const first = { how: "new", title: say("casework.new_title", { kind: ring.kind_name, ring: ring.ring_id }), priority: "normal", due_on: "", assignee: me.user_id, summary: "", case_id: "" };
  const form = useQuickForm(
    `${ring.ring_id} take`,
    first,
    async (values, key) => {
      if (values["how"] === "add") return asked(client.POST("/v1/cases/{case_id}:link", { params: { path: { case_id: values["case_id"]! }, header: { "Idempotency-Key": key } }, body: { ring_id: ring.ring_id } }));
      return openCase({ ring_id: ring.ring_id, title: values["title"]!, summary: values["summary"] ?? "", priority: values["priority"] as Case["priority"], due_on: values["due_on"] || null }, values["assignee"] || null, key);
    },
    (now) => {
      caseChanged(now);
      go(address(["cases", now.case_id]));
    },
    () => caseChanged(null),
  );
  const adding = form.values["how"] === "add";
  const all = others.data ?? [];
  const fields: Field[] = [
    { name: "how", label: say("casework.take_how"), kind: "choice", options: [["new", say("casework.take_new")], ["add", say("casework.take_add")]] },
    ...(adding
      ? [{ name: "case_id", label: say("casework.which_case"), kind: "choice" as const, required: true, options: [["", all.length ? "…" : say("casework.which_case_none")] as const, ...all.map((one) => [one.case_id, `${one.case_id} ${one.title}`] as const)] }]
      : [
          { name: "title", label: say("casework.title"), kind: "line" as const, required: true, broad: true },
          { name: "assignee", label: say("casework.assignee"), kind: "choice" as const, options: [[me.user_id, me.name] as const, ["", say("casework.nobody")] as const, ...fit.filter((one) => one.caller_id !== me.user_id).map((one) => [one.caller_id, one.name] as const)] },
          { name: "priority", label: say("casework.priority"), kind: "choice" as const, options: priorities() },
          { name: "due_on", label: say("casework.due_on"), kind: "day" as const },
          { name: "summary", label: say("casework.summary"), kind: "text" as const },
        ]),
  ];
  return <QuickForm title={say("casework.take")} fields={fields} form={form} go={say(adding ? "casework.add_go" : "casework.take_go")} cancel={done} />;
}

/** A false positive: its case is closed with the reason, and it stays quiet until its evidence grows. */
export function Dismiss({ ring, open, done }: { ring: Ring; open: Shapes["CaseSummary"] | null; done: () => void }) {
  const { say } = useWords();
  const title = say("casework.dismissed_title", { kind: ring.kind_name, ring: ring.ring_id });
  const form = useQuickForm(
    `${ring.ring_id} dismiss`,
    { reason: "", percent: "20" },
    async (values, key) => dismissRing(ring.ring_id, title, open ? await caseNow(open.case_id) : null, values["reason"]!, Number(values["percent"]), key),
    (now) => {
      caseChanged(now);
      done();
    },
    () => caseChanged(null),
  );
  const fields: Field[] = [
    { name: "reason", label: say("casework.reason"), kind: "text", required: true, hint: say("casework.reason_how") },
    { name: "percent", label: say("casework.percent"), kind: "number", required: true, most: "1000" },
  ];
  const note = `${say("casework.dismiss_note")} ${open ? say("casework.dismiss_open", { case: open.case_id }) : ""}`;
  return <QuickForm title={say("casework.dismiss")} note={note} fields={fields} form={form} go={say("casework.dismiss_go")} cancel={done} />;
}
