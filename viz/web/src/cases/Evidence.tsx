import { useMutation } from "@tanstack/react-query";

import { save } from "../saving";
import { asked, client } from "../service/client";
import { Wrong } from "../shell/Told";
import { useWords } from "../words";

/** The case and all that belongs to it as one file to hand on, in the reader's language. */
export function Evidence({ id }: { id: string }) {
  const { say } = useWords();
  const pack = useMutation({
    mutationFn: () => asked(client.GET("/v1/cases/{case_id}/evidence.zip", { params: { path: { case_id: id } }, parseAs: "blob" })) as Promise<unknown>,
    onSuccess: (content) => save(content as Blob, `${id}.zip`),
  });
  return (
    <div className="evidencezip">
      <button type="button" title={say("casework.evidence_how")} disabled={pack.isPending} onClick={() => pack.mutate()}>
        {say(pack.isPending ? "casework.evidence_making" : "casework.evidence")}
      </button>
      {pack.error ? <Wrong error={pack.error} /> : null}
    </div>
  );
}
