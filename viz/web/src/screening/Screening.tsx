import { address } from "../place/place";
import { Link, usePlace } from "../place/use";
import { useWords } from "../words";
import { Check } from "./Check";
import { Checks } from "./Checks";
import { Looks } from "./Looks";
import { Next } from "./Next";
import { PARTS, partOf } from "./parts";
import "../cases/cases.css";
import "../cases/words";

const SHOWN = { next: Next, looks: Looks, checks: Checks } as const;

/** Every facility within a year: which come next, looks that are planned or were taken, and self-checks; one of them beside it in full. */
export default function Screening({ id }: { id: string | undefined }) {
  const { say } = useWords();
  const { params } = usePlace();
  if (id) return <Check key={id} id={id} />;
  const part = partOf(params);
  const Shown = SHOWN[part];
  return (
    <section className="caselist">
      <h1>{say("app.nav_screening")}</h1>
      <nav className="queues" aria-label={say("casework.look_parts")}>
        {PARTS.map((one) => (
          <Link key={one} to={address(["screening"], one === "next" ? [] : [["part", one]])} aria-current={one === part ? "page" : undefined}>
            {say(`casework.look_part_${one}`)}
          </Link>
        ))}
      </nav>
      <Shown />
    </section>
  );
}
