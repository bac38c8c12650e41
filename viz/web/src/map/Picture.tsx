import Graph from "graphology";
import { useEffect, useRef, useState } from "react";
import Sigma from "sigma";

import { money } from "../figures";
import { address } from "../place/place";
import { go } from "../place/use";
import type { Shapes } from "../service/client";
import { useTheme } from "../shell/theme";
import { useWords } from "../words";
import { PALE, colourOf } from "./colours";
import { Legend } from "./Legend";
import { nameBegins, spots } from "./places";

/** Dots of rings, as large as what the fund paid; alerts in the colour of their kind, others pale; lines where rings share members. */
export default function Picture({ rings, overlaps }: { rings: readonly Shapes["RingListed"][]; overlaps: readonly [string, string, number][] }) {
  const { say, lang } = useWords();
  const theme = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const [over, setOver] = useState<Shapes["RingListed"] | null>(null);
  const [drawable, setDrawable] = useState(true);
  useEffect(() => {
    const graph = new Graph();
    const { at, heads } = spots(rings);
    for (const head of heads) graph.addNode(`district ${head.district}`, { x: head.x, y: head.y, size: 1, color: "rgba(0,0,0,0)", label: say("app.map_district", { district: head.district }), forceLabel: true });
    for (const ring of rings) graph.addNode(ring.ring_id, { ...at.get(ring.ring_id), color: ring.alert ? colourOf(ring.kind) : PALE[theme], zIndex: ring.alert ? 1 : 0, label: "" });
    for (const [a, b, shared] of overlaps) {
      if (graph.hasNode(a) && graph.hasNode(b) && !graph.hasEdge(a, b)) graph.addEdge(a, b, { size: Math.min(4, shared / 4 + 0.5), color: theme === "dark" ? "#4b5660" : "#b9c1c9" });
    }
    const ink = theme === "dark" ? "#e8ebee" : "#1d232a";
    const name = (pen: CanvasRenderingContext2D, { x, y, label }: { x: number; y: number; label?: string | null }) => {
      if (!label) return;
      pen.font = "14px system-ui, sans-serif";
      pen.fillStyle = ink;
      pen.fillText(label, nameBegins(x, pen.measureText(label).width, box.current!.clientWidth), y + 5);
    };
    let drawn: Sigma;
    try {
      drawn = new Sigma(graph, box.current!, { defaultDrawNodeLabel: name, zIndex: true, allowInvalidContainer: true, defaultDrawNodeHover: () => undefined });
    } catch {
      setDrawable(false); // a browser without WebGL: the numbers beneath say the same
      return;
    }
    const byId = new Map(rings.map((ring) => [ring.ring_id, ring]));
    drawn.on("enterNode", ({ node }) => setOver(byId.get(node) ?? null));
    drawn.on("leaveNode", () => setOver(null));
    drawn.on("clickNode", ({ node }) => byId.has(node) && go(address(["rings", node])));
    return () => drawn.kill();
  }, [rings, overlaps, theme, say, lang]);
  return (
    <section className="pane">
      <p className="over" role="status">
        {over ? `${over.kind_name} ${over.ring_id} · ${over.sureness} ${Math.round(over.score)} · ${say("app.col_people")} ${over.patients} · ${money(over.fund_amount, lang)}` : say("app.map_over")}
      </p>
      {drawable ? <div ref={box} className="sigma" role="img" aria-label={say("app.map_title")} /> : <p>{say("app.map_no_webgl")}</p>}
      <Legend rings={rings} />
    </section>
  );
}
