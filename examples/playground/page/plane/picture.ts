// The plane as the net sees it: each class's probability as color, the boundary between the
// classes, the line on which each hidden unit switches on, and the points; or what a single hidden
// unit sees.

import type { Matrix } from "twolayer";
import { css, type Theme } from "../theme.ts";
import { type Grids, greatestOf, preActivations, type View } from "./grid.ts";
import { zeroLine } from "./marching-squares.ts";
import { drawMarker } from "./marker.ts";
import { classPainter, Raster, responsePainter } from "./raster.ts";
import type { Part, PlaneTraining } from "./training.ts";
import { favoredClass } from "./unit-picture.ts";

const AXIS = 34; // pixels for the tick labels
const REACH = 4.5; // pixels from a point's center to its edge
// Grid points for the lines of the hidden units: straight lines need few of them.
const STRAIGHT_STEPS = 6;
const CURVED_STEPS = 32;

export type Scene = {
  training: PlaneTraining;
  view: View;
  grids: Grids;
  theme: Theme;
  /** Grid points along a side. */
  steps: number;
  lines: boolean;
  heldOut: boolean;
  hard: boolean;
  /** A hidden unit that is shown alone. */
  unit: number | undefined;
};

/** Where a point of the plane lies in the picture. */
type Frame = { side: number; x: (value: number) => number; y: (value: number) => number };

export class PlanePicture {
  readonly #raster = new Raster();

  draw(context: CanvasRenderingContext2D, size: number, scene: Scene): void {
    const { view, theme } = scene;
    const side = size - AXIS;
    const frame: Frame = {
      side,
      x: (value) => AXIS + ((value - view.left) / view.side) * side,
      y: (value) => side - ((value - view.bottom) / view.side) * side,
    };
    context.save();
    context.beginPath();
    context.roundRect(AXIS, 0, side, side, 6);
    context.clip();
    if (scene.unit === undefined) this.#drawClasses(context, scene, side);
    else this.#drawUnit(context, scene, side, scene.unit);
    if (scene.heldOut) drawPoints(context, scene, frame, scene.training.heldOut, false);
    drawPoints(context, scene, frame, scene.training.train, true);
    context.restore();
    drawTicks(context, scene, frame);
    context.fillStyle = theme.muted;
  }

  #drawClasses(context: CanvasRenderingContext2D, scene: Scene, side: number): void {
    const { training, grids, steps, theme } = scene;
    const probabilities = training.net.predictProba(grids.of(steps).X); // (steps², C)
    const square = { left: AXIS, top: 0, side };
    this.#raster.draw(context, square, steps, classPainter(probabilities, theme, scene.hard));
    if (scene.lines) drawUnitLines(context, scene, side);
    drawBoundary(context, probabilities, { steps, side, color: theme.ink });
  }

  #drawUnit(context: CanvasRenderingContext2D, scene: Scene, side: number, h: number): void {
    const { training, grids, steps, theme } = scene;
    const values = preActivations(training.net, grids.of(steps));
    const painter = responsePainter(values, h, {
      greatest: greatestOf(values),
      color: theme.classes[favoredClass(training.net, h)],
      surface: theme.surface,
    });
    this.#raster.draw(context, { left: AXIS, top: 0, side }, steps, painter);
    context.beginPath();
    traceZero(context, values, h, { steps, side });
    stroke(context, theme.ink, 2.5);
  }
}

function stroke(context: CanvasRenderingContext2D, color: string, width: number): void {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.lineCap = "round";
  context.stroke();
}

/** For each class the line on which it is as likely as the likeliest other class. */
function drawBoundary(
  context: CanvasRenderingContext2D,
  { data, cols: C }: Matrix,
  { steps, side, color }: { steps: number; side: number; color: string },
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
      context.moveTo(AXIS + x1 * cell, y1 * cell);
      context.lineTo(AXIS + x2 * cell, y2 * cell);
    });
  }
  stroke(context, color, 1.75);
}

function drawUnitLines(
  context: CanvasRenderingContext2D,
  { training: { net, inputs }, grids, theme }: Scene,
  side: number,
): void {
  const straight = inputs.every(({ name }) => name === "x" || name === "y");
  const steps = straight ? STRAIGHT_STEPS : CURVED_STEPS;
  const values = preActivations(net, grids.of(steps));
  context.globalAlpha = 0.35;
  context.beginPath();
  for (let h = 0; h < net.hiddenSize; h++) traceZero(context, values, h, { steps, side });
  stroke(context, theme.ink, 0.75);
  context.globalAlpha = 1;
}

/** Adds the line on which column h of the values is 0 to the path. */
function traceZero(
  context: CanvasRenderingContext2D,
  { data, cols }: Matrix,
  h: number,
  { steps, side }: { steps: number; side: number },
): void {
  const cell = side / (steps - 1);
  const value = (i: number, j: number): number => data[(j * steps + i) * cols + h];
  zeroLine(steps, steps, value, (x1, y1, x2, y2) => {
    context.moveTo(AXIS + x1 * cell, y1 * cell);
    context.lineTo(AXIS + x2 * cell, y2 * cell);
  });
}

/** Points learnt from are filled, held-out ones hollow; a wrong one has a ring around it. */
function drawPoints(
  context: CanvasRenderingContext2D,
  { training: { net }, theme }: Scene,
  { x, y }: Frame,
  { points, X, y: labels }: Part,
  filled: boolean,
): void {
  // of a net that has diverged they are NaN, and predict would refuse
  const { cols, data } = net.predictProba(X);
  for (let i = 0; i < points.rows; i++) {
    const place = { x: x(points.data[2 * i]), y: y(points.data[2 * i + 1]) };
    drawMarker(context, { label: labels[i], ...place, reach: REACH, filled }, theme);
    const probabilities = data.subarray(i * cols, (i + 1) * cols);
    if (probabilities[labels[i]] === Math.max(...probabilities)) continue;
    context.beginPath();
    context.arc(place.x, place.y, REACH + 3, 0, 2 * Math.PI);
    context.strokeStyle = css(theme.inkRgb);
    context.lineWidth = 1.25;
    context.stroke();
  }
}

/** A few round numbers along the left and the lower edge, in the data's own units. */
function drawTicks(context: CanvasRenderingContext2D, scene: Scene, { side, x, y }: Frame): void {
  const { view, theme } = scene;
  context.fillStyle = theme.muted;
  context.font = `11px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const { at, label } of ticks(scene, 0, view.left)) {
    const place = x(at);
    if (place > AXIS + 8 && place < AXIS + side - 8) context.fillText(label, place, side + 6);
  }
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { at, label } of ticks(scene, 1, view.bottom)) {
    const place = y(at);
    if (place > 8 && place < side - 8) context.fillText(label, AXIS - 5, place);
  }
}

/** Round numbers of a column in the view that begins at `start`, and where they lie. */
function ticks(
  { training: { mean, std }, view: { side } }: Scene,
  column: 0 | 1,
  start: number,
): { at: number; label: string }[] {
  const from = start * std[column] + mean[column];
  const extent = side * std[column];
  const step = roundStep(extent / 5);
  const found: { at: number; label: string }[] = [];
  for (let k = Math.ceil(from / step); k * step <= from + extent; k++) {
    const label = String(Number((k * step).toPrecision(6))).replace("-", "−");
    found.push({ at: (k * step - mean[column]) / std[column], label });
  }
  return found;
}

/** 1, 2 or 5 times a power of ten, near `width`. */
function roundStep(width: number): number {
  const power = 10 ** Math.floor(Math.log10(width));
  return power * ([1, 2, 5].find((factor) => factor * power >= width) ?? 10);
}
