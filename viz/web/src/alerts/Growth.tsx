import { useWords } from "../words";

/** What became of a ring since an earlier run. */
export function Growth({ ring }: { ring: { patients: number; patients_before: number | null; change: string | null } }) {
  const { say } = useWords();
  const by = ring.patients - (ring.patients_before ?? 0);
  switch (ring.change) {
    case "new":
      return <b className="new">{say("app.growth_new")}</b>;
    case "grown":
      return <b>{say("app.growth_grown", { by })}</b>;
    case "shrunk":
      return <>{say("app.growth_shrunk", { by: -by })}</>;
    case "same":
      return <span className="quiet">{say("app.growth_same")}</span>;
    default:
      return <span className="quiet">{say("app.growth_first")}</span>;
  }
}
