// The picture of a ring in somebody's hand: pointed at, moved, zoomed, a sign dragged; with a mouse, a pen or fingers.
import type { Choice } from "./data";
import type { Line, Sign } from "./drawn";
import { type Frame, lineAt, moved, signAt, zoomed } from "./frame";
import type { Spot } from "./view";

const STILL = 4; // pixels: who moves less points at something
const [WHEEL, LINES] = [400, 30]; // pixels of the wheel that halve or double, and of a line that some browsers count in

/** The picture that is held. `move`: the frame is another now; `carry`: a sign is on its way; `pin`: it was put down; `rest`: nothing moves any more. */
export type Held = {
  signs: () => readonly Sign[];
  lines: () => readonly Line[];
  frame: () => Frame;
  move: (frame: Frame) => void;
  carry: () => void;
  pin: (sign: Sign) => void;
  choose: (choice: Choice | null) => void;
  rest: () => void;
};

/** What lies at a point of the pane, as it is chosen. */
export function pointed(held: Pick<Held, "signs" | "lines" | "frame">, at: Spot): Choice | null {
  const sign = signAt(held.signs(), held.frame(), at);
  if (sign) return { kind: "member", member: sign.node.member };
  const line = lineAt(held.lines(), held.frame(), at);
  return line ? { kind: "tie", a: line.edge.a, b: line.edge.b } : null;
}

/** Let a canvas be held; what ends it. */
export function hold(at: HTMLCanvasElement, held: Held): () => void {
  const down = new Map<number, Spot>(); // fingers, or the mouse
  let [begun, sign, home, went]: [Spot, Sign | null, Spot, boolean] = [[0, 0], null, [0, 0], false];
  let taken = false; // before somebody pointed at the picture, the wheel and a finger scroll the page
  const here = (event: MouseEvent): Spot => {
    const box = at.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const between = ([[ax, ay], [bx, by]]: readonly [Spot, Spot]) => ({ middle: [(ax + bx) / 2, (ay + by) / 2] as Spot, far: Math.hypot(ax - bx, ay - by) });
  const two = (): [Spot, Spot] => [...down.values()].slice(0, 2) as [Spot, Spot];

  function press(event: PointerEvent): void {
    if (event.button !== 0) return;
    at.setPointerCapture(event.pointerId);
    down.set(event.pointerId, here(event));
    if (down.size > 1) [sign, went] = [null, true];
    else [begun, sign, went] = [here(event), signAt(held.signs(), held.frame(), here(event)), false];
    if (sign) home = sign.spot;
  }

  function drag(event: PointerEvent): void {
    const [before, now] = [down.get(event.pointerId), here(event)];
    if (!before) {
      at.style.cursor = event.pointerType === "mouse" && pointed(held, now) ? "pointer" : "grab";
      return;
    }
    if (!went && Math.hypot(now[0] - begun[0], now[1] - begun[1]) < STILL) return;
    const old = down.size > 1 ? between(two()) : null;
    const from = went ? before : begun;
    went = true;
    down.set(event.pointerId, now);
    const [right, lower] = [now[0] - from[0], now[1] - from[1]];
    if (old) {
      const { middle, far } = between(two());
      held.move(zoomed(moved(held.frame(), middle[0] - old.middle[0], middle[1] - old.middle[1]), far / Math.max(1, old.far), middle));
    } else if (sign) {
      const { zoom } = held.frame();
      sign.spot = [sign.spot[0] + right / zoom, sign.spot[1] + lower / zoom];
      held.carry();
    } else held.move(moved(held.frame(), right, lower));
  }

  function lift(event: PointerEvent): void {
    if (!down.delete(event.pointerId) || down.size) return;
    if (event.type === "pointercancel" && sign) {
      sign.spot = home; // the finger scrolls the page
      held.carry();
    } else if (went && sign) held.pin(sign);
    else if (went) held.rest();
    else if (event.type === "pointerup") {
      taken = true;
      at.style.touchAction = "none";
      held.choose(pointed(held, begun));
    }
    sign = null;
  }

  function wheel(event: WheelEvent): void {
    if (!taken) return;
    event.preventDefault();
    const pixels = event.deltaMode === 0 ? event.deltaY : LINES * event.deltaY;
    held.move(zoomed(held.frame(), 2 ** (-pixels / WHEEL), here(event)));
    held.rest();
  }

  const heard = { pointerdown: press, pointermove: drag, pointerup: lift, pointercancel: lift, wheel } as const;
  for (const [name, listen] of Object.entries(heard)) at.addEventListener(name, listen as EventListener, { passive: false });
  return () => {
    for (const [name, listen] of Object.entries(heard)) at.removeEventListener(name, listen as EventListener);
  };
}
