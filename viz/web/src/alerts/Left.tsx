import { useQuery } from "@tanstack/react-query";

import { turn } from "../place/use";
import { asked, client } from "../service/client";
import { useWords } from "../words";
import type { Wanted } from "./wanted";

/** How many rings the list leaves out since they were dismissed as false positives, and the way to them and back. */
export function Left({ wanted }: { wanted: Wanted }) {
  const { say, lang } = useWords();
  const { sort: _, suppressed, ...rest } = wanted;
  const { data } = useQuery({
    queryKey: ["rings", "left", rest],
    enabled: !suppressed,
    queryFn: async () => (await asked(client.GET("/v1/rings", { params: { query: { ...rest, suppressed: true, limit: 1 } } }))).total,
  });
  if (suppressed) {
    return (
      <>
        {say("app.dismissed_only")}{" "}
        <button type="button" className="plain" onClick={() => turn({ dismissed: "" })}>
          {say("app.dismissed_hide")}
        </button>
      </>
    );
  }
  if (!data) return null;
  return (
    <>
      {say("app.dismissed_left_out", { count: data.toLocaleString(lang) })}{" "}
      <button type="button" className="plain" onClick={() => turn({ dismissed: "only" })}>
        {say("app.dismissed_show")}
      </button>
    </>
  );
}
