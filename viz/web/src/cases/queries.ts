// What the casebook's screens ask for. Others work on the same cases: an answer is asked for again whenever a screen is opened or looked at anew.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { Refused, type Shapes, asked, client } from "../service/client";
import { queries } from "../service/queries";
import { useWords } from "../words";
import type { Case } from "./steps";

const ANEW = { staleTime: 0, refetchOnWindowFocus: true } as const;
export type Colleague = Shapes["ColleagueDetail"];

export const caseKey = (id: string, lang: string) => ["case", id, lang] as const;

export async function caseNow(id: string): Promise<Case> {
  return asked(client.GET("/v1/cases/{case_id}", { params: { path: { case_id: id } } }));
}

export function useCase(id: string) {
  const { lang } = useWords();
  return useQuery({ queryKey: caseKey(id, lang), ...ANEW, queryFn: () => caseNow(id) });
}

export function useColleagues() {
  return useQuery({ queryKey: ["colleagues"], queryFn: async () => (await asked(client.GET("/v1/colleagues"))).colleagues });
}

/** The cases that have a ring, the newest first. */
export function useCasesOf(ring: string) {
  const { lang } = useWords();
  return useQuery({ queryKey: ["cases", "of", ring, lang], ...ANEW, queryFn: async () => (await asked(client.GET("/v1/cases", { params: { query: { ring_id: ring, sort: "created", limit: 10 } } }))).cases });
}

/** After a change of a case: what is known of it, and every list that tells it, is asked for again. */
export function caseChanged(now: Case | null): void {
  if (now) queries.setQueriesData({ queryKey: ["case", now.case_id] }, now);
  void queries.invalidateQueries({ predicate: ({ queryKey: [first] }) => first === "cases" || first === "rings" || first === "ring" || first === "history-of-case" });
}

/** The name of somebody by id; the id where nobody bears it. */
export function named(all: readonly Colleague[] | undefined, id: string): string {
  return all?.find((one) => one.caller_id === id)?.name ?? id;
}

export type Headers = { "If-Match": string; "Idempotency-Key": string };
export type Send = (headers: Headers) => Promise<Case>;

/** A key for what is sent: the same as long as the content is and nobody answered, so that sending it again after the line broke does it once. */
export function useOnce(): { key: (content: string) => string; answered: () => void } {
  const kept = useRef({ content: "", key: "" });
  return {
    key(content) {
      if (kept.current.content !== content) kept.current = { content, key: crypto.randomUUID() };
      return kept.current.key;
    },
    answered() {
      kept.current = { content: "", key: "" };
    },
  };
}

/** A step of a case against the version that was seen. Where somebody else was quicker nothing is done, and `meanwhile` tells what was seen and
 * what the case is now. */
export function useStep(id: string) {
  const once = useOnce();
  const [meanwhile, setMeanwhile] = useState<{ seen: Case; now: Case } | null>(null);
  const mutation = useMutation({
    mutationFn: async ({ seen, content, send }: { seen: Case; content: string; send: Send }) => {
      setMeanwhile(null);
      try {
        const done = await send({ "If-Match": `"${seen.version}"`, "Idempotency-Key": once.key(`${seen.version} ${content}`) });
        once.answered();
        return done;
      } catch (error) {
        if (error instanceof Refused) once.answered();
        if (error instanceof Refused && error.code === "changed_meanwhile") {
          const now = await caseNow(id);
          setMeanwhile({ seen, now });
          queries.setQueriesData({ queryKey: ["case", id] }, now);
        }
        throw error;
      }
    },
    onSuccess: caseChanged,
  });
  const error = meanwhile && mutation.error instanceof Refused && mutation.error.code === "changed_meanwhile" ? null : mutation.error;
  return { run: mutation.mutateAsync, pending: mutation.isPending, error, meanwhile, forget: () => setMeanwhile(null) };
}
