import { expect, test } from "vitest";

import type { Choice } from "../src/ring/data";
import { linesOf, signsOf } from "../src/ring/drawn";
import { type Frame, inPane } from "../src/ring/frame";
import { hold } from "../src/ring/hand";
import { keysOf } from "../src/ring/view";
import { DATA } from "./world";

/** A picture whose pane begins at (100, 50) of the page, with the first two patients far apart; what was told of it, in turn. */
function held() {
  const kept = { pins: { "patient:P1": [0, 0], "patient:P2": [200, 0] }, notes: {} } as const;
  const off = new Set(["m3", "m4", "m5", "m6"]);
  const signs = signsOf({ data: DATA, scale: { people: 1, hubs: 1 }, off, keys: keysOf(DATA.nodes.values()), kept });
  const lines = linesOf(DATA, signs, off);
  let frame: Frame = { zoom: 1, pan: { x: 50, y: 50 } };
  const told: unknown[] = [];
  const at = Object.assign(new EventTarget(), { style: {} as Record<string, string>, setPointerCapture: () => {}, getBoundingClientRect: () => ({ left: 100, top: 50 }) });
  const end = hold(at as unknown as HTMLCanvasElement, {
    signs: () => signs,
    lines: () => lines,
    frame: () => frame,
    move: (to) => (frame = to),
    carry: () => told.push("carry"),
    pin: ({ node, spot }) => told.push([node.member, ...spot]),
    choose: (choice: Choice | null) => told.push(choice),
    rest: () => told.push("rest"),
  });
  const send = (type: string, x: number, y: number, more: object = {}) => {
    const event = Object.assign(new Event(type, { cancelable: true }), { clientX: 100 + x, clientY: 50 + y, pointerId: 1, pointerType: "mouse", button: 0, ...more });
    at.dispatchEvent(event);
    return event.defaultPrevented;
  };
  return { told, send, end, frame: () => frame, cursor: () => at.style["cursor"], touch: () => at.style["touchAction"], spot: (place: number) => inPane(frame, signs[place]!.spot) };
}

test("who presses and lets go chooses what lies there: a sign, a line, nothing", () => {
  const { told, send, cursor } = held();
  for (const [x, y] of [[50, 50], [150, 52], [150, 120]] as const) {
    send("pointermove", x, y);
    told.push(cursor());
    send("pointerdown", x, y);
    send("pointermove", x + 2, y + 1); // a hand trembles
    send("pointerup", x + 2, y + 1);
  }
  expect(told).toEqual(["pointer", { kind: "member", member: "m1" }, "pointer", { kind: "tie", a: "m1", b: "m2" }, "grab", null]);
});

test("a sign that is dragged goes along and stays where it is put; the ground moves the picture", () => {
  const { told, send, frame, spot } = held();
  send("pointerdown", 50, 50);
  send("pointermove", 80, 50);
  send("pointermove", 80, 60);
  send("pointerup", 80, 60);
  expect(told).toEqual(["carry", "carry", ["m1", 30, 10]]);
  expect(spot(0)).toEqual([80, 60]);
  send("pointerdown", 150, 150);
  send("pointermove", 160, 170);
  send("pointerup", 160, 170);
  expect([frame(), told.at(-1)]).toEqual([{ zoom: 1, pan: { x: 60, y: 70 } }, "rest"]);
});

test("two fingers draw the picture nearer and take it along, and choose nothing", () => {
  const { told, send, frame } = held();
  const finger = (pointerId: number) => ({ pointerId, pointerType: "touch" });
  send("pointerdown", 40, 100, finger(1));
  send("pointerdown", 60, 100, finger(2));
  send("pointermove", 80, 100, finger(2));
  expect(frame()).toEqual({ zoom: 2, pan: { x: 60 - (60 - 60) * 2, y: 100 - (100 - 50) * 2 } });
  send("pointerup", 80, 100, finger(2));
  send("pointerup", 40, 100, finger(1));
  expect(told).toEqual(["rest"]);
});

test("a finger that scrolls the page after all leaves the sign where it was, until somebody pointed at the picture", () => {
  const { told, send, spot, touch } = held();
  send("pointerdown", 50, 50);
  send("pointermove", 50, 60);
  send("pointercancel", 50, 60);
  expect([spot(0), told.at(-1), touch()]).toEqual([[50, 50], "carry", undefined]);
  send("pointerdown", 150, 150);
  send("pointerup", 150, 150);
  expect(touch()).toBe("none");
});

test("the wheel scrolls the page until the picture was pressed, then zooms it; let go, it hears nothing more", () => {
  const { send, frame, end } = held();
  const wheel = { deltaY: -400, deltaMode: 0 };
  expect([send("wheel", 50, 50, wheel), frame().zoom]).toEqual([false, 1]);
  send("pointerdown", 150, 150);
  send("pointerup", 150, 150);
  expect([send("wheel", 50, 50, wheel), frame()]).toEqual([true, { zoom: 2, pan: { x: 50, y: 50 } }]);
  end();
  expect(send("wheel", 50, 50, wheel)).toBe(false);
});
