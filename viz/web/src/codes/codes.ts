// What codes of medicines and illnesses stand for: groups in plain words, since claims name no product.

export type Coded = "medicine" | "illness";

const ATC = /^X?([A-V]\d{2})[A-Z]{0,2}\d{0,2}/; // of the NHSA's code what follows its X
const PATENT = /^Z[A-Z]\d{2}/; // the NHSA's Chinese patent medicines
const ICD = /^([A-Z])(\d{2})(?![0-9A-Z])/;

/** Keys of the catalogue (`codes.toml`) that tell a code, the narrowest first; none where it is of no system that is known here. */
export function keysOf(kind: Coded, code: string): string[] {
  const text = code.trim().toUpperCase();
  const [atc, icd] = [ATC.exec(text), ICD.exec(text)];
  if (kind === "medicine") return atc ? [`medicine_${atc[1]!.toLowerCase()}`] : PATENT.test(text) ? ["medicine_z"] : [];
  return icd ? [`illness_${icd[1]!}${icd[2]!}`.toLowerCase(), `illness_${icd[1]!}`.toLowerCase()] : [];
}
