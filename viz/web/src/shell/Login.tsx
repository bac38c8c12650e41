import { type FormEvent, useState } from "react";

import { asked, client, setToken } from "../service/client";
import { queries } from "../service/queries";
import { useWords } from "../words";
import { LanguageAndTheme } from "./LanguageAndTheme";
import { Wrong } from "./Told";

const OIDC = document.documentElement.dataset["oidc"] === "yes";

/** Whoever is not logged in; afterwards the place that was asked for is shown. */
export function Login({ failed }: { failed: Error | null }) {
  const { say } = useWords();
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Error | null>(failed);
  async function enter(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget;
    const given = new FormData(form);
    setBusy(true);
    try {
      const who = await asked(client.POST("/v1/session", { body: { name: String(given.get("name")), password: String(given.get("password")) } }));
      setToken(who.csrf_token);
      document.documentElement.dataset["session"] = "yes";
      queries.setQueryData(["session"], who);
    } catch (error) {
      setWrong(error as Error);
      form.querySelector<HTMLInputElement>("[name=password]")!.value = "";
      setBusy(false);
    }
  }
  return (
    <>
      <header className="bar">
        <span className="brand">RingFinder</span>
        <LanguageAndTheme />
      </header>
      <main className="login">
        <h1>{say("app.login")}</h1>
        <p>{say("app.about")}</p>
        <form onSubmit={(event) => void enter(event)}>
          <label>
            {say("app.login_name")}
            <input name="name" autoComplete="username" autoFocus required />
          </label>
          <label>
            {say("app.login_password")}
            <input name="password" type="password" autoComplete="current-password" required />
          </label>
          <button type="submit" className="first" disabled={busy}>
            {say("app.login_go")}
          </button>
        </form>
        {wrong ? <Wrong error={wrong} /> : null}
        {OIDC ? (
          <p>
            <a href="/v1/oidc:login">{say("app.login_elsewhere")}</a>
          </p>
        ) : null}
      </main>
    </>
  );
}
