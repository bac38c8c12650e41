// Numbers as people read them. Money comes as text with two decimals and is never counted with here.
import type { Language } from "./words";

const LOCALE: Record<Language, string> = { zh: "zh-CN", en: "en-GB" };

// Formatters are kept: to make one takes longer than to use it a hundred times.
const formatters = new Map<string, Intl.NumberFormat>();
function formatter(lang: Language, places: number): Intl.NumberFormat {
  const key = `${lang} ${places}`;
  let found = formatters.get(key);
  if (!found) formatters.set(key, (found = new Intl.NumberFormat(LOCALE[lang], { minimumFractionDigits: places, maximumFractionDigits: places })));
  return found;
}

/** A whole number. */
export const count = (value: number, lang: Language): string => formatter(lang, 0).format(value);

/** Money in whole units: in a list cents are noise. */
export function money(value: string | number, lang: Language): string {
  return formatter(lang, 0).format(Math.round(Number(value)));
}

/** Money to the cent, digit by digit as it came. */
export function exactMoney(value: string | null): string {
  if (value === null) return "";
  const [whole = "0", cents = "00"] = value.split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents}`;
}

export const day = (time: string): string => time.slice(0, 10);
export const minute = (time: string): string => time.slice(0, 16).replace("T", " ");

/** An instant with its offset, as the casebook tells them, where the reader is: day and minute. */
export function moment(at: string): string {
  const there = new Date(at);
  return minute(new Date(there.getTime() - there.getTimezoneOffset() * 60_000).toISOString());
}
/** The day of an instant where the reader is. */
export const dayThere = (at: string): string => day(moment(at));

/** An observed or expected count: whole numbers whole, others with as many places as they need. */
export function amount(value: number, lang: Language): string {
  if (Number.isInteger(value)) return count(value, lang);
  const places = Math.abs(value) < 1 ? 2 : Math.abs(value) < 10 ? 1 : 0;
  const shown = formatter(lang, places).format(value);
  return Math.abs(value) < 0.01 ? "< 0.01" : shown;
}

/** Of how many rings that look as sure one would be expected to be none; null where that says nothing. */
export function oneIn(q: number): number | null {
  return q > 0 && q < 0.5 ? Math.round(1 / q) : null;
}
