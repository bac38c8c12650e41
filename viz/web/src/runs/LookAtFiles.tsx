import { useQuery } from "@tanstack/react-query";

import { type Shapes, asked, client } from "../service/client";
import { Wrong } from "../shell/Told";
import { useWords } from "../words";
import { BEGINNING, type Looked, isArchive, packed, standing } from "./looking";

type Profile = Shapes["LookRequest"]["profile"];

async function lookAt(files: readonly File[], profile: Profile) {
  const told = await Promise.all(files.map(async (file) => ({ name: file.name, begins: packed(new Uint8Array(await file.slice(0, BEGINNING).arrayBuffer())) })));
  return asked(client.POST("/v1/claims:look", { body: { files: told, profile } }));
}

/** Files that were chosen: as which table each would be read, which columns are there, missing or not known. Only their beginnings are sent. */
export function LookAtFiles({ files, profile }: { files: readonly File[]; profile: Profile }) {
  const { say } = useWords();
  const open = files.filter((file) => !isArchive(file.name));
  const { data, error } = useQuery({ queryKey: ["look", profile, open.map((file) => [file.name, file.size, file.lastModified])], enabled: open.length > 0, gcTime: 0, queryFn: () => lookAt(open, profile) });
  if (!files.length) return null;
  return (
    <div className="looked" role="status">
      {open.length < files.length ? <p className="quiet">{say("app.look_archive")}</p> : null}
      {error ? <Wrong error={error} /> : null}
      {data?.fault ? <p className="wrong">{say(`app.look_${data.fault}`)}</p> : null}
      {data?.profile ? <p>{say("app.look_profile", { profile: say(`app.profile_${data.profile}`) })}</p> : null}
      {data?.files.length ? (
        <ul className="cards">
          {data.files.map((file) => (
            <One key={file.file} file={file} />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function One({ file }: { file: Looked }) {
  const { say } = useWords();
  const stands = standing(file);
  const listed = (names: readonly string[]) => names.map((name) => <code key={name}>{name} </code>);
  return (
    <li>
      <h3>
        {file.file} → {file.table ? <code>{file.table}</code> : "—"}
      </h3>
      <p className={stands === "lacks" ? "wrong" : "quiet"}>{say(`app.look_${stands}`)}</p>
      {file.missing.length ? (
        <p>
          {say("app.look_missing")} {listed(file.missing)}
        </p>
      ) : null}
      {file.unknown.length ? (
        <p>
          {say("app.look_unknown")} {listed(file.unknown)}
        </p>
      ) : null}
      {file.known.length ? (
        <details>
          <summary>{say("app.look_known", { count: file.known.length })}</summary>
          <p>{listed(file.known.map((one) => (one.column === one.header ? one.column : `${one.column} ← ${one.header}`)))}</p>
          {file.absent.length ? (
            <p className="quiet">
              {say("app.look_absent")} {listed(file.absent)}
            </p>
          ) : null}
        </details>
      ) : null}
    </li>
  );
}
