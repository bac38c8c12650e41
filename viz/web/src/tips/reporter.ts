// Who gave a tip, and what it was worth, without a screen. What tells who somebody is stays in the form that it is typed in: it goes into no
// draft, no address and no cache.
import type { Shapes } from "../service/client";

type Tip = Pick<Shapes["TipDetail"], "outcome" | "reward" | "named" | "receipt_given">;
export const PARTS = ["name", "phone", "id_number", "address", "account"] as const;
export type Identity = Partial<Record<(typeof PARTS)[number], string>> & { insider: boolean };
export const WHYS = ["answer", "ask", "reward"] as const;
export const LEVELS = [1, 2, 3] as const; // how much a tip helped, the first most; their shares are the service's rules

/** What of the form is sent: only what was typed. */
export function identityOf(typed: Identity): Identity {
  const told = PARTS.flatMap((part) => (typed[part]?.trim() ? [[part, typed[part]!.trim()] as const] : []));
  return { ...Object.fromEntries(told), insider: typed.insider };
}

/** Where the reward of a tip stands: a tip that did not prove true has none. */
export function rewardStands(tip: Tip): "none" | "to_book" | "to_pay" | "paid" {
  if (tip.reward) return tip.reward.paid_on ? "paid" : "to_pay";
  return tip.outcome === "substantiated" || tip.outcome === "partly" ? "to_book" : "none";
}

/** Whether whoever is paid has to show the receipt: nobody else is known. */
export const needsReceipt = (tip: Tip): boolean => !tip.named;
