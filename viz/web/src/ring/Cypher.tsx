import { useRingCypher } from "../service/queries";
import { Waiting, Wrong } from "../shell/Told";
import { useWords } from "../words";

/** The queries behind the ring's answers, to be copied. */
export default function Cypher({ ring }: { ring: string }) {
  const { say } = useWords();
  const { data, error } = useRingCypher(ring);
  if (error) return <Wrong error={error} />;
  if (!data) return <Waiting />;
  return (
    <>
      <p className="quiet">{say("app.cypher_note")}</p>
      {data.queries.map((query) => (
        <section key={query.name} className="cypher">
          <h3>{query.title}</h3>
          <button type="button" onClick={() => void navigator.clipboard.writeText(query.statement)}>
            {say("app.copy")}
          </button>
          <pre tabIndex={0}>{query.statement}</pre>
          <p className="quiet">
            {Object.entries(query.parameters)
              .map(([name, value]) => `$${name} = ${value}`)
              .join(say("app.comma"))}
          </p>
        </section>
      ))}
    </>
  );
}
