// A row of numbers as a small image: weights in colors around a white zero, inputs from dark to
// light.

import { checkInteger, isRecord, wrongType, wrongValue } from "../base/checks.ts";
import { ArgumentRangeError } from "../base/errors.ts";
import { pngUrl } from "./png.ts";

/** The shape of an image whose width·height·channels values are one row of numbers. */
export type ImageShape = {
  width: number;
  height: number;
  /** 1 for gray, 3 for all red values, then all green, then all blue. Default: 1. */
  channels?: number | undefined;
};

// the ends of the scale of signed values: blue and vermilion of the palette, slightly darker
const NEGATIVE = [0, 91, 150];
const NEUTRAL = [247, 247, 247];
const POSITIVE = [190, 68, 0];
const NOT_FINITE = [255, 0, 255]; // magenta, which is not on any scale here

/** Throws a TypeError or RangeError unless an image of this shape has `size` values. */
export function checkImageShape(where: string, shape: ImageShape, size: number): void {
  checkImageSizes(where, "image", shape);
  const { width, height, channels = 1 } = shape;
  if (width * height * channels === size) return;
  throw new ArgumentRangeError(
    `${where}: expected width·height·channels = ${size} inputs, ` +
      `got ${width}·${height}·${channels} = ${width * height * channels}`,
  );
}

/** Throws a TypeError or RangeError unless `value` is the shape of an image. */
export function checkImageSizes(where: string, name: string, value: unknown): void {
  if (!isRecord(value)) throw wrongType(where, name, "{ width, height }", value);
  const { width, height, channels = 1 } = value;
  checkInteger(where, "width", width, 1);
  checkInteger(where, "height", height, 1);
  if (channels !== 1 && channels !== 3) throw wrongValue(where, "channels", "1 or 3", channels);
}

/**
 * The image as a PNG data URL. Signed values of one channel are blue below zero, white at zero and
 * vermilion above; all others go from dark at `range[0]` to light at `range[1]`. Pixels with a
 * value that is not finite are magenta.
 */
export function thumbnail(
  values: ArrayLike<number>,
  shape: ImageShape,
  range: readonly [min: number, max: number],
  signed: boolean,
): string {
  const { width, height, channels = 1 } = shape;
  const area = width * height;
  const pixels = new Uint8Array(area * 3);
  const place = unitScale(signed && channels === 1 ? symmetric(range) : range);
  for (let i = 0; i < area; i++) {
    const parts = [0, 1, 2].map((c) => values[channels === 1 ? i : c * area + i]);
    const levels = parts.map(place);
    const color = !parts.every(Number.isFinite)
      ? NOT_FINITE
      : signed && channels === 1
        ? signedColor(levels[0])
        : levels.map((level) => level * 255);
    pixels.set(color.map(Math.round), i * 3);
  }
  return pngUrl(width, height, pixels);
}

/** Maps min..max to 0..1, and a constant to 0.5. It halves first, since max − min may overflow. */
function unitScale([min, max]: readonly [number, number]): (value: number) => number {
  return (value) =>
    max > min ? Math.min(1, Math.max(0, (value / 2 - min / 2) / (max / 2 - min / 2))) : 0.5;
}

function signedColor(t: number): number[] {
  const [end, share] = t < 0.5 ? [NEGATIVE, 1 - 2 * t] : [POSITIVE, 2 * t - 1];
  return NEUTRAL.map((neutral, c) => neutral + (end[c] - neutral) * share);
}

function symmetric([min, max]: readonly [number, number]): [number, number] {
  const most = Math.max(Math.abs(min), Math.abs(max));
  return [-most, most];
}
