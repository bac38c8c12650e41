// How the app asks the service: typed by its OpenAPI, in the reader's language, with the session's token; what goes wrong is thrown.
import createClient, { type Middleware } from "openapi-fetch";

import type { components, paths } from "../made/api";
import { language } from "../words";

export type Shapes = components["schemas"];
export type Problem = { code: string; title: string; detail: string; request_id: string };

/** The service said no, in a sentence for the reader. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? String(status));
    this.status = status;
    this.code = problem.code ?? "unknown";
  }
}

/** Nobody answered. */
export class Unreachable extends Error {}

let token = "";
export const setToken = (csrf: string): void => {
  token = csrf;
};

const headers: Middleware = {
  onRequest({ request }) {
    request.headers.set("accept-language", language());
    if (request.method !== "GET" && token) request.headers.set("x-csrf-token", token);
    return request;
  },
};

export const client = createClient<paths>({ baseUrl: globalThis.location?.origin ?? "http://localhost" });
client.use(headers);

type Answer<Data> = { data?: Data; error?: unknown; response: Response };

/** What was asked for; Refused or Unreachable where there is none. */
export async function asked<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  let found: Answer<Data>;
  try {
    found = await answer;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error; // somebody did not want to wait
    throw error instanceof SyntaxError ? new Refused(502, {}) : new Unreachable();
  }
  if (!found.response.ok) throw new Refused(found.response.status, (found.error ?? {}) as Partial<Problem>);
  return found.data as Data;
}

/** Who asks for a change names it, so that asking twice does nothing twice. */
export const once = (): { "Idempotency-Key": string } => ({ "Idempotency-Key": crypto.randomUUID() });
