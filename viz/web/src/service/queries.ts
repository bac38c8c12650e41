// What screens ask for, and when it is asked again: an answer stays until the reader goes over to a newer run, or changes the language.
import { MutationCache, QueryCache, QueryClient, keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";

import { useMay } from "../shell/who";
import { type Language, language, useWords } from "../words";
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

/** Whether somebody is logged in here, as the page says it. */
export const inSession = (): boolean => document.documentElement.dataset["session"] === "yes";

export const SESSION = queryOptions({
  queryKey: ["session"],
  queryFn: async () => {
    if (!inSession()) return null;
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

export const useSession = () => useQuery(SESSION);

export const SERVED_RUN = queryOptions({
  queryKey: ["ready"],
  queryFn: async () => {
    try {
      return { run: (await asked(client.GET("/readyz"))).run_id as string | null, why: "" };
    } catch (error) {
      if (error instanceof Refused && error.status === 503) return { run: null, why: error.code };
      throw error;
    }
  },
});

/** The run that is served; asked every few seconds, so that a newer one is noticed. */
export const useServedRun = () => useQuery({ ...SERVED_RUN, refetchInterval: 10_000 });

const ofRing = (ring: string, lang: Language) => {
  const path = { params: { path: { ring_id: ring } } };
  return {
    detail: queryOptions({ queryKey: ["ring", ring, lang], queryFn: () => asked(client.GET("/v1/rings/{ring_id}", path)) }),
    graph: queryOptions({ queryKey: ["graph", ring], queryFn: () => asked(client.GET("/v1/rings/{ring_id}/graph", path)) }),
    evidence: queryOptions({ queryKey: ["evidence", ring, lang], queryFn: () => asked(client.GET("/v1/rings/{ring_id}/evidence", path)) }),
    timeline: queryOptions({ queryKey: ["timeline", ring], queryFn: () => asked(client.GET("/v1/rings/{ring_id}/timeline", path)) }),
  };
};

export function useRing(ring: string) {
  const { lang } = useWords();
  const asks = ofRing(ring, lang);
  return { detail: useQuery(asks.detail), graph: useQuery(asks.graph), evidence: useQuery(asks.evidence), timeline: useQuery(asks.timeline) };
}

/** Ask for all of a ring before its screen is there. */
export function askAhead(ring: string): void {
  const asks = ofRing(ring, language());
  void queries.prefetchQuery(asks.detail);
  void queries.prefetchQuery(asks.graph);
  void queries.prefetchQuery(asks.evidence);
  void queries.prefetchQuery(asks.timeline);
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
