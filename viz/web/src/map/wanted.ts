// Which of the two pictures is shown, of which rings, and in which month: it stands in the address.
import type { Kind } from "../alerts/wanted";
import { KINDS } from "../made/kinds";
import type { Shapes } from "../service/client";

export type View = "districts" | "land";
/** `alerts`: only those that the list of alerts shows. */
export type MapWanted = { view: View; kind?: Kind; district?: string; alerts: boolean };
/** What both pictures know of a ring. */
type Told = Pick<Shapes["RingListed"], "kind" | "alert" | "suppressed" | "districts">;

/** What takes every filter away. */
export const NOT_NARROWED = { kind: "", district: "", show: "" } as const;

export function mapWantedOf(params: ReadonlyMap<string, string>): MapWanted {
  const kind = KINDS.find((one) => one === params.get("kind"));
  const district = params.get("district");
  return { view: params.get("view") === "land" ? "land" : "districts", ...(kind && { kind }), ...(district && { district }), alerts: params.get("show") === "alerts" };
}

/** The month of an address by its place among those of the run; null: all of them. */
export function monthOf(params: ReadonlyMap<string, string>, months: readonly string[]): number | null {
  const found = months.indexOf(params.get("month") ?? "");
  return found < 0 ? null : found;
}

export const narrowed = ({ kind, district, alerts }: MapWanted): boolean => Boolean(kind ?? district) || alerts;

/** A ring is in a district when people insured there are in it, as everywhere in the app. */
export function fits(ring: Told, { kind, district, alerts }: MapWanted): boolean {
  return (!kind || ring.kind === kind) && (!district || ring.districts.includes(district)) && (!alerts || (ring.alert && !ring.suppressed));
}
