// Every text comes from the house's catalogue (scripts/made.mjs); the language is the reader's choice, else the browser's.
import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";

import en from "./made/words.en";
import zh from "./made/words.zh";
import type casework from "./made/casework.en";
import type codes from "./made/codes.en";

export type Language = "zh" | "en";
/** Texts of the first load, and those that screens bring along: the casebook's (`cases/words`), and what codes stand for (`codes/words`). */
export type Key = keyof typeof en | keyof typeof casework | keyof typeof codes;
const KEPT = "ringfinder.language";

function chosen(): Language {
  const kept = globalThis.localStorage?.getItem(KEPT);
  if (kept === "zh" || kept === "en") return kept;
  return (globalThis.navigator?.languages ?? []).find((one) => /^(zh|en)/.test(one))?.startsWith("zh") ? "zh" : "en";
}

void i18next.use(initReactI18next).init({
  lng: chosen(),
  fallbackLng: false,
  resources: { en: { translation: en }, zh: { translation: zh } },
  keySeparator: false,
  nsSeparator: false,
  initAsync: false,
  interpolation: { prefix: "{", suffix: "}", escapeValue: false },
});

export const language = (): Language => i18next.language as Language;

export function choose(lang: Language): void {
  globalThis.localStorage?.setItem(KEPT, lang);
  void i18next.changeLanguage(lang);
}

type Values = Record<string, string | number>;
/** The text of a key of the catalogue. */
export const say = (key: Key, values?: Values): string => i18next.t(key as never, values as never) as unknown as string;
/** A slug of the service in words; the slug itself where the catalogue has none. */
export function word(room: "kinds" | "channels", slug: string): string {
  const key = `${room}.${slug}`;
  return i18next.exists(key) ? say(key as Key) : slug.replace(/^role_/, "").replaceAll("_", " ");
}

/** The same for components, which are drawn again when the language changes. */
export function useWords(): { say: typeof say; word: typeof word; lang: Language } {
  useTranslation();
  return { say, word, lang: language() };
}
