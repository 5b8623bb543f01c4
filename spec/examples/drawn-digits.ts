// Digits as people draw them with a mouse: 25 ways to write the ten, each with wobbles from a seed.
// They measure how well the playground's net reads drawings; it never learns from them.

import type { Point, Stroke } from "../../examples/playground/page/digits/image.ts";
import type { Random } from "../../lib/base/random.ts";

type Way = { digit: number; name: string; strokes: Stroke[] };

const line = (...numbers: number[]): Point[] =>
  Array.from({ length: numbers.length / 2 }, (_, i) => ({
    x: numbers[2 * i],
    y: numbers[2 * i + 1],
  }));

/** A part of an ellipse around (x, y), from one angle in degrees to another; 0 is to the right. */
const arc = (x: number, y: number, rx: number, ry: number, [from, to]: number[]): Point[] =>
  Array.from({ length: 17 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / 16) * Math.PI) / 180;
    return { x: x + rx * Math.cos(angle), y: y + ry * Math.sin(angle) };
  });

const FULL = [-90, 270];

/** The ways, in a square of 100 × 100 with y downwards. */
export const WAYS: readonly Way[] = [
  { digit: 0, name: "oval", strokes: [arc(50, 50, 26, 40, FULL)] },
  { digit: 0, name: "circle", strokes: [arc(50, 50, 38, 40, [-60, 300])] },
  { digit: 1, name: "bar", strokes: [line(50, 10, 50, 90)] },
  { digit: 1, name: "slanted bar", strokes: [line(60, 10, 42, 90)] },
  { digit: 1, name: "with a flag", strokes: [line(34, 34, 55, 10, 55, 90)] },
  {
    digit: 1,
    name: "with flag and foot",
    strokes: [line(36, 30, 52, 10, 52, 90), line(32, 90, 72, 90)],
  },
  {
    digit: 2,
    name: "open",
    strokes: [[...arc(50, 32, 24, 22, [-170, 35]), ...line(26, 90, 76, 90)]],
  },
  {
    digit: 2,
    name: "with a loop",
    strokes: [
      [...arc(50, 30, 24, 20, [-160, 40]), ...arc(38, 80, 10, 9, [-20, 300]), ...line(78, 88)],
    ],
  },
  {
    digit: 3,
    name: "two bows",
    strokes: [[...arc(47, 30, 22, 20, [-150, 80]), ...arc(47, 69, 25, 21, [-80, 150])]],
  },
  {
    digit: 3,
    name: "flat top",
    strokes: [[...line(26, 12, 72, 12, 46, 44), ...arc(46, 67, 26, 23, [-80, 150])]],
  },
  { digit: 4, name: "closed", strokes: [line(62, 90, 62, 10, 22, 64, 82, 64)] },
  {
    digit: 4,
    name: "open, straight",
    strokes: [line(28, 12, 24, 56, 78, 56), line(64, 12, 64, 90)],
  },
  {
    digit: 4,
    name: "open, slanted",
    strokes: [line(40, 10, 20, 58, 80, 58), line(68, 30, 60, 90)],
  },
  {
    digit: 4,
    name: "open, short stem",
    strokes: [line(24, 14, 24, 52, 74, 52), line(70, 14, 70, 88)],
  },
  {
    digit: 5,
    name: "in one",
    strokes: [[...line(72, 12, 34, 12, 30, 46), ...arc(48, 66, 26, 23, [-110, 150])]],
  },
  {
    digit: 5,
    name: "with a roof",
    strokes: [[...line(34, 12, 32, 46), ...arc(48, 66, 25, 22, [-110, 150])], line(34, 12, 74, 12)],
  },
  {
    digit: 6,
    name: "curled",
    strokes: [[...line(66, 12, 40, 36, 28, 66), ...arc(50, 68, 22, 21, [180, -180])]],
  },
  {
    digit: 6,
    name: "upright",
    strokes: [[...line(38, 10, 30, 60), ...arc(50, 68, 21, 20, [180, -180])]],
  },
  { digit: 7, name: "plain", strokes: [line(24, 12, 76, 12, 42, 90)] },
  { digit: 7, name: "crossed", strokes: [line(24, 12, 76, 12, 44, 90), line(36, 50, 72, 50)] },
  { digit: 7, name: "with a serif", strokes: [line(24, 24, 24, 12, 76, 12, 48, 90)] },
  {
    digit: 8,
    name: "two rings",
    strokes: [arc(50, 30, 20, 19, [90, 450]), arc(50, 69, 24, 21, FULL)],
  },
  {
    digit: 8,
    name: "in one",
    strokes: [
      [...arc(50, 30, 20, 20, [0, -270]), ...arc(50, 70, 23, 20, [-90, 270]), ...line(70, 28)],
    ],
  },
  {
    digit: 9,
    name: "straight",
    strokes: [[...arc(48, 32, 22, 21, [0, -360]), ...line(70, 32, 66, 90)]],
  },
  {
    digit: 9,
    name: "curved",
    strokes: [
      [...arc(48, 32, 22, 21, [0, -360]), ...line(70, 34), ...arc(46, 66, 24, 22, [0, 120])],
    ],
  },
];

/** The strokes with every point moved a little, and the whole stretched and slanted a little. */
export function wobble(strokes: readonly Stroke[], random: Random): Point[][] {
  const [width, height, slant] = random.normal(3).map((value) => 0.1 * value);
  return strokes.map((stroke) => {
    const moves = random.normal(2 * stroke.length);
    return stroke.map(({ x, y }, i) => ({
      x: (x - 50) * (1 + width) + slant * (y - 50) + 1.8 * moves[2 * i],
      y: (y - 50) * (1 + height) + 1.8 * moves[2 * i + 1],
    }));
  });
}
