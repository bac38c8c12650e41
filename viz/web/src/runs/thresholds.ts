// The settings that the slider tries: how sure a group has to be, and how much harm, to be an alert.
import type { Shapes } from "../service/client";

export type Tried = { alert_q?: number; alert_harm?: number };
type Ring = Shapes["RejudgedRing"];

/** Where the slider stops: each about twice the last, since a q-value is a share that is read by its size. */
export const Q_STOPS = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5] as const;
export const MOST_HARM = 60; // nats; a group with more alerts whatever is set

/** What the address asks for; what is no such figure is left as the run had it. */
export function triedOf(params: ReadonlyMap<string, string>): Tried {
  const figure = (name: string, most: number) => {
    const value = Number(params.get(name) || Number.NaN);
    return value >= 0 && value <= most ? value : undefined;
  };
  const [alert_q, alert_harm] = [figure("q", 1), figure("harm", MOST_HARM)];
  return { ...(alert_q !== undefined && { alert_q }), ...(alert_harm !== undefined && { alert_harm }) };
}

/** The stop that lies nearest, by size. */
export function stopOf(q: number): number {
  const far = (stop: number) => Math.abs(Math.log(Math.max(q, 1e-9) / stop));
  return Q_STOPS.reduce((best, stop, i) => (far(stop) < far(Q_STOPS[best]!) ? i : best), 0);
}

/** Which groups would come to the alerts and which would leave them, the surest first. */
export function comeAndGo(changes: readonly Ring[]): { come: Ring[]; go: Ring[] } {
  const sure = [...changes].sort((a, b) => a.q_value - b.q_value || (a.ring_id < b.ring_id ? -1 : 1));
  return { come: sure.filter((ring) => ring.alert_after), go: sure.filter((ring) => !ring.alert_after) };
}
