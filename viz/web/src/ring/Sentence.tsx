import { type RingData, named } from "./data";

/** A sentence of the service, with places told by their names. */
export function Sentence({ text, places }: { text: string; places: RingData["places"] }) {
  return (
    <>
      {named(text, places).map((part, i) =>
        typeof part === "string" ? (
          part
        ) : (
          <span key={i} className="place" title={part.id}>
            {part.name}
          </span>
        ),
      )}
    </>
  );
}
