import type { Table } from "./tables";

/** A table of a report; what is a sum stands out. */
export function ReportTable({ table }: { table: Table }) {
  const side = (place: number) => (place < table.words ? undefined : "number");
  return (
    <section className="pane report" aria-label={table.title}>
      <h2>{table.title}</h2>
      <table className="small">
        <thead>
          <tr>
            {table.heads.map((head, place) => (
              <th key={head} scope="col" className={side(place)}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => (
            <tr key={at} className={table.sums.has(at) ? "sum" : undefined}>
              {row.map((value, place) => (
                <td key={place} className={side(place)}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
