import { type ColumnDef, flexRender, getCoreRowModel, useReactTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";

import { count, day, money } from "../figures";
import { Link, go, turn } from "../place/use";
import { address } from "../place/place";
import type { Shapes } from "../service/client";
import { Sentence } from "../ring/Sentence";
import { useWalk } from "../walk";
import { useWords } from "../words";
import { Certainty } from "./Certainty";
import { Districts } from "./Districts";
import { Growth } from "./Growth";
import type { Sort } from "./wanted";

type Row = Shapes["RingListed"];
const HEIGHT = 84; // of a row, as style.css has it: its kind and two lines of reason
const SORTED_BY: Record<string, Sort> = { score: "score", patients: "patients", fund_amount: "fund_amount", change: "growth", last_time: "last_time" };
/** Rings that were chosen; null for who may not take them to a case, and is shown nothing of cases. */
export type Choosing = { chosen: ReadonlySet<string>; choose: (ring: Row, chosen: boolean) => void } | null;

/** Rings as rows, of which only those in view are drawn. Arrows or j and k move, Enter opens, x chooses. */
export function List({ rings, total, sort, more, choosing }: { rings: readonly Row[]; total: number; sort: Sort; more: (() => void) | null; choosing: Choosing }) {
  const { say, lang } = useWords();
  const box = useRef<HTMLDivElement>(null);
  const walked = useRef<HTMLTableElement>(null);
  const columns = useMemo<ColumnDef<Row>[]>(
    () => [
      ...(choosing
        ? [
            {
              id: "choose",
              header: () => <span className="hidden">{say("app.col_choose")}</span>,
              cell: ({ row: { original: ring } }) => <input type="checkbox" tabIndex={-1} aria-label={say("app.choose_ring", { ring: ring.ring_id })} checked={choosing.chosen.has(ring.ring_id)} onChange={(event) => choosing.choose(ring, event.target.checked)} />,
            } satisfies ColumnDef<Row>,
          ]
        : []),
      {
        id: "kind",
        header: say("app.col_kind"),
        cell: ({ row: { original: ring, index } }) => (
          <>
            <Link to={address(["rings", ring.ring_id])} data-row={index} tabIndex={-1}>
              {ring.kind_name}
            </Link>
            <span className="quiet"> {ring.ring_id}</span>
            {ring.suppressed ? <span className="dismissed"> {say("app.dismissed")}</span> : null}
            <span className="reason">
              <Sentence text={ring.reason} places={ring.places} />
            </span>
          </>
        ),
      },
      { id: "score", header: say("app.col_certainty"), cell: ({ row: { original: ring } }) => <Certainty ring={ring} /> },
      { id: "patients", header: say("app.col_people"), cell: ({ row: { original: ring } }) => count(ring.patients, lang) },
      { id: "fund_amount", header: say("app.col_money"), cell: ({ row: { original: ring } }) => money(ring.fund_amount, lang) },
      { id: "districts", header: say("app.col_districts"), cell: ({ row: { original: ring } }) => <Districts districts={ring.districts} /> },
      { id: "last_time", header: say("app.col_last"), cell: ({ row: { original: ring } }) => day(ring.last_time) },
      { id: "change", header: say("app.col_growth"), cell: ({ row: { original: ring } }) => <Growth ring={ring} /> },
      ...(choosing
        ? [
            {
              id: "case",
              header: say("app.col_of_case"),
              cell: ({ row: { original: ring } }) =>
                ring.case ? (
                  <Link to={address(["cases", ring.case.case_id])} tabIndex={-1}>
                    {ring.case.state_name}
                  </Link>
                ) : (
                  <span className="quiet">{say("app.case_none")}</span>
                ),
            } satisfies ColumnDef<Row>,
          ]
        : []),
    ],
    [lang, say, choosing],
  );
  const table = useReactTable({ data: rings as Row[], columns, getCoreRowModel: getCoreRowModel(), manualSorting: true });
  const rows = table.getRowModel().rows;
  const drawn = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: () => HEIGHT, overscan: 6 });
  const items = drawn.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - 40) more();
  }, [more, last, rows.length]);

  const keys = useMemo(() => rings.map((ring) => ring.ring_id), [rings]);
  const { at, grid, row: rowId, open, left } = useWalk({
    keys,
    box: walked,
    drawn: (one) => items.some((item) => item.index === one),
    open: (to) => go(address(["rings", rings[to]!.ring_id])),
    moved: (to) => drawn.scrollToIndex(to),
    ...(choosing && { choose: (to: number) => choosing.choose(rings[to]!, !choosing.chosen.has(rings[to]!.ring_id)) }),
  });
  const before = items[0]?.start ?? 0;
  const behind = drawn.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className="list" ref={box}>
      <p id="list-how" className="hidden">
        {say(choosing ? "app.list_how_choose" : "app.list_how")}
      </p>
      <table {...grid} ref={walked} aria-label={say("app.list_label")} aria-describedby="list-how" aria-rowcount={total + 1}>
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
                id={rowId(item.index)}
                aria-rowindex={item.index + 2}
                aria-selected={choosing ? choosing.chosen.has(row.original.ring_id) : undefined}
                className={item.index === at ? "at" : ""}
                onClickCapture={() => left(item.index)}
                onClick={(event) => {
                  if (!(event.target as Element).closest("a, input")) open(item.index);
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
