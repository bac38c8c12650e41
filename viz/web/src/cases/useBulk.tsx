import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { Refused } from "../service/client";
import { useWords } from "../words";
import { type Outcome, each } from "./bulk";
import { caseChanged, useOnce } from "./queries";

type Work<Item> = (item: Item, key: string) => Promise<unknown>;

/** The same step for many: `run` does it, `told` says how far it is and what failed; what failed stays chosen. `content`: what is sent beside. */
export function useBulk<Item>(items: readonly Item[], called: (item: Item) => string, chosen: (left: readonly Item[]) => void) {
  const { say } = useWords();
  const [done, setDone] = useState(0);
  const [outcomes, setOutcomes] = useState<Outcome<Item>[]>([]);
  const once = useOnce();
  const all = useMutation({
    mutationFn: ({ content, work }: { content: string; work: Work<Item> }) => {
      setDone(0);
      setOutcomes([]);
      const key = once.key(`${content} ${items.map(called).join(" ")}`);
      return each(items, (item) => work(item, `${key}-${encodeURIComponent(called(item))}`), setDone);
    },
    onSuccess: (found) => {
      once.answered();
      setOutcomes(found);
      chosen(found.filter((one) => one.wrong).map((one) => one.item));
      caseChanged(null);
    },
  });
  const failed = outcomes.filter((one) => one.wrong);
  const told: ReactNode = (
    <div role="status">
      {all.isPending ? say("casework.bulk_going", { done, all: items.length }) : outcomes.length ? say("casework.bulk_done", { count: outcomes.length - failed.length }) : null}
      {failed.length ? (
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
  );
  return { run: (content: string, work: Work<Item>) => all.mutate({ content, work }), pending: all.isPending, told, over: outcomes.length > 0 };
}
