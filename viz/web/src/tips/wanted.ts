// Which tips are listed: it stands in the address; what is searched for may be a name and does not.
export const STATES = ["received", "acknowledged", "checked", "answered", "closed"] as const;
export const CHANNELS = ["phone", "web", "letter", "messaging", "visit"] as const;
export const OUTCOMES = ["substantiated", "partly", "unsubstantiated", "out_of_scope", "duplicate"] as const;
export type Wanted = { state?: (typeof STATES)[number]; channel?: (typeof CHANNELS)[number]; late: boolean; sort: "due" };

export function wantedOf(params: ReadonlyMap<string, string>): Wanted {
  const state = STATES.find((one) => one === params.get("state"));
  const channel = CHANNELS.find((one) => one === params.get("channel"));
  return { ...(state && { state }), ...(channel && { channel }), late: params.get("late") === "1", sort: "due" };
}

/** People and places that a tip names, one a line: an id where it holds a digit and no Chinese sign, else a name. */
export function named(text: string, entity_type: "facility" | "patient" | "doctor" | "recruiter"): { entity_type: typeof entity_type; entity_id?: string; name?: string }[] {
  const lines = text.split(/\n/).map((line) => line.trim()).filter(Boolean);
  return lines.map((line) => ({ entity_type, ...(/\d/.test(line) && !/\p{Script=Han}|\s/u.test(line) ? { entity_id: line } : { name: line }) }));
}
