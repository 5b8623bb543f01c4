// Fills a square with one color for each point of a grid, blurred in between or not.

import type { Matrix } from "twolayer";
import { mix, type Rgb, type Theme } from "../theme.ts";

const TINT = 0.42; // of a class's color where the net is certain

export type Square = { left: number; top: number; side: number };

/** Colors of grid points, drawn with a canvas that is kept between pictures. */
export class Raster {
  readonly #canvas = document.createElement("canvas");

  /** `paint(i, rgba, at)` writes the color of point i to rgba[at], rgba[at + 1], rgba[at + 2]. */
  draw(
    context: CanvasRenderingContext2D,
    { left, top, side }: Square,
    steps: number,
    paint: (i: number, rgba: Uint8ClampedArray, at: number) => void,
  ): void {
    const image = new ImageData(steps, steps);
    for (let i = 0; i < steps * steps; i++) {
      paint(i, image.data, 4 * i);
      image.data[4 * i + 3] = 255;
    }
    Object.assign(this.#canvas, { width: steps, height: steps });
    this.#canvas.getContext("2d")!.putImageData(image, 0, 0);
    context.imageSmoothingQuality = "high";
    const cell = side / (steps - 1); // a grid point is the middle of its pixel
    const [x, y, width] = [left - cell / 2, top - cell / 2, side + cell];
    context.drawImage(this.#canvas, x, y, width, width);
  }
}

/** The classes' tints, mixed by probability or, if `hard`, that of the likeliest class alone. */
export function classPainter(
  { data, cols: C }: Matrix,
  theme: Theme,
  hard: boolean,
): (i: number, rgba: Uint8ClampedArray, at: number) => void {
  const tints = theme.classes.map((color) => mix(theme.surface, color, TINT));
  return (i, rgba, at) => {
    if (hard) {
      let best = 0;
      for (let c = 1; c < C; c++) if (data[i * C + c] > data[i * C + best]) best = c;
      for (let part = 0; part < 3; part++) rgba[at + part] = tints[best][part];
      return;
    }
    for (let part = 0; part < 3; part++) {
      let value = 0;
      for (let c = 0; c < C; c++) value += data[i * C + c] * tints[c][part];
      // NaN after scores beyond all numbers
      rgba[at + part] = Number.isNaN(value) ? theme.surface[part] : value;
    }
  };
}

/** Shades from the surface to a color, by the positive part of column `h` of `values`. */
export function responsePainter(
  { data, cols }: Matrix,
  h: number,
  { greatest, color, surface }: { greatest: number; color: Rgb; surface: Rgb },
): (i: number, rgba: Uint8ClampedArray, at: number) => void {
  return (i, rgba, at) => {
    const value = data[i * cols + h];
    const share = value > 0 ? 0.12 + 0.78 * Math.min(1, value / greatest) : 0;
    for (let part = 0; part < 3; part++)
      rgba[at + part] = surface[part] + (color[part] - surface[part]) * share;
  };
}

/** Shades of two colors by the sign and size of one column; for inputs, which may be negative. */
export function signedPainter(
  { data, cols }: Matrix,
  j: number,
  theme: Theme,
): (i: number, rgba: Uint8ClampedArray, at: number) => void {
  let greatest = 1e-12;
  for (let at = j; at < data.length; at += cols) greatest = Math.max(greatest, Math.abs(data[at]));
  return (i, rgba, at) => {
    const value = data[i * cols + j] / greatest;
    const color = value > 0 ? theme.positive : theme.negative;
    const share = 0.75 * Math.abs(value);
    for (let part = 0; part < 3; part++)
      rgba[at + part] = theme.surface[part] + (color[part] - theme.surface[part]) * share;
  };
}
