// What files would be read as, before they are sent: which of them can be asked about, and how what the service says is told.
import type { Shapes } from "../service/client";

export const BEGINNING = 18_000; // bytes of a file that are looked at: its header and some rows
export type Looked = Shapes["LookedFile"];

/** An archive is opened by the run alone. */
export const isArchive = (name: string): boolean => /\.zip$/i.test(name);

/** How a file stands: fit to be read, left out, without columns that it must have, or not to be told by its beginning. */
export function standing(file: Looked): "fits" | "left_out" | "lacks" | "untold" {
  if (file.table === null) return "left_out";
  if (!file.told) return "untold";
  return file.missing.length ? "lacks" : "fits";
}

/** Bytes in base64. */
export const packed = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
