import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import { exactMoney, minute } from "../figures";
import { PLACES } from "../look";
import { useTheme } from "../shell/theme";
import { useWords } from "../words";
import { type Choice, type Claim, type Node, type Reach, called } from "./data";
import { type Bar, type Span, lanesOf, ticks, whole, within, worthDrawing, zoomed } from "./lanes";
import { FONT } from "./paint";

const [LANE, NAMES, HEAD] = [18, 110, 24]; // pixels: a lane, the names beside it, the scale above
const MOST_HEIGHT = 420;
const THINNEST = 3;
const DAY_MS = 86_400_000;

type Props = { nodes: ReadonlyMap<string, Node>; claims: readonly Claim[]; reached: Reach | null; choose: (choice: Choice | null) => void };

/** The ring in time: a lane a patient, visits by the colour of their place, days on which several came together behind them. Drag to look closer. */
export function Timeline({ nodes, claims, reached, choose }: Props) {
  const { say, word } = useWords();
  const theme = useTheme();
  const lanes = useMemo(() => lanesOf(claims, PLACES.length), [claims]);
  const all = useMemo(() => whole(lanes), [lanes]);
  const [span, setSpan] = useState<Span>(all);
  const [over, setOver] = useState<Bar | null>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const [size, setSize] = useState({ width: 600, top: 0 });
  const scroll = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => setSpan(all), [all]);
  const height = Math.min(MOST_HEIGHT, HEAD + lanes.members.length * LANE + 4);
  const x = useCallback((at: number) => NAMES + ((at - span.from) / (span.to - span.from)) * (size.width - NAMES), [span, size.width]);
  const at = useCallback((px: number) => span.from + ((px - NAMES) / (size.width - NAMES)) * (span.to - span.from), [span, size.width]);
  const y = useCallback((lane: number) => HEAD + lane * LANE - size.top, [size.top]);

  useLayoutEffect(() => {
    const measure = () => {
      const width = scroll.current?.clientWidth;
      setSize((old) => (width === undefined || width === old.width ? old : { ...old, width }));
    };
    measure(); // before it is drawn: it is drawn once
    const watch = new ResizeObserver(measure);
    watch.observe(scroll.current!);
    return () => watch.disconnect();
  }, []);

  useEffect(() => {
    const target = canvas.current!;
    const sharp = devicePixelRatio || 1;
    target.width = size.width * sharp;
    target.height = height * sharp;
    const pen = target.getContext("2d")!;
    const style = getComputedStyle(document.documentElement);
    const [ink, quiet, line, band] = ["--ink", "--quiet", "--line", "--band"].map((name) => style.getPropertyValue(name)) as [string, string, string, string];
    pen.scale(sharp, sharp);
    pen.clearRect(0, 0, size.width, height);
    pen.font = `11px ${FONT}`;
    pen.textBaseline = "middle";
    pen.save();
    pen.beginPath();
    pen.rect(NAMES, 0, size.width - NAMES, height);
    pen.clip();
    pen.fillStyle = band;
    for (const day of lanes.occasions) {
      const left = x(day);
      pen.fillRect(left, HEAD, Math.max(2, x(day + DAY_MS) - left), height);
    }
    for (const tick of ticks(span, size.width - NAMES)) {
      pen.fillStyle = line;
      pen.fillRect(x(tick.at), 0, 1, height);
      pen.fillStyle = quiet;
      pen.fillText(tick.text, x(tick.at) + 4, HEAD / 2);
    }
    const [first, last] = [Math.max(0, Math.floor(size.top / LANE)), Math.ceil((size.top + height - HEAD) / LANE)];
    const seen = lanes.ofLane.slice(first, last); // lanes in sight
    for (const lit of reached ? [false, true] : [true]) {
      pen.globalAlpha = lit ? 1 : 0.16;
      for (const lane of seen) {
        const own = reached ? lane.filter((bar) => reached.claims.has(bar.claim.claim_id) === lit) : lane;
        for (const bar of worthDrawing(own, x, NAMES, size.width, THINNEST)) {
          const [left, top] = [x(bar.from), y(bar.lane)];
          const width = Math.max(THINNEST, x(bar.to) - left);
          pen.fillStyle = PLACES[bar.place]!;
          pen.fillRect(left, top + 3, width, LANE - 6);
          if (reached && lit) {
            pen.strokeStyle = ink;
            pen.strokeRect(left - 0.5, top + 2.5, width + 1, LANE - 5);
          }
        }
      }
    }
    pen.globalAlpha = 1;
    if (drag) {
      pen.fillStyle = "rgba(127,127,127,0.3)";
      pen.fillRect(Math.min(drag.from, drag.to), HEAD, Math.abs(drag.to - drag.from), height);
    }
    pen.restore();
    lanes.members.slice(first, last).forEach((member, i) => {
      const top = y(first + i);
      if (top < HEAD - 2) return;
      pen.fillStyle = line;
      pen.fillRect(0, top + LANE, size.width, 0.5);
      pen.fillStyle = reached?.members.has(member) ? ink : quiet;
      pen.font = `${reached?.members.has(member) ? "bold " : ""}11px ${FONT}`;
      pen.fillText(shortName(nodes.get(member)!), 4, top + LANE / 2, NAMES - 8);
    });
    performance.mark("ringfinder:timeline");
  }, [lanes, span, size, height, x, y, reached, drag, nodes, theme]);

  function find(event: MouseEvent): Bar | null {
    const box = canvas.current!.getBoundingClientRect();
    const [px, lane] = [event.clientX - box.left, Math.floor((event.clientY - box.top - HEAD + size.top) / LANE)];
    const near = (lanes.ofLane[lane] ?? []).filter((bar) => px >= x(bar.from) - 2 && px <= Math.max(x(bar.from) + THINNEST, x(bar.to)) + 2);
    return near.sort((a, b) => Math.abs(x(a.from) - px) - Math.abs(x(b.from) - px))[0] ?? null;
  }

  function down(event: MouseEvent): void {
    const left = canvas.current!.getBoundingClientRect().left;
    if (event.clientX - left > NAMES) setDrag({ from: event.clientX - left, to: event.clientX - left });
  }

  function moved(event: MouseEvent): void {
    if (drag) setDrag({ from: drag.from, to: Math.max(NAMES, event.clientX - canvas.current!.getBoundingClientRect().left) });
    else setOver(find(event));
  }

  function up(event: MouseEvent): void {
    const brushed = drag;
    setDrag(null);
    if (brushed && Math.abs(brushed.to - brushed.from) > 6) {
      const [from, to] = [at(Math.min(brushed.from, brushed.to)), at(Math.max(brushed.from, brushed.to))];
      setSpan(zoomed({ from, to }, 1, from, all));
      return;
    }
    const bar = find(event);
    const box = canvas.current!.getBoundingClientRect();
    const member = lanes.members[Math.floor((event.clientY - box.top - HEAD + size.top) / LANE)];
    if (bar) choose({ kind: "claim", claim: bar.claim.claim_id });
    else if (event.clientX - box.left < NAMES && member) choose({ kind: "member", member });
    else choose(null);
  }

  function key(event: KeyboardEvent): void {
    const [middle, width] = [(span.from + span.to) / 2, span.to - span.from];
    const order = lanes.bars;
    const now = order.findIndex((bar) => reached?.claims.has(bar.claim.claim_id));
    const moves: Record<string, () => void> = {
      "+": () => setSpan(zoomed(span, 0.6, middle, all)),
      "=": () => setSpan(zoomed(span, 0.6, middle, all)),
      "-": () => setSpan(zoomed(span, 1 / 0.6, middle, all)),
      "0": () => setSpan(all),
      ArrowLeft: () => setSpan(within({ from: span.from - width / 5, to: span.to - width / 5 }, all)),
      ArrowRight: () => setSpan(within({ from: span.from + width / 5, to: span.to + width / 5 }, all)),
      n: () => order.length && choose({ kind: "claim", claim: order[(now + 1) % order.length]!.claim.claim_id }),
      p: () => order.length && choose({ kind: "claim", claim: order[(now - 1 + order.length) % order.length]!.claim.claim_id }),
      Escape: () => choose(null),
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move();
  }

  const told = over?.claim;
  return (
    <section className="pane timeline" aria-label={say("app.timeline")}>
      <div className="panehead">
        <h2>{say("app.timeline")}</h2>
        <p className="quiet grow">
          {told
            ? `${minute(told.start)} · ${called(nodes.get(told.member!)!)} · ${told.facility_name ?? told.facility_id} · ${word("kinds", told.service_type)} · ${say("app.fact_total")} ${exactMoney(told.total_amount)}`
            : say("app.timeline_note")}
        </p>
        <div className="buttons">
          <button type="button" aria-label={say("app.closer")} onClick={() => setSpan(zoomed(span, 0.6, (span.from + span.to) / 2, all))}>
            +
          </button>
          <button type="button" aria-label={say("app.wider")} onClick={() => setSpan(zoomed(span, 1 / 0.6, (span.from + span.to) / 2, all))}>
            −
          </button>
          <button type="button" onClick={() => setSpan(all)}>
            {say("app.whole")}
          </button>
        </div>
      </div>
      <div
        ref={scroll}
        className="lanes"
        style={{ height }}
        tabIndex={0}
        role="application"
        aria-label={say("app.timeline_how")}
        onKeyDown={key}
        onScroll={(event) => setSize((old) => ({ ...old, top: (event.target as Element).scrollTop }))}
      >
        <div style={{ height: HEAD + lanes.members.length * LANE }}>
          <canvas ref={canvas} style={{ height, width: size.width }} onMouseDown={down} onMouseMove={moved} onMouseUp={up} onMouseLeave={() => (setOver(null), setDrag(null))} />
        </div>
      </div>
      <ul className="legend">
        {lanes.places.slice(0, PLACES.length - 1).map((place, i) => (
          <li key={place.id}>
            <span style={{ color: PLACES[i] }} aria-hidden="true">
              ■
            </span>{" "}
            {place.name}
          </li>
        ))}
        {lanes.places.length >= PLACES.length ? (
          <li>
            <span style={{ color: PLACES.at(-1) }} aria-hidden="true">
              ■
            </span>{" "}
            {say("app.other_places")}
          </li>
        ) : null}
        {lanes.occasions.length ? (
          <li>
            <span className="bandsign" aria-hidden="true" /> {say("app.occasions", { count: lanes.occasions.length })}
          </li>
        ) : null}
      </ul>
    </section>
  );
}

function shortName(node: Node): string {
  return node.name ? `${node.name} ${node.entity_id}` : node.entity_id;
}
