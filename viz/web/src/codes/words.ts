// The texts of codes come with the screens that show some.
import i18next from "i18next";

import en from "../made/codes.en";
import zh from "../made/codes.zh";
import { say } from "../words";
import { type Coded, keysOf } from "./codes";

i18next.addResourceBundle("en", "translation", en);
i18next.addResourceBundle("zh", "translation", zh);

/** What a code stands for; nothing where that is not known. */
export function meant(kind: Coded, code: string): string | null {
  const key = keysOf(kind, code)
    .map((one) => `codes.${one}`)
    .find((one) => i18next.exists(one));
  return key ? say(key as keyof typeof en) : null;
}
