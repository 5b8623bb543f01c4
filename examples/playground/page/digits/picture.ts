// Pictures of 8×8 numbers: a digit in grey, and what each hidden unit looks for in two colors.

import type { Matrix } from "twolayer";
import { css, mix, type Rgb, type Theme } from "../theme.ts";
import { SIDE } from "./image.ts";

const GAP = 0.12; // between two images, of their distance

/** 64 values in 0..1 as ink on the surface, filling `size` pixels. */
export function drawDigit(
  context: CanvasRenderingContext2D,
  size: number,
  image: ArrayLike<number>,
  theme: Theme,
): void {
  const ink: Rgb = theme.inkRgb;
  const cell = size / SIDE;
  for (let k = 0; k < SIDE * SIDE; k++) {
    if (image[k] === 0) continue;
    context.fillStyle = css(mix(theme.surface, ink, image[k]));
    context.fillRect((k % SIDE) * cell, Math.floor(k / SIDE) * cell, cell + 0.5, cell + 0.5);
  }
}

/** The lines between the 8×8 cells. */
export function drawGridLines(context: CanvasRenderingContext2D, size: number, theme: Theme): void {
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.beginPath();
  for (let k = 1; k < SIDE; k++) {
    const at = (k * size) / SIDE;
    context.moveTo(at, 0);
    context.lineTo(at, size);
    context.moveTo(0, at);
    context.lineTo(size, at);
  }
  context.stroke();
}

/**
 * The columns of W1 (64, H) as small images, `perRow` beside each other; each has its own greatest
 * weight at full color.
 */
export function drawWeights(
  context: CanvasRenderingContext2D,
  width: number,
  W1: Matrix,
  perRow: number,
  theme: Theme,
): void {
  const pitch = width / perRow;
  const cell = (pitch * (1 - GAP)) / SIDE;
  for (let h = 0; h < W1.cols; h++) {
    let most = 1e-12;
    for (let k = 0; k < W1.rows; k++) most = Math.max(most, Math.abs(W1.get(k, h)));
    const [left, top] = [(h % perRow) * pitch, Math.floor(h / perRow) * pitch];
    for (let k = 0; k < W1.rows; k++) {
      const weight = W1.get(k, h) / most;
      context.fillStyle = css(
        mix(theme.surface, weight > 0 ? theme.positive : theme.negative, Math.abs(weight)),
      );
      context.fillRect(
        left + (k % SIDE) * cell,
        top + Math.floor(k / SIDE) * cell,
        cell + 0.25,
        cell + 0.25,
      );
    }
  }
}
