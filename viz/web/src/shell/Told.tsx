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

const NO_SUCH = [404, 422]; // nothing has this id, or nothing ever could: the address holds no id

/** Instead of a screen whose subject is not there, the way on; any other failure in the service's words. */
export function Missing({ error, title, text, children }: { error: Error; title: string; text: string; children: React.ReactNode }) {
  if (!(error instanceof Refused) || !NO_SUCH.includes(error.status)) return <Wrong error={error} />;
  return (
    <Told title={title} text={text}>
      <p className="links">{children}</p>
    </Told>
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
