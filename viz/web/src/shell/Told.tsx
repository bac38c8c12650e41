import { Refused } from "../service/client";
import { useWords } from "../words";

/** Something to be told where a screen would be. */
export function Told({ title, text, children }: { title: string; text?: string; children?: React.ReactNode }) {
  return (
    <section className="told">
      <h1>{title}</h1>
      {text ? <p>{text}</p> : null}
      {children}
    </section>
  );
}

export function Waiting() {
  const { say } = useWords();
  return (
    <p className="waiting" role="status">
      {say("app.waiting")}
    </p>
  );
}

/** Why something could not be shown, in the service's words. */
export function Wrong({ error }: { error: Error }) {
  const { say } = useWords();
  return (
    <p className="wrong" role="alert">
      {error instanceof Refused ? error.message : say("app.unreachable")}
    </p>
  );
}
