import { count, oneIn } from "../figures";
import { useWords } from "../words";

/** How sure, in words and figure: the score, a bar as long, and of how many such groups one would be none. */
export function Certainty({ ring }: { ring: { score: number; q_value: number; sureness: string } }) {
  const { say, lang } = useWords();
  const among = oneIn(ring.q_value);
  return (
    <span className="certainty">
      <span className="sure">
        {ring.sureness} <b>{Math.round(ring.score)}</b>
        <span className="quiet"> / 100</span>
      </span>
      <span className="gauge" aria-hidden="true">
        <i style={{ width: `${Math.max(0, Math.min(100, ring.score))}%` }} />
      </span>
      {among ? <span className="quiet">{say("app.one_in", { count: count(among, lang) })}</span> : null}
    </span>
  );
}
