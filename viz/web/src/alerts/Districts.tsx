import { useWords } from "../words";

const MOST = 2; // a row has that many lines for them

/** Districts in a cell of a list: the first ones, how many more, and all of them to whoever points at it or hears it read. */
export function Districts({ districts }: { districts: readonly string[] }) {
  const { say } = useWords();
  const all = districts.join(say("app.comma"));
  if (districts.length <= MOST) return all;
  return (
    <span title={all}>
      <span aria-hidden="true">{say("app.districts_more", { first: districts.slice(0, MOST - 1).join(say("app.comma")), count: districts.length - MOST + 1 })}</span>
      <span className="hidden">{all}</span>
    </span>
  );
}
