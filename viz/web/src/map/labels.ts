// Which names have room in the picture: the most important first, none over another.
export type Wish = { key: string; x: number; y: number; text: string; size: number };
export type Label = Wish & { width: number };

const EDGE = 4; // pixels between a name and the pane's edge
const ROOM = 2; // and between two names
const NARROW = 0.56; // of a Latin letter's height; a Chinese character is as wide as high
const WIDE = /[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uff60]/;

export const widthOf = (text: string, size: number): number => [...text].reduce((sum, letter) => sum + (WIDE.test(letter) ? size : size * NARROW), 0);

/** `wishes`: where the middle of each name's line should stand, the most important first. */
export function placed(wishes: readonly Wish[], width: number, height: number): Label[] {
  const found: Label[] = [];
  for (const wish of wishes) {
    const wide = widthOf(wish.text, wish.size);
    const x = Math.max(EDGE + wide / 2, Math.min(wish.x, width - EDGE - wide / 2));
    if (wish.x < 0 || wish.x > width || wish.y - wish.size < 0 || wish.y > height - EDGE) continue;
    const one = { ...wish, x, width: wide };
    if (!found.some((other) => over(one, other))) found.push(one);
  }
  return found;
}

const over = (a: Label, b: Label): boolean =>
  Math.abs(a.x - b.x) < (a.width + b.width) / 2 + ROOM && a.y - a.size < b.y + ROOM && b.y - b.size < a.y + ROOM;
