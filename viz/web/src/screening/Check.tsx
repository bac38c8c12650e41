import { useMutation, useQuery } from "@tanstack/react-query";

import { owed } from "../cases/steps";
import { exactMoney } from "../figures";
import { address } from "../place/place";
import { Link, turn, usePlace } from "../place/use";
import { save } from "../saving";
import { asked, client } from "../service/client";
import { FactList } from "../shell/FactList";
import { Missing, Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";
import { AnswerByHand, BookReturn, UploadAnswers } from "./CheckForms";
import { Facility } from "./Facility";
import type { SelfCheck } from "./parts";

/** One self-check: what was asked, the workbook to send, what the facility answered, and what it paid back. */
export function Check({ id }: { id: string }) {
  const { say } = useWords();
  const { params } = usePlace();
  const { data: check, error } = useQuery({ queryKey: ["check", id], staleTime: 0, refetchOnWindowFocus: true, queryFn: () => asked(client.GET("/v1/self-checks/{check_id}", { params: { path: { check_id: id } } })) });
  if (error && !check) {
    return (
      <Missing error={error} title={say("casework.no_such_check")} text={say("casework.no_such_check_why")}>
        <Link to={address(["screening"], [["part", "checks"]])}>{say("casework.look_part_checks")}</Link>
      </Missing>
    );
  }
  if (!check) return <Waiting />;
  const left = owed({ amount: check.amount, received: check.returned });
  const doing = params.get("do");
  const facts: [string, string | null][] = [
    [say("casework.col_state"), say(`casework.check_state_${check.state}`)],
    [say("casework.districts"), check.district],
    [say("casework.check_sent"), check.sent_on],
    [say("casework.check_due"), check.due_on],
    [say("casework.check_answered"), check.answered_on],
    [say("casework.check_said"), check.amount && exactMoney(check.amount)],
    [say("casework.check_returned"), check.amount && exactMoney(check.returned)],
    [say("casework.check_left"), check.state === "answered" ? exactMoney(left) : null],
  ];
  return (
    <article className="case">
      <p className="quiet">
        <Link to={address(["screening"], [["part", "checks"]])}>{say("casework.look_part_checks")}</Link> / {check.check_id}
      </p>
      <h1>
        {say("casework.check_of")} <Facility of={check} />
      </h1>
      <FactList facts={facts.filter(([, value]) => value)} />
      <section className="pane next">
        <h2>{say("casework.next")}</h2>
        {check.state === "sent" ? <p>{say("casework.check_next_sent")}</p> : null}
        {check.state === "answered" ? <p>{say("casework.check_next_answered")}</p> : null}
        {check.state === "closed" ? <p>{say("casework.check_next_closed")}</p> : null}
        <p className="row">
          <Workbook id={check.check_id} />
          {check.state === "sent" ? (
            <button type="button" aria-expanded={doing === "answer"} onClick={() => turn({ do: doing === "answer" ? "" : "answer" })}>
              {say("casework.check_by_hand")}
            </button>
          ) : null}
          {check.state === "answered" ? (
            <button type="button" className="first" aria-expanded={doing === "return"} onClick={() => turn({ do: doing === "return" ? "" : "return" })}>
              {say("casework.check_return")}
            </button>
          ) : null}
        </p>
        {check.state === "sent" ? <UploadAnswers check={check} /> : null}
        {check.state === "sent" && doing === "answer" ? <AnswerByHand key={check.version} check={check} /> : null}
        {check.state === "answered" && doing === "return" ? <BookReturn key={check.version} check={check} left={left} /> : null}
      </section>
      <Items check={check} />
    </article>
  );
}

function Items({ check }: { check: SelfCheck }) {
  const { say } = useWords();
  return (
    <section className="pane report">
      <h2>{say("casework.check_asked")}</h2>
      <table className="small">
        <thead>
          <tr>
            <th scope="col">{say("casework.check_item")}</th>
            {check.answers ? <th scope="col" className="number">{say("casework.amount")}</th> : null}
            {check.answers ? <th scope="col">{say("casework.check_remark")}</th> : null}
          </tr>
        </thead>
        <tbody>
          {check.items.map((item, at) => (
            <tr key={at}>
              <td>{item}</td>
              {check.answers ? <td className="number">{exactMoney(check.answers[at]?.amount ?? null)}</td> : null}
              {check.answers ? <td className="typed">{check.answers[at]?.remark}</td> : null}
            </tr>
          ))}
          {check.answers ? (
            <tr className="sum">
              <td>{say("cases.total")}</td>
              <td className="number">{exactMoney(check.amount)}</td>
              <td />
            </tr>
          ) : null}
        </tbody>
      </table>
    </section>
  );
}

/** The list as a workbook to be sent to the facility, in the reader's language. */
function Workbook({ id }: { id: string }) {
  const { say } = useWords();
  const make = useMutation({
    mutationFn: () => asked(client.GET("/v1/self-checks/{check_id}/list.xlsx", { params: { path: { check_id: id } }, parseAs: "blob" })) as Promise<unknown>,
    onSuccess: (content) => save(content as Blob, `${id}.xlsx`),
  });
  return (
    <>
      <button type="button" disabled={make.isPending} onClick={() => make.mutate()}>
        {say("casework.check_workbook")}
      </button>
      {make.error ? <Wrong error={make.error} /> : null}
    </>
  );
}
