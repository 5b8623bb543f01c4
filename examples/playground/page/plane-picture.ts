// The plane as the net sees it: each class's probability as color, the boundary between the
// classes, the line on which each hidden unit switches on, and the points.

import { Matrix, type TwoLayerNet } from "twolayer";
import { zeroLine } from "./marching-squares.ts";
import type { PlaneTraining } from "./plane-training.ts";
import { css, mix, type Rgb, type Theme } from "./theme.ts";

/** A square part of the plane: the same scale on both axes. */
export type View = { left: number; bottom: number; side: number };

const MARGIN = 0.12; // of the data's extent, on every side
const TINT = 0.42; // of a class's color where the net is certain
const AXIS = 34; // pixels for the tick labels
const REACH = 4.5; // pixels from a point's centre to its edge

/** The square around all points. */
export function viewOf({ train, heldOut }: PlaneTraining): View {
  const [least, greatest] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ];
  for (const { data } of [train.X, heldOut.X]) {
    data.forEach((value, i) => {
      least[i % 2] = Math.min(least[i % 2], value);
      greatest[i % 2] = Math.max(greatest[i % 2], value);
    });
  }
  const side = (1 + 2 * MARGIN) * Math.max(greatest[0] - least[0], greatest[1] - least[1], 1e-9);
  return {
    left: (least[0] + greatest[0] - side) / 2,
    bottom: (least[1] + greatest[1] - side) / 2,
    side,
  };
}

/**
 * Draws with the pictures of the grid kept between calls: one for a moving picture, one for a
 * picture at rest.
 */
export class PlanePicture {
  readonly #raster = document.createElement("canvas");
  #grid: { view: View; steps: number; X: Matrix } | undefined;

  /** `steps` grid points along each side; `marked` is a hidden unit whose line stands out. */
  draw(
    context: CanvasRenderingContext2D,
    size: number,
    training: PlaneTraining,
    view: View,
    theme: Theme,
    options: { steps: number; lines: boolean; marked: number | undefined },
  ): void {
    const side = size - AXIS;
    const x = (value: number): number => AXIS + ((value - view.left) / view.side) * side;
    const y = (value: number): number => side - ((value - view.bottom) / view.side) * side;
    // (steps², C)
    const probabilities = training.net.predictProba(this.#points(view, options.steps));
    context.save();
    context.beginPath();
    context.roundRect(AXIS, 0, side, side, 6);
    context.clip();
    this.#fill(context, probabilities, options.steps, theme, AXIS, side);
    if (options.lines) drawUnitLines(context, training.net, view, x, y, theme);
    drawBoundary(context, probabilities, options.steps, theme, AXIS, side);
    if (options.marked !== undefined)
      drawUnitLine(context, training.net, options.marked, view, x, y, theme.ink, 2.5);
    drawPoints(context, training, x, y, theme);
    context.restore();
    drawTicks(context, training, view, x, y, side, theme);
  }

  /** The grid's points, row by row from the top. */
  #points(view: View, steps: number): Matrix {
    if (this.#grid?.steps !== steps || this.#grid.view !== view) {
      const at = (k: number): number => (k / (steps - 1)) * view.side;
      const X = new Matrix(steps * steps, 2).map((_, i, j) =>
        j === 0 ? view.left + at(i % steps) : view.bottom + view.side - at(Math.floor(i / steps)),
      );
      this.#grid = { view, steps, X };
    }
    return this.#grid.X;
  }

