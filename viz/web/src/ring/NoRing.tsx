import { address } from "../place/place";
import { Link } from "../place/use";
import { Missing } from "../shell/Told";
import { useWords } from "../words";

/** A ring that the run does not have, as after a newer run or for another district: the ways on. */
export function NoRing({ error }: { error: Error }) {
  const { say } = useWords();
  return (
    <Missing error={error} title={say("app.no_ring")} text={say("app.no_ring_why")}>
      <Link to={address([])}>{say("app.to_alerts")}</Link>
      <Link to={address([], [["show", "all"]])}>{say("app.to_all")}</Link>
    </Missing>
  );
}
