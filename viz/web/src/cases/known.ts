// What a form about a case can propose: the members of its rings, and other districts.
import { useQuery } from "@tanstack/react-query";

import type { EntityType } from "../look";
import { type Shapes, asked, client } from "../service/client";
import { useOverview } from "../service/queries";
import { useWords } from "../words";
import type { Case } from "./steps";

/** (id, what it is) of each. */
export type Suggestion = readonly [string, string];
export type Known = { members: readonly Suggestion[]; districts: readonly Suggestion[] };

/** Those who may be meant by what is typed: a part of what they are called, or the beginning of an id; all of them where nothing is. */
export function fitting(all: readonly Suggestion[], text: string): Suggestion[] {
  const wanted = text.trim().toLowerCase();
  return all.filter(([id, called]) => called.toLowerCase().includes(wanted) || id.toLowerCase().startsWith(wanted));
}

export const LEAST_SEARCHED = 2; // signs that a search takes at least

/** Of those a search found the ones of a type; without those whose id is masked, who cannot be told by it. */
export const meant = (found: readonly Pick<Shapes["FoundEntity"], "entity_type" | "entity_id" | "name">[], type: EntityType): Suggestion[] =>
  found.filter((one) => one.entity_type === type && !one.entity_id.includes("*")).map((one) => [one.entity_id, one.name ?? one.entity_id]);

/** Whose id is meant by what was typed: of the one who is called so, where there is one; else it is an id. */
export function chosenBy(all: readonly Suggestion[], text: string): string {
  const wanted = text.trim();
  const found = all.filter((one) => one[1] === wanted || shownAs([one], one[0]) === wanted);
  return found.length === 1 ? found[0]![0] : wanted;
}

const NAME_LIKE = /\s|[\u2e80-\u9fff\uac00-\ud7ff]|^\D*$/; // blanks, Chinese characters or no digit: no id has these unless it is known
const NUMBER_LIKE = /^\+?\d{11,}[\dXx]?$/; // may be an id, but a phone, an identity number or an account as well
type Found = Pick<Shapes["FoundEntity"], "entity_type" | "matched">;

/** Why what was typed cannot be taken as an id: it is somebody's name or number (`choose`), or may be (`wait`, until it was looked up). `ids`:
 * of those who may be chosen; `found`: whom a search for just that found, null while there is no answer. */
export function noId(typed: string, ids: readonly string[], type: EntityType | undefined, found: readonly Found[] | null): "choose" | "wait" | null {
  const text = typed.trim();
  const same = (found ?? []).filter((one) => one.entity_type === type);
  if (text === "" || ids.includes(text) || same.some((one) => one.matched === "id")) return null;
  if (found === null && NUMBER_LIKE.test(text)) return "wait";
  return NAME_LIKE.test(text) || same.some((one) => one.matched !== "beginning" && one.matched !== "part") ? "choose" : null;
}

/** How an id is shown: by what it is called, where that is known. */
export function shownAs(all: readonly Suggestion[], id: string): string {
  const called = all.find(([one]) => one === id)?.[1];
  return called === undefined || called === id ? id : `${called} (${id})`;
}

const ORDER = ["facility", "doctor", "recruiter", "patient"];

/** Asked for when a form wants it (`wanted`); of a ring that is no more there is nothing. */
export function useKnown(one: Case, wanted: boolean): Known {
  const { word, lang } = useWords();
  const { data: overview } = useOverview(wanted);
  const ring_id = one.rings.flatMap((ring) => ring.now)[0]?.ring_id;
  const { data: ring } = useQuery({ queryKey: ["ring", ring_id, lang], enabled: wanted && ring_id !== undefined, queryFn: () => asked(client.GET("/v1/rings/{ring_id}", { params: { path: { ring_id: ring_id! } } })) });
  const found = new Map(
    (ring?.members ?? [])
      .filter((member) => ORDER.includes(member.entity_type) && !member.entity_id.includes("*"))
      .sort((a, b) => ORDER.indexOf(a.entity_type) - ORDER.indexOf(b.entity_type))
      .map((member) => [member.entity_id, `${word("kinds", member.entity_type)} ${member.name ?? ""}`.trim()] as const),
  );
  return { members: [...found], districts: overview?.districts.filter((each) => !one.districts.includes(each.value)).map((each) => [each.value, ""] as const) ?? [] };
}
