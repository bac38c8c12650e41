// How each type of entity looks, as on the pictures that travel (viz/ringfinder_viz/palette.py): shape and colour both tell it.
// The colours are Okabe and Ito's, which people with any colour blindness tell apart.
export type EntityType = "patient" | "card" | "doctor" | "facility" | "recruiter" | "account" | "operator" | "terminal";
export type Look = { fill: string; rim: string; shape: "ellipse" | "hexagon" | "triangle" | "rectangle" | "diamond" | "square" | "star" | "vee"; sign: string };

export const LOOKS: Record<EntityType, Look> = {
  patient: { fill: "#56b4e9", rim: "#00649c", shape: "ellipse", sign: "●" },
  card: { fill: "#a3a9b0", rim: "#5f6a75", shape: "hexagon", sign: "⬢" },
  doctor: { fill: "#009e73", rim: "#00573f", shape: "triangle", sign: "▲" },
  facility: { fill: "#1f74ad", rim: "#0d466d", shape: "rectangle", sign: "▬" },
  recruiter: { fill: "#d55e00", rim: "#843a00", shape: "diamond", sign: "◆" },
  account: { fill: "#cc79a7", rim: "#86406a", shape: "square", sign: "■" },
  operator: { fill: "#e69f00", rim: "#8a5f00", shape: "star", sign: "★" },
  terminal: { fill: "#f0e442", rim: "#7d7500", shape: "vee", sign: "▼" },
};

/** Places of the timeline, the busiest first; all others share the last. */
export const PLACES = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8a8f98"] as const;
