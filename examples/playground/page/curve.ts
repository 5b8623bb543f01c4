// A small canvas chart of growing lines that shows every spike. Figures to keep are drawn by the
// library's own SVG charts; this one is redrawn many times a second.

import { count } from "./text/text.ts";
import { css, type Rgb, type Theme } from "./theme.ts";

export type Curve = {
  values: ArrayLike<number>;
  /** Where values[i] lies on the x axis; default i. */
  at?: (i: number) => number;
  color: Rgb;
  label?: string;
  /** The number beside the label; default the mean of the last pixel column. */
  shown?: number;
  dashed?: boolean;
};
export type ChartOptions = {
  xMax: number;
  /** Default 0. */
  yMin?: number;
  /** Default a round number above the greatest value. */
  yMax?: number;
  tick: (value: number) => string;
  format: (value: number) => string;
};
export type Size = { width: number; height: number };

type Scale = {
  left: number;
  right: number;
  bottom: number;
  top: number;
  x: (value: number) => number;
  y: (value: number) => number;
  ticks: number[];
};
type Label = { x: number; y: number; text: string; color: Rgb };

const BOTTOM = 20; // pixels below the plot for the x axis
const LEFT = 40; // pixels for the y axis
const LINE_HEIGHT = 14;

/**
 * Draws the curves. Where there are more values than pixels, the range of each pixel's values is a
 * pale band and their mean the line. Each label stands at the end of its line.
 */
export function drawCurves(
  context: CanvasRenderingContext2D,
  size: Size,
  curves: readonly Curve[],
  options: ChartOptions,
  theme: Theme,
): void {
  const scale = scaleOf(size, curves, options);
  context.textBaseline = "middle";
  drawGrid(context, scale, options, theme);
  const labels = curves.flatMap((curve): Label[] => {
    const line = columns(curve, scale.x);
    if (line.length === 0) return [];
    drawBand(context, line, curve.color, scale.y);
    drawLine(context, line, curve, scale.y);
    const { px, mean } = line[line.length - 1];
    const number = options.format(curve.shown ?? mean);
    const words = `${curve.label ? `${curve.label} ` : ""}${number}`;
    return [{ x: px, y: scale.y(mean), text: words, color: curve.color }];
  });
  drawLabels(context, labels, scale, theme);
}

/** A round number not above the least value, so that the axis begins near the data. */
export function shareBelow(...curves: ArrayLike<number>[]): number {
  const least = Math.min(...curves.flatMap((values) => Array.from(values)), 1);
  return [0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2].find((start) => start <= least - 0.01) ?? 0;
}

function scaleOf({ width, height }: Size, curves: readonly Curve[], options: ChartOptions): Scale {
  const { xMax, yMin = 0, yMax = roundAbove(curves) } = options;
  const [left, right, bottom, top] = [LEFT, width - 10, height - BOTTOM, 8];
  return {
    left,
    right,
    bottom,
    top,
    x: (value) => left + (value / Math.max(1, xMax)) * (right - left),
    y: (value) => {
      const kept = Math.max(yMin, Math.min(value, yMax));
      return bottom - ((kept - yMin) / (yMax - yMin)) * (bottom - top);
    },
    ticks: [yMin, (yMin + yMax) / 2, yMax],
  };
}

function drawBand(
  context: CanvasRenderingContext2D,
  line: readonly Column[],
  color: Rgb,
  y: (value: number) => number,
): void {
  context.beginPath();
  for (const { px, least } of line) context.lineTo(px, y(least));
  for (const { px, greatest } of line.toReversed()) context.lineTo(px, y(greatest));
  context.fillStyle = css(color, 0.22);
  context.fill();
}

function drawLine(
  context: CanvasRenderingContext2D,
  line: readonly Column[],
  { color, dashed }: Curve,
  y: (value: number) => number,
): void {
  context.beginPath();
  for (const { px, mean } of line) context.lineTo(px, y(mean));
  context.setLineDash(dashed ? [5, 3] : []);
  context.strokeStyle = css(color);
  context.lineWidth = 1.75;
  context.lineJoin = "round";
  context.stroke();
  context.setLineDash([]);
  const { px, mean } = line[line.length - 1];
  context.beginPath();
  context.arc(px, y(mean), 2.5, 0, 2 * Math.PI);
  context.fillStyle = css(color);
  context.fill();
}

