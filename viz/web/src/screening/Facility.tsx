import { address } from "../place/place";
import { Link } from "../place/use";

type Named = { facility_id: string; facility_name: string | null };

/** What a facility is called: its name where one is known. */
export const facilityCalled = (one: Named): string => one.facility_name ?? one.facility_id;

/** A facility by its name, with its id beside it, and the way to its page. */
export function Facility({ of: one }: { of: Named }) {
  return (
    <>
      <Link to={address(["entity", "facility", one.facility_id])}>{facilityCalled(one)}</Link> {one.facility_name ? <span className="quiet">{one.facility_id}</span> : null}
    </>
  );
}
