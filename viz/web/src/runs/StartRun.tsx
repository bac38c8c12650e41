import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";

import { Refused, type Shapes, asked, client, once } from "../service/client";
import { queries } from "../service/queries";
import { Wrong } from "../shell/Told";
import { useWords } from "../words";
import { LookAtFiles } from "./LookAtFiles";

const PROFILES: Shapes["JobRequest"]["profile"][] = ["auto", "canonical", "nhsa", "synthea"];
const SAMPLE = "sample-city";

/** A run on the sample city, on files from this computer, or on claims that lie on the service's machine. */
export function StartRun() {
  const { say } = useWords();
  const upload = useRef<HTMLFormElement>(null);
  const [chosen, setChosen] = useState<readonly File[]>([]);
  const [source, setSource] = useState<(typeof PROFILES)[number]>("auto");
  const again = () => void queries.invalidateQueries({ queryKey: ["jobs"] });
  const start = useMutation({
    mutationFn: (body: { claims: string; profile: Shapes["JobRequest"]["profile"] }) => asked(client.POST("/v1/jobs", { params: { header: once() }, body: { ...body, settings: {} } })),
    onSettled: again,
  });
  const send = useMutation({
    mutationFn: (form: FormData) => asked(client.POST("/v1/jobs:upload", { params: { header: once() }, body: form as never, bodySerializer: (body) => body as never })),
    onSettled: again,
  });
  function named(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    start.mutate({ claims: String(form.get("claims")).trim(), profile: form.get("profile") as (typeof PROFILES)[number] });
  }
  function files(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    send.mutate(new FormData(event.currentTarget));
  }
  const busy = start.isPending || send.isPending;
  const profile = (
    <label>
      {say("app.profile")}
      <select name="profile">
        {PROFILES.map((one) => (
          <option key={one} value={one}>
            {say(`app.profile_${one!}`)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <div className="start">
      <section className="pane">
        <h2>{say("app.start_sample")}</h2>
        <p>{say("app.start_sample_why")}</p>
        <button type="button" className="first" disabled={busy} onClick={() => start.mutate({ claims: SAMPLE, profile: "canonical" })}>
          {say("app.start_sample_go")}
        </button>
      </section>
      <section className="pane">
        <h2>{say("app.start_files")}</h2>
        <p>{say("app.start_files_why")}</p>
        <form ref={upload} className="fields" onSubmit={files} onChange={(event) => setSource((new FormData(event.currentTarget).get("profile") ?? "auto") as typeof source)}>
          <label>
            {say("app.files")}
            <input type="file" name="files" multiple required accept=".csv,.gz,.parquet,.zip" onChange={(event) => setChosen([...(event.target.files ?? [])])} />
          </label>
          {profile}
          <button type="submit" disabled={busy}>
            {say("app.start")}
          </button>
        </form>
        <LookAtFiles files={chosen} profile={source} />
      </section>
      <section className="pane">
        <h2>{say("app.start_folder")}</h2>
        <form className="fields" onSubmit={named}>
          <label>
            {say("app.folder")}
            <input name="claims" required maxLength={500} />
          </label>
          {profile}
          <button type="submit" disabled={busy}>
            {say("app.start")}
          </button>
        </form>
      </section>
      {[start.error, send.error].map((error, i) => (error instanceof Refused ? <Wrong key={i} error={error} /> : null))}
      {busy ? <p role="status">{say("app.starting")}</p> : null}
    </div>
  );
}