/** Labels stand to the right of their line's end, or above it where there is no room. */
function drawLabels(
  context: CanvasRenderingContext2D,
  labels: Label[],
  { right, top, bottom }: Scale,
  theme: Theme,
): void {
  context.font = `600 11px ${theme.font}`;
  context.textAlign = "left";
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeStyle = css(theme.surface);
  labels.sort((a, b) => a.y - b.y);
  let lowest = -Infinity;
  for (const { x, y, text, color } of labels) {
    const width = context.measureText(text).width;
    const beside = x + 8 + width <= right;
    const wanted = beside ? y : y - LINE_HEIGHT * 0.8;
    // below the label before it, and below its line when there is no room above
    const free = wanted < top + 4 && !beside ? y + LINE_HEIGHT : wanted;
    const at = Math.min(Math.max(free, lowest + LINE_HEIGHT), bottom - 6);
    lowest = at;
    const left = beside ? x + 8 : right - width;
    context.strokeText(text, left, at);
    context.fillStyle = css(color);
    context.fillText(text, left, at);
  }
}

/**
 * The first of 1, 1.2, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten that no finite value exceeds; 1
 * when none is above 0.
 */
function roundAbove(curves: readonly Curve[]): number {
  let greatest = 0;
  for (const { values } of curves)
    for (let i = 0; i < values.length; i++)
      if (values[i] > greatest && values[i] < Infinity) greatest = values[i];
  if (greatest === 0) return 1;
  const power = Number(`1e${Math.floor(Math.log10(greatest))}`);
  const factors = [1, 1.2, 1.5, 2, 3, 4, 5, 6, 8];
  return power * (factors.find((factor) => factor * power >= greatest) ?? 10);
}

type Column = { px: number; mean: number; least: number; greatest: number };

/** The finite values of each pixel column, gathered. */
function columns({ values, at = (i) => i }: Curve, x: (value: number) => number): Column[] {
  const line: Column[] = [];
  let [current, sum, number, least, greatest, place] = [NaN, 0, 0, Infinity, -Infinity, 0];
  const close = (): void => {
    if (number > 0) line.push({ px: place / number, mean: sum / number, least, greatest });
    [sum, number, least, greatest, place] = [0, 0, Infinity, -Infinity, 0];
  };
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    const px = x(at(i));
    if (Math.floor(px) !== current) {
      close();
      current = Math.floor(px);
    }
    sum += value;
    place += px;
    number++;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  close();
  return line;
}

function drawGrid(
  context: CanvasRenderingContext2D,
  { left, right, bottom, y, ticks }: Scale,
  { xMax, tick }: ChartOptions,
  theme: Theme,
): void {
  context.font = `11px ${theme.font}`;
  context.strokeStyle = theme.grid;
  context.fillStyle = theme.muted;
  context.lineWidth = 1;
  context.textAlign = "right";
  for (const value of ticks) {
    const py = Math.round(y(value)) + 0.5;
    context.beginPath();
    context.moveTo(left, py);
    context.lineTo(right, py);
    context.stroke();
    // a number such as 1.2e+245 is condensed
    context.fillText(value === 0 ? "0" : tick(value), left - 6, y(value), left - 6);
  }
  context.textAlign = "left";
  context.fillText("0", left, bottom + 12);
  context.textAlign = "right";
  context.fillText(count(xMax), right, bottom + 12);
}

export const NUMBER = {
  tick: (value: number): string => String(Number(value.toPrecision(3))),
  format: (value: number): string => value.toPrecision(3),
};
export const SHARE = {
  tick: (value: number): string => `${Number((100 * value).toFixed(1))}%`,
  format: (value: number): string => `${(100 * value).toFixed(1)}%`,
};
