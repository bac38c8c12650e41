// What a form about a case can propose: the members of its rings, and other districts.
import { useQuery } from "@tanstack/react-query";

import { asked, client } from "../service/client";
import { useOverview } from "../service/queries";
import { useWords } from "../words";
import type { Case } from "./steps";

/** (id, what it is) of each. */
export type Suggestion = readonly [string, string];
export type Known = { members: readonly Suggestion[]; districts: readonly Suggestion[] };
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
