import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { Refused, type Shapes } from "../service/client";
import { useWho } from "../shell/who";
import { useWords } from "../words";
import { type Outcome, each } from "./bulk";
import { workers } from "./forms";
import { caseChanged, useColleagues, useOnce } from "./queries";
import { decides } from "./steps";
import "./cases.css";
import "./words";

type Props<Item> = {
  items: readonly Item[];
  called: (item: Item) => string;
  districts: (item: Item) => readonly string[];
  label: string;
  go: string;
  work: (item: Item, assignee: string, key: string) => Promise<unknown>;
  chosen: (left: readonly Item[]) => void;
};

/** Many at once to one desk. Whoever is no supervisor takes them to their own; what fails is told and stays chosen. */
export function Bulk<Item>({ items, called, districts, label, go, work, chosen }: Props<Item>) {
  const { say } = useWords();
  const me = useWho();
  const { data: colleagues = [] } = useColleagues();
  const fit: Pick<Shapes["ColleagueDetail"], "caller_id" | "name">[] = decides(me) ? workers(colleagues, items.flatMap(districts)) : [{ caller_id: me.user_id, name: me.name }];
  const [to, setTo] = useState(me.user_id);
  const [done, setDone] = useState(0);
  const [told, setTold] = useState<Outcome<Item>[]>([]);
  const once = useOnce();
  const give = useMutation({
    mutationFn: async () => {
      setDone(0);
      const key = once.key(`${to} ${items.map(called).join(" ")}`);
      return each(items, (item) => work(item, to, `${key}-${called(item)}`), setDone);
    },
    onSuccess: (outcomes) => {
      once.answered();
      setTold(outcomes);
      chosen(outcomes.filter((one) => one.wrong).map((one) => one.item));
      caseChanged(null);
    },
  });
  const failed = told.filter((one) => one.wrong);
  if (!items.length && !told.length) return null;
  return (
    <section className="bulk" aria-label={label}>
      {items.length ? (
        <p className="row">
          <strong>{say("casework.chosen", { count: items.length })}</strong>
          <label>
            {label}{" "}
            <select value={to} onChange={(event) => setTo(event.target.value)}>
              {fit.map((one) => (
                <option key={one.caller_id} value={one.caller_id}>
                  {one.name}
                </option>
              ))}
            </select>
          </label>
          <button type="button" className="first" disabled={give.isPending || !fit.length} onClick={() => give.mutate()}>
            {go}
          </button>
          <button type="button" onClick={() => chosen([])}>
            {say("casework.choose_none")}
          </button>
        </p>
      ) : null}
      <div role="status">
        {give.isPending ? say("casework.bulk_going", { done, all: items.length }) : told.length ? say("casework.bulk_done", { count: told.length - failed.length }) : null}
        {failed.length && !give.isPending ? (
          <>
            {" "}
            {say("casework.bulk_failed")}
            <ul>
              {failed.map((one) => (
                <li key={called(one.item)}>
                  {called(one.item)}: {one.wrong instanceof Refused ? one.wrong.message : say("app.unreachable")}
                </li>
              ))}
            </ul>
          </>
        ) : null}
      </div>
    </section>
  );
}
