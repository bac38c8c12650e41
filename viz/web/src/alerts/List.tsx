import { type ColumnDef, flexRender, getCoreRowModel, useReactTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";

import { count, day, money } from "../figures";
import { Link, go, turn } from "../place/use";
import { address } from "../place/place";
import type { Shapes } from "../service/client";
import { Sentence } from "../ring/Sentence";
import { useWords } from "../words";
import { Certainty } from "./Certainty";
import { Growth } from "./Growth";
import type { Sort } from "./wanted";

type Row = Shapes["RingListed"];
const HEIGHT = 84; // of a row, as style.css has it: its kind and two lines of reason
const SORTED_BY: Record<string, Sort> = { score: "score", patients: "patients", fund_amount: "fund_amount", change: "growth", last_time: "last_time" };
const MOVES: Record<string, number> = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 8, PageUp: -8, Home: -1e9, End: 1e9 };

/** Rings as rows, of which only those in view are drawn. Arrows or j and k move, Enter opens. */
export function List({ rings, total, sort, more }: { rings: readonly Row[]; total: number; sort: Sort; more: (() => void) | null }) {
  const { say, lang } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const columns = useMemo<ColumnDef<Row>[]>(
    () => [
      {
        id: "kind",
        header: say("app.col_kind"),
        cell: ({ row: { original: ring, index } }) => (
          <>
            <Link to={address(["rings", ring.ring_id])} data-row={index} tabIndex={-1}>
              {ring.kind_name}
            </Link>
            <span className="quiet"> {ring.ring_id}</span>
            <span className="reason">
              <Sentence text={ring.reason} places={ring.places} />
            </span>
          </>
        ),
      },
      { id: "score", header: say("app.col_certainty"), cell: ({ row: { original: ring } }) => <Certainty ring={ring} /> },
      { id: "patients", header: say("app.col_people"), cell: ({ row: { original: ring } }) => count(ring.patients, lang) },
      { id: "fund_amount", header: say("app.col_money"), cell: ({ row: { original: ring } }) => money(ring.fund_amount, lang) },
      { id: "districts", header: say("app.col_districts"), cell: ({ row: { original: ring } }) => ring.districts.join(say("app.comma")) },
      { id: "last_time", header: say("app.col_last"), cell: ({ row: { original: ring } }) => day(ring.last_time) },
      { id: "change", header: say("app.col_growth"), cell: ({ row: { original: ring } }) => <Growth ring={ring} /> },
    ],
    [lang, say],
  );
  const table = useReactTable({ data: rings as Row[], columns, getCoreRowModel: getCoreRowModel(), manualSorting: true });
  const rows = table.getRowModel().rows;
  const drawn = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => HEIGHT, overscan: 6 });
  const items = drawn.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - 40) more();
  }, [more, last, rows.length]);

  function move(event: KeyboardEvent): void {
    const by = MOVES[event.key];
    if (by === undefined || event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key === "Enter" && rings[at] && event.target === box.current) go(address(["rings", rings[at].ring_id]));
      return;
    }
    event.preventDefault();
    const next = Math.max(0, Math.min(rows.length - 1, at + by));
    setAt(next);
    drawn.scrollToIndex(next);
  }
  const before = items[0]?.start ?? 0;
  const behind = drawn.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className="list" ref={box} tabIndex={0} role="region" aria-label={say("app.list_label")} aria-describedby="list-how" onKeyDown={move}>
      <p id="list-how" className="hidden">
        {say("app.list_how")}
      </p>
      <table aria-rowcount={total + 1}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1}>
              {group.headers.map((head) => {
                const by = SORTED_BY[head.id];
                const text = flexRender(head.column.columnDef.header, head.getContext());
                return (
                  <th key={head.id} scope="col" className={head.id} aria-sort={by === sort ? "descending" : undefined}>
                    {by ? (
                      <button type="button" onClick={() => turn({ sort: by === "score" ? "" : by })}>
                        {text}
                        {by === sort ? " ↓" : ""}
                      </button>
                    ) : (
                      text
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody>
          {before > 0 ? <tr aria-hidden="true" className="gap" style={{ height: before }} /> : null}
          {items.map((item) => {
            const row = rows[item.index]!;
            return (
              <tr
                key={row.original.ring_id}
                aria-rowindex={item.index + 2}
                className={item.index === at ? "at" : ""}
                onClick={(event) => {
                  if (!(event.target as Element).closest("a")) go(address(["rings", row.original.ring_id]));
                }}
              >
                {row.getVisibleCells().map((cell) => (
                  <td key={cell.id} className={cell.column.id}>
                    {flexRender(cell.column.columnDef.cell, cell.getContext())}
                  </td>
                ))}
              </tr>
            );
          })}
          {behind > 0 ? <tr aria-hidden="true" className="gap" style={{ height: behind }} /> : null}
        </tbody>
      </table>
    </div>
  );
}
