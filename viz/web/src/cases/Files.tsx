import { useMutation, useQuery } from "@tanstack/react-query";
import { type ChangeEvent, useRef } from "react";

import { count, moment } from "../figures";
import { asked, client, once } from "../service/client";
import { queries } from "../service/queries";
import { Wrong } from "../shell/Told";
import { useWords } from "../words";
import { Person } from "./Person";
import type { Case } from "./steps";

const KINDS = ".pdf,.png,.jpg,.jpeg,.xlsx,.docx,.txt,.csv";
const KILO = 1024;

/** Files of a case: what there is, and the way to add one. */
export function Files({ one }: { one: Case }) {
  const { say, lang } = useWords();
  const path = { case_id: one.case_id };
  const input = useRef<HTMLInputElement>(null);
  const { data, error } = useQuery({ queryKey: ["files", one.case_id], staleTime: 0, queryFn: async () => (await asked(client.GET("/v1/cases/{case_id}/files", { params: { path } }))).files });
  const add = useMutation({
    mutationFn: (file: File) =>
      asked(client.POST("/v1/cases/{case_id}/files", { params: { path, query: { name: file.name }, header: once() }, headers: { "content-type": "application/octet-stream" }, body: file as never, bodySerializer: (body) => body as never })),
    onSettled: () => {
      if (input.current) input.current.value = "";
      void queries.invalidateQueries({ queryKey: ["files", one.case_id] });
    },
  });
  function chosen(event: ChangeEvent<HTMLInputElement>): void {
    const file = event.target.files?.[0];
    if (file) add.mutate(file);
  }
  return (
    <>
      {error ? <Wrong error={error} /> : null}
      {data?.length ? (
        <table className="small">
          <thead>
            <tr>
              <th scope="col">{say("casework.col_file")}</th>
              <th scope="col" className="number">{say("casework.col_size")}</th>
              <th scope="col">{say("casework.col_added")}</th>
              <th scope="col">SHA-256</th>
            </tr>
          </thead>
          <tbody>
            {data.map((file) => (
              <tr key={file.number}>
                <td>
                  <a href={`/v1/cases/${encodeURIComponent(one.case_id)}/files/${file.number}`} download={file.name}>
                    {file.name}
                  </a>
                </td>
                <td className="number">{count(Math.max(1, Math.round(file.size / KILO)), lang)} KiB</td>
                <td>
                  {moment(file.at)} · <Person id={file.by} />
                </td>
                <td>
                  <code title={file.sha256}>{file.sha256.slice(0, 12)}…</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : data ? (
        <p className="quiet">{say("casework.files_none")}</p>
      ) : null}
      <label className="notelabel">
        {say("casework.file_add")} <span className="quiet">· {say("casework.file_how")}</span>
        <input ref={input} type="file" accept={KINDS} disabled={add.isPending} onChange={chosen} />
      </label>
      {add.isPending ? <p role="status">{say("casework.file_sending", { name: add.variables.name })}</p> : null}
      {add.error ? <Wrong error={add.error} /> : null}
    </>
  );
}
