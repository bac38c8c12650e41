/* The graph of the page: what was chosen is told in words, strong ties come first, and colours follow light and dark.
   `network`, `nodes` and `edges` are pyvis'. Everything that is shown is set as text, never as HTML. */
(function () {
  "use strict";
  const told = document.getElementById("told");
  const nothing = told.textContent;
  const LINE = 0.6, FAINT = 0.06;

  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  function paint(onBlack) {
    const ink = onBlack ? "#e8ecf0" : "#1d232a", paper = onBlack ? "#171b20" : "#ffffff";
    nodes.update(nodes.get().map((n) => ({
      id: n.id,
      font: n.onFill
        ? { size: 15, color: "#ffffff", strokeWidth: 0 }
        : { size: 15, color: ink, strokeWidth: 4, strokeColor: paper, vadjust: n.lift },
    })));
  }
  paint(dark.matches);
  dark.addEventListener("change", () => paint(dark.matches));
  window.addEventListener("beforeprint", () => paint(false));
  window.addEventListener("afterprint", () => paint(dark.matches));

  const ties = edges.get().filter((e) => e.tie).map((e) => e.id); // the surest first
  const slider = document.getElementById("ties");
  if (slider) {
    const shown = document.getElementById("ties-shown");
    slider.addEventListener("input", () => {
      const most = Number(slider.value);
      edges.update(ties.map((id, i) => ({ id, hidden: i >= most })));
      shown.textContent = shown.dataset.text.replace("{shown}", most);
    });
  }

  function tell(lines) {
    told.replaceChildren(...lines.map((line) => {
      const one = document.createElement("span");
      one.textContent = line;
      return one;
    }));
  }
  function bring(near, lines) {
    nodes.update(nodes.getIds().map((id) => ({ id, opacity: near === null || near.has(id) ? 1 : 0.2 })));
    edges.update(edges.get().map((e) => ({
      id: e.id, color: { ...e.color, opacity: lines === null || lines.has(e.id) ? LINE : FAINT },
    })));
  }
  network.on("click", (at) => {
    if (at.nodes.length) {
      const lines = network.getConnectedEdges(at.nodes[0]).filter((id) => !edges.get(id).hidden);
      const near = new Set([at.nodes[0]]);
      lines.forEach((id) => network.getConnectedNodes(id).forEach((node) => near.add(node)));
      bring(near, new Set(lines));
      tell([nodes.get(at.nodes[0]).title, ...lines.map((id) => edges.get(id).title)]);
    } else if (at.edges.length) {
      bring(new Set(network.getConnectedNodes(at.edges[0])), new Set(at.edges));
      tell(at.edges.map((id) => edges.get(id).title));
    } else {
      bring(null, null);
      tell([nothing]);
    }
  });

  // The wheel scrolls the page until somebody has clicked into the picture.
  const place = document.getElementById("mynetwork");
  place.addEventListener("pointerdown", () => network.setOptions({ interaction: { zoomView: true } }));
  place.addEventListener("pointerleave", () => network.setOptions({ interaction: { zoomView: false } }));
  const ROOM = 0.92; // around the outermost, for names that vis-network does not reckon with
  const scale = (by) => network.moveTo({ scale: network.getScale() * by });
  function whole() {
    network.fit();
    scale(ROOM);
  }
  document.getElementById("closer").addEventListener("click", () => scale(1.3));
  document.getElementById("wider").addEventListener("click", () => scale(1 / 1.3));
  document.getElementById("whole").addEventListener("click", whole);
  network.on("resize", whole);
  whole();
})();
