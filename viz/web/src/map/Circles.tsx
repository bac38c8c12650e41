import type { Theme } from "../shell/theme";
import { PALE, colourOf } from "./colours";
import type { Shown } from "./occasions";
import { GOLDEN } from "./places";

const [LEAST, MORE] = [4, 11]; // radii in pixels: of one claim, and how much more the most claims get
const BEFORE = 3.5; // the radius of where a ring met before
const APART = 11; // pixels between circles at one place
const CROWD = 45; // as far from their place as many of them go

type Spots = readonly ([number, number] | null)[];
type Seats = ReadonlyMap<number, ReadonlyMap<string, number>>;

const inkOf = ({ ring }: Shown, theme: Theme): string => (ring.alert ? colourOf(ring.kind) : PALE[theme]);

/** Lines from where a ring is busiest to where else it meets; only of alerts, and of the ring that is pointed at. */
export function Ways({ shown, at, over, theme }: { shown: readonly Shown[]; at: Spots; over: string | null; theme: Theme }) {
  return (
    <g className="ways">
      {shown.map((one) => {
        const lit = over === one.ring.ring_id;
        const spots = one.at.flatMap(({ place, claims }) => (at[place] && (claims > 0 || lit) ? [at[place]] : []));
        if (spots.length < 2 || !(one.ring.alert || lit)) return null;
        const [[x, y]] = spots as [[number, number]];
        return <path key={one.ring.ring_id} d={spots.slice(1).map(([a, b]) => `M${x.toFixed(1)} ${y.toFixed(1)}L${a.toFixed(1)} ${b.toFixed(1)}`).join("")} stroke={inkOf(one, theme)} className={lit ? "lit" : over ? "faint" : ""} />;
      })}
    </g>
  );
}

/** Circles of rings round the places where they meet, as large as their claims there; hollow where a ring met before. */
export function Circles({ shown, at, seats, most, over, theme }: { shown: readonly Shown[]; at: Spots; seats: Seats; most: number; over: string | null; theme: Theme }) {
  const circles = shown.flatMap((one) =>
    one.at.flatMap(({ place, claims }) => {
      const spot = at[place];
      const rings = seats.get(place);
      const seat = rings?.get(one.ring.ring_id);
      if (!spot || !rings || seat === undefined) return [];
      const apart = Math.min(APART, CROWD / Math.sqrt(rings.size)) * Math.sqrt(seat);
      const [x, y] = [spot[0] + apart * Math.cos(seat * GOLDEN), spot[1] + apart * Math.sin(seat * GOLDEN)];
      return [{ one, place, claims, x, y }];
    }),
  );
  // The larger and those without alert beneath, so that none hides another altogether.
  circles.sort((a, b) => Number(a.one.ring.alert) - Number(b.one.ring.alert) || b.claims - a.claims);
  return (
    <g className="circles">
      {circles.map(({ one, place, claims, x, y }) => (
        <circle
          key={`${one.ring.ring_id} ${place}`}
          cx={x}
          cy={y}
          r={claims > 0 ? LEAST + MORE * Math.sqrt(claims / most) : BEFORE}
          fill={claims > 0 ? inkOf(one, theme) : "none"}
          stroke={claims > 0 ? undefined : inkOf(one, theme)}
          className={(claims > 0 ? "now" : "before") + (over === one.ring.ring_id ? " lit" : over ? " faint" : "")}
          data-ring={one.ring.ring_id}
          data-place={place}
        />
      ))}
    </g>
  );
}
