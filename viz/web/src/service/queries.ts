// What screens ask for, and when it is asked again: an answer stays until the reader goes over to a newer run, or changes the language.
import { MutationCache, QueryCache, QueryClient, keepPreviousData, useQuery } from "@tanstack/react-query";

import { useMay } from "../shell/who";
import { useWords } from "../words";
import { Refused, Unreachable, asked, client, setToken } from "./client";
import { down } from "./down";

const TRIES = 2;

function failed(error: Error): void {
  if (error instanceof Unreachable || (error instanceof Refused && error.status >= 502 && error.code === "unknown")) down.set(true);
  if (error instanceof Refused && error.code === "no_session") void queries.invalidateQueries({ queryKey: ["session"] });
}

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: failed }),
  mutationCache: new MutationCache({ onError: failed }),
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      networkMode: "always",
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (tries, error) => error instanceof Refused && (error.status === 429 || error.code === "loading") && tries < TRIES,
    },
    mutations: { networkMode: "always" },
  },
});

export function useSession() {
  return useQuery({
    queryKey: ["session"],
    queryFn: async () => {
      if (document.documentElement.dataset["session"] !== "yes") return null;
      try {
        const found = await asked(client.GET("/v1/session"));
        setToken(found.csrf_token);
        return found;
      } catch (error) {
        if (error instanceof Refused && error.status === 401) return null;
        throw error;
      }
    },
  });
}

/** The run that is served; asked every few seconds, so that a newer one is noticed. */
export function useServedRun() {
  return useQuery({
    queryKey: ["ready"],
    refetchInterval: 10_000,
    queryFn: async () => {
      try {
        return { run: (await asked(client.GET("/readyz"))).run_id as string | null, why: "" };
      } catch (error) {
        if (error instanceof Refused && error.status === 503) return { run: null, why: error.code };
        throw error;
      }
    },
  });
}

export function useRing(ring: string) {
  const { lang } = useWords();
  const path = { params: { path: { ring_id: ring } } };
  return {
    detail: useQuery({ queryKey: ["ring", ring, lang], queryFn: () => asked(client.GET("/v1/rings/{ring_id}", path)) }),
    evidence: useQuery({ queryKey: ["evidence", ring, lang], queryFn: () => asked(client.GET("/v1/rings/{ring_id}/evidence", path)) }),
    graph: useQuery({ queryKey: ["graph", ring], queryFn: () => asked(client.GET("/v1/rings/{ring_id}/graph", path)) }),
    timeline: useQuery({ queryKey: ["timeline", ring], queryFn: () => asked(client.GET("/v1/rings/{ring_id}/timeline", path)) }),
  };
}

/** Who and what is around these of a ring; while more is asked for, what was there stays. */
export function useAround(ring: string, of: readonly string[]) {
  const may = useMay("GET /v1/rings/{ring_id}/around");
  return useQuery({
    queryKey: ["around", ring, of],
    enabled: may && of.length > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => asked(client.GET("/v1/rings/{ring_id}/around", { signal, params: { path: { ring_id: ring }, query: { of: [...of] } } })),
  });
}

export function useHistory(ring: string) {
  const path = { params: { path: { ring_id: ring } } };
  return useQuery({ queryKey: ["history", ring], queryFn: () => asked(client.GET("/v1/rings/{ring_id}/history", path)) });
}

export function useRingCypher(ring: string) {
  const { lang } = useWords();
  const path = { params: { path: { ring_id: ring } } };
  return useQuery({ queryKey: ["cypher", ring, lang], queryFn: () => asked(client.GET("/v1/rings/{ring_id}/cypher", path)) });
}

export function useOverview(enabled = true) {
  return useQuery({ queryKey: ["overview"], enabled, queryFn: () => asked(client.GET("/v1/rings:overview")) });
}
