import { type ColumnDef, flexRender, getCoreRowModel, getSortedRowModel, useReactTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef } from "react";

import { Code } from "../codes/Code";
import type { Coded } from "../codes/codes";
import { address } from "../place/place";
import { Link } from "../place/use";
import { save } from "../saving";
import type { Shapes } from "../service/client";
import { useWords } from "../words";
import { type Cell, csv, headed, leads, told } from "./cells";

const HEIGHT = 28;
const CODES: Readonly<Record<string, Coded>> = { drug_code: "medicine", diagnosis_code: "illness" };
type Fields = readonly Pick<Shapes["QueryField"], "name" | "type" | "meaning">[];

/** The rows of an answer: sorted by a click on a head, ids lead to their pages, all of it as a file. */
export function Answer({ answer, fields, name, title }: { answer: Pick<Shapes["QueryAnswer"], "columns" | "rows" | "cut"> & Partial<Pick<Shapes["QueryAnswer"], "names">>; fields?: Fields; name: string; title: string }) {
  const { say, word, lang } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const rows = answer.rows as Cell[][];
  const { names } = answer;
  const columns = useMemo<ColumnDef<Cell[]>[]>(
    () =>
      answer.columns.map((column, i) => {
        const field = fields?.find((one) => one.name === column);
        return {
          id: `${i}`,
          header: headed(column, field?.meaning, say),
          accessorFn: (row: Cell[]) => row[i],
          cell: ({ row }) => {
            const value = row.original[i];
            const code = typeof value === "string" && value ? CODES[column] : undefined;
            if (code) return <Code kind={code} code={value as string} />;
            const to = leads(field?.type, value);
            const text = told(column, value, word);
            const name = field && names?.[field.type]?.[text];
            const shown = name ? (
              <>
                {name} <span className="quiet">{text}</span>
              </>
            ) : (
              text
            );
            return to ? <Link to={address(to)}>{shown}</Link> : shown;
          },
        };
      }),
    [answer.columns, fields, names, say, word, lang],
  );
  const table = useReactTable({ data: rows, columns, getCoreRowModel: getCoreRowModel(), getSortedRowModel: getSortedRowModel() });
  const sorted = table.getRowModel().rows;
  const drawn = useVirtualizer({ count: sorted.length, getScrollElement: () => box.current, estimateSize: () => HEIGHT, overscan: 10 });
  const items = drawn.getVirtualItems();
  const [before, behind] = [items[0]?.start ?? 0, drawn.getTotalSize() - (items.at(-1)?.end ?? 0)];
  return (
    <>
      <p className="row">
        <span role="status">{say(answer.cut ? "app.rows_cut" : rows.length ? "app.rows" : "app.rows_none", { count: rows.length })}</span>
        {rows.length ? (
          <button type="button" onClick={() => save(new Blob([csv(answer)], { type: "text/csv" }), `${name}.csv`)}>
            {say("app.save_csv")}
          </button>
        ) : null}
      </p>
      {rows.length ? (
        <div className="answer" ref={box} tabIndex={0} role="region" aria-label={title}>
          <table className="small" aria-rowcount={rows.length + 1}>
            <thead>
              {table.getHeaderGroups().map((group) => (
                <tr key={group.id}>
                  {group.headers.map((head) => {
                    const sort = head.column.getIsSorted();
                    return (
                      <th key={head.id} scope="col" className={typeof rows[0]?.[Number(head.id)] === "number" ? "number" : ""} aria-sort={sort === "asc" ? "ascending" : sort === "desc" ? "descending" : undefined}>
                        <button type="button" className="plain" onClick={head.column.getToggleSortingHandler()}>
                          {flexRender(head.column.columnDef.header, head.getContext())}
                          {sort === "asc" ? " ↑" : sort === "desc" ? " ↓" : ""}
                        </button>
                      </th>
                    );
                  })}
                </tr>
              ))}
            </thead>
            <tbody>
              {before > 0 ? <tr aria-hidden="true" style={{ height: before }} /> : null}
              {items.map((item) => {
                const row = sorted[item.index]!;
                return (
                  <tr key={row.id} aria-rowindex={item.index + 2}>
                    {row.getVisibleCells().map((cell) => (
                      <td key={cell.id} className={typeof cell.getValue() === "number" ? "number" : ""}>
                        {flexRender(cell.column.columnDef.cell, cell.getContext())}
                      </td>
                    ))}
                  </tr>
                );
              })}
              {behind > 0 ? <tr aria-hidden="true" style={{ height: behind }} /> : null}
            </tbody>
          </table>
        </div>
      ) : null}
    </>
  );
}
