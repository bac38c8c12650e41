import { type KeyboardEvent, type Ref, useCallback, useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";

import { useTheme } from "../shell/theme";
import type { Choice } from "./data";
import type { Sign } from "./drawn";
import { type Frame, extentOf, frameOf, zoomed } from "./frame";
import { hold } from "./hand";
import { type Scene, inks, paint } from "./paint";
import type { Spot } from "./view";

const MARGIN = 24; // pixels around the picture in its pane
const [SHARP, LARGEST] = [2, 8000]; // of a picture that is saved: pixels each of ours becomes, and the most on a side

/** What can be done to the picture from outside. */
export type Grip = { zoom: (by: number) => void; fit: () => void; saved: () => Promise<Blob | null> };
/** Beside the element itself, what stands in it: for whoever looks with the browser's tools, and for tests. */
type Sheet = HTMLCanvasElement & { picture?: Scene & { frame: Frame } };

type Props = Scene & {
  /** When this is another one, all of the picture comes into view. */
  whole: unknown;
  label: string;
  choose: (choice: Choice | null) => void;
  pin: (member: string, spot: Spot) => void;
  onKey: (event: KeyboardEvent) => void;
  grip: Ref<Grip>;
};

/** A ring's picture that answers to the hand as soon as it stands. */
export function Canvas({ signs, lines, lit, whole, label, choose, pin, onKey, grip }: Props) {
  const theme = useTheme();
  const sheet = useRef<Sheet>(null);
  const frame = useRef<Frame | null>(null);
  const next = useRef(0);
  const moving = useRef(false);
  const now = useRef({ signs, lines, lit, theme, choose, pin });
  now.current = { signs, lines, lit, theme, choose, pin };

  const draw = useCallback(() => {
    cancelAnimationFrame(next.current);
    next.current = 0;
    const [at, { signs, lines, lit, theme }] = [sheet.current!, now.current];
    const [width, height, sharp] = [at.clientWidth, at.clientHeight, devicePixelRatio || 1];
    if (at.width !== Math.round(width * sharp) || at.height !== Math.round(height * sharp)) [at.width, at.height] = [Math.round(width * sharp), Math.round(height * sharp)];
    const pen = at.getContext("2d")!;
    pen.setTransform(sharp, 0, 0, sharp, 0, 0);
    pen.clearRect(0, 0, width, height);
    frame.current ??= frameOf(signs, width, height, MARGIN);
    paint(pen, { signs, lines, lit }, { frame: frame.current, width, height, theme, moving: moving.current });
    at.picture = { signs, lines, lit, frame: frame.current };
  }, []);

  /** Paint with the next picture of the screen: what moves often is painted once. */
  const soon = useCallback(() => {
    if (!next.current) next.current = requestAnimationFrame(draw);
  }, [draw]);

  const fit = useCallback(() => {
    frame.current = null;
    draw();
  }, [draw]);

  useLayoutEffect(() => {
    frame.current = null;
  }, [whole]);

  useLayoutEffect(() => {
    draw();
    performance.mark("ringfinder:graph");
  }, [draw, signs, lines, lit, theme, whole]);

  useEffect(() => {
    const at = sheet.current!;
    const end = hold(at, {
      signs: () => now.current.signs,
      lines: () => now.current.lines,
      frame: () => frame.current!,
      move: (to) => {
        [frame.current, moving.current] = [to, true];
        soon();
      },
      carry: soon,
      pin: ({ node, spot }: Sign) => now.current.pin(node.member, spot),
      choose: (choice) => now.current.choose(choice),
      rest: () => {
        moving.current = false;
        soon();
      },
    });
    let size = `${at.clientWidth} ${at.clientHeight}`;
    const watch = new ResizeObserver(() => {
      const before = size;
      size = `${at.clientWidth} ${at.clientHeight}`;
      if (size !== before) fit(); // an observer tells the size that it begins with
    });
    watch.observe(at);
    return () => {
      end();
      watch.disconnect();
      cancelAnimationFrame(next.current);
      next.current = 0;
    };
  }, [soon, fit]);

  useImperativeHandle(grip, () => ({
    zoom: (by) => {
      const at = sheet.current!;
      frame.current = zoomed(frame.current!, by, [at.clientWidth / 2, at.clientHeight / 2]);
      soon();
    },
    fit,
    saved: () => {
      const { signs, lines, lit, theme } = now.current;
      const all = extentOf(signs) ?? { left: 0, right: 1, top: 0, bottom: 1 };
      const [wide, high] = [all.right - all.left + 2 * MARGIN, all.bottom - all.top + 2 * MARGIN];
      const sharp = Math.min(SHARP, LARGEST / Math.max(wide, high));
      const page = Object.assign(document.createElement("canvas"), { width: Math.ceil(wide * sharp), height: Math.ceil(high * sharp) });
      const pen = page.getContext("2d")!;
      pen.fillStyle = inks(theme).paper;
      pen.fillRect(0, 0, page.width, page.height);
      pen.scale(sharp, sharp);
      paint(pen, { signs, lines, lit }, { frame: frameOf(signs, wide, high, MARGIN), width: wide, height: high, theme });
      return new Promise((told) => page.toBlob(told));
    },
  }));

  return (
    <div className="canvas" tabIndex={0} role="application" aria-label={label} onKeyDown={onKey}>
      <canvas ref={sheet} />
    </div>
  );
}