  #fill(
    context: CanvasRenderingContext2D,
    { data, cols: C }: Matrix,
    steps: number,
    theme: Theme,
    left: number,
    side: number,
  ): void {
    const tints = theme.classes.map((color) => mix(theme.surface, color, TINT));
    const image = new ImageData(steps, steps);
    for (let i = 0; i < steps * steps; i++) {
      for (let part = 0; part < 3; part++) {
        let value = 0;
        for (let c = 0; c < C; c++) value += data[i * C + c] * tints[c][part];
        // NaN: scores beyond all numbers
        image.data[4 * i + part] = Number.isNaN(value) ? theme.surface[part] : value;
      }
      image.data[4 * i + 3] = 255;
    }
    Object.assign(this.#raster, { width: steps, height: steps });
    this.#raster.getContext("2d")!.putImageData(image, 0, 0);
    context.imageSmoothingQuality = "high";
    const cell = side / (steps - 1); // a grid point is the middle of its pixel
    context.drawImage(this.#raster, left - cell / 2, -cell / 2, side + cell, side + cell);
  }
}

/** For each class the line where it is as likely as the likeliest other one. */
function drawBoundary(
  context: CanvasRenderingContext2D,
  { data, cols: C }: Matrix,
  steps: number,
  theme: Theme,
  left: number,
  side: number,
): void {
  const cell = side / (steps - 1);
  context.beginPath();
  for (let c = C === 2 ? 1 : 0; c < C; c++) {
    const lead = (i: number, j: number): number => {
      const row = (j * steps + i) * C;
      let other = 0;
      for (let k = 0; k < C; k++) if (k !== c && data[row + k] > other) other = data[row + k];
      return data[row + c] - other;
    };
    zeroLine(steps, steps, lead, (x1, y1, x2, y2) => {
      context.moveTo(left + x1 * cell, y1 * cell);
      context.lineTo(left + x2 * cell, y2 * cell);
    });
  }
  context.strokeStyle = theme.ink;
  context.lineWidth = 1.75;
  context.lineCap = "round";
  context.stroke();
}

function drawUnitLines(
  context: CanvasRenderingContext2D,
  net: TwoLayerNet,
  view: View,
  x: (v: number) => number,
  y: (v: number) => number,
  theme: Theme,
): void {
  context.globalAlpha = 0.35;
  for (let h = 0; h < net.hiddenSize; h++)
    drawUnitLine(context, net, h, view, x, y, theme.ink, 0.75);
  context.globalAlpha = 1;
}

function drawUnitLine(
  context: CanvasRenderingContext2D,
  net: TwoLayerNet,
  h: number,
  view: View,
  x: (v: number) => number,
  y: (v: number) => number,
  color: string,
  width: number,
): void {
  const ends = unitLine(net, h, view);
  if (ends === undefined) return;
  context.beginPath();
  context.moveTo(x(ends[0]), y(ends[1]));
  context.lineTo(x(ends[2]), y(ends[3]));
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
}

/**
 * Two far ends (x1, y1, x2, y2) of the line w·x + b = 0 of hidden unit h; undefined for a unit
 * without weights, or with such as a diverged training leaves.
 */
export function unitLine(
  net: TwoLayerNet,
  h: number,
  { left, bottom, side }: View,
): [number, number, number, number] | undefined {
  const { w1, w2, b, size } = unitDirection(net, h);
  const [mx, my] = [left + side / 2, bottom + side / 2];
  const distance = w1 * mx + w2 * my + b;
  if (!(size > 1e-12 && Number.isFinite(distance))) return undefined;
  // nearest to the middle of the view
  const [footX, footY] = [mx - w1 * distance, my - w2 * distance];
  const reach = 2 * side + Math.abs(distance);
  return [footX - w2 * reach, footY + w1 * reach, footX + w2 * reach, footY - w1 * reach];
}

/** The weights and bias of unit h divided by the length of the weights, `size`. */
export function unitDirection(
  { params: { W1, b1 } }: TwoLayerNet,
  h: number,
): { w1: number; w2: number; b: number; size: number } {
  const size = Math.hypot(W1.get(0, h), W1.get(1, h));
  return { w1: W1.get(0, h) / size, w2: W1.get(1, h) / size, b: b1.get(0, h) / size, size };
}

/** Points learnt from are filled, held-out ones hollow; a wrong one has a ring around it. */
function drawPoints(
  context: CanvasRenderingContext2D,
  { train, heldOut, net }: PlaneTraining,
  x: (v: number) => number,
  y: (v: number) => number,
  theme: Theme,
): void {
  for (const [{ X, y: labels }, filled] of [
    [heldOut, false],
    [train, true],
  ] as const) {
    const predicted = net.predict(X);
    for (let i = 0; i < X.rows; i++) {
      const [px, py] = [x(X.data[2 * i]), y(X.data[2 * i + 1])];
      drawMarker(
        context,
        labels[i],
        px,
        py,
        REACH,
        theme.classes[labels[i]],
        theme.surface,
        filled,
      );
      if (predicted[i] === labels[i]) continue;
      context.beginPath();
      context.arc(px, py, REACH + 3, 0, 2 * Math.PI);
      context.strokeStyle = theme.ink;
      context.lineWidth = 1.25;
      context.stroke();
    }
  }
}

/**
 * The shape of class c: a circle, square, triangle, diamond, reversed triangle or hexagon of about
 * the same area.
 */
export function drawMarker(
  context: CanvasRenderingContext2D,
  c: number,
  x: number,
  y: number,
  reach: number,
  color: Rgb,
  edge: Rgb,
  filled: boolean,
): void {
  context.beginPath();
  const corners = [0, 4, 3, 4, 3, 6][c];
  const turn = [0, 45, -90, 0, 90, 0][c] * (Math.PI / 180);
  const radius = reach * [0.92, 1.15, 1.25, 1.2, 1.25, 1.05][c];
  if (corners === 0) context.arc(x, y, radius, 0, 2 * Math.PI);
  for (let k = 0; k < corners; k++) {
    const angle = turn + (2 * Math.PI * k) / corners;
    context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  context.closePath();
  context.fillStyle = css(filled ? color : edge, filled ? 1 : 0.65);
  context.fill();
  context.strokeStyle = css(filled ? edge : color);
  context.lineWidth = filled ? 1 : 1.5;
  context.stroke();
}

/** A few round numbers along the left and the lower edge, in the data's own units. */
function drawTicks(
  context: CanvasRenderingContext2D,
  { mean, std }: PlaneTraining,
  view: View,
  x: (v: number) => number,
  y: (v: number) => number,
  side: number,
  theme: Theme,
): void {
  context.fillStyle = theme.muted;
  context.font = `11px ${theme.font}`;
  for (const axis of [0, 1] as const) {
    const from = (axis === 0 ? view.left : view.bottom) * std[axis] + mean[axis];
    const step = roundStep((view.side * std[axis]) / 5);
    for (let k = Math.ceil(from / step); k * step <= from + view.side * std[axis]; k++) {
      const at = (k * step - mean[axis]) / std[axis];
      const text = String(Number((k * step).toPrecision(6)));
      const place = axis === 0 ? x(at) : y(at);
      if (axis === 0 ? place < AXIS + 8 || place > AXIS + side - 8 : place < 8 || place > side - 8)
        continue;
      context.textAlign = axis === 0 ? "center" : "right";
      context.textBaseline = axis === 0 ? "top" : "middle";
      context.fillText(
        text.replace("-", "−"),
        axis === 0 ? place : AXIS - 5,
        axis === 0 ? side + 6 : place,
      );
    }
  }
}

/** 1, 2 or 5 times a power of ten, near `width`. */
function roundStep(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  return power * ([1, 2, 5].find((factor) => factor * power >= width) ?? 10);
}
