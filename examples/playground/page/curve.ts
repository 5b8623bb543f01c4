// A line that grows while one looks: a small canvas chart that never skips a spike. Figures to keep
// are drawn by the library's own SVG charts; this one is redrawn sixty times a second.

import { css, type Rgb, type Theme } from "./theme.ts";

export type Curve = {
  values: ArrayLike<number>;
  /** Where values[i] lies on the x axis; default i. */
  at?: (i: number) => number;
  color: Rgb;
  label?: string;
  dashed?: boolean;
};

const BOTTOM = 20; // pixels below the plot for the x axis
const LEFT = 40; // pixels for the y axis
// pixels at the right for the labels of the lines, the same in every chart so that they align
const LABELS = 112;

/**
 * Curves over 0..xMax and 0..yMax (default: a round number above the greatest value). Where there
 * are more values than pixels, the range of each pixel's values is a pale band and their mean the
 * line.
 */
export function drawCurves(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  curves: readonly Curve[],
  options: {
    xMax: number;
    yMax?: number;
    tick: (value: number) => string;
    format: (value: number) => string;
  },
  theme: Theme,
): void {
  const yMax = options.yMax ?? roundAbove(curves);
  const [right, bottom, top] = [width - LABELS, height - BOTTOM, 8];
  const x = (value: number): number => LEFT + (value / Math.max(1, options.xMax)) * (right - LEFT);
  const y = (value: number): number => bottom - (Math.min(value, yMax) / yMax) * (bottom - top);
  context.font = `11px ${theme.font}`;
  context.textBaseline = "middle";
  drawGrid(
    context,
    { left: LEFT, right, bottom, y, yMax, xMax: options.xMax, tick: options.tick },
    theme,
  );

  const labels: { at: number; text: string; color: Rgb }[] = [];
  for (const { values, at = (i: number) => i, color, label, dashed } of curves) {
    const line = columns(values, at, x);
    if (line.length === 0) continue;
    context.beginPath();
    for (const { px, least } of line) context.lineTo(px, y(least));
    for (const { px, greatest } of line.toReversed()) context.lineTo(px, y(greatest));
    context.fillStyle = css(color, 0.22);
    context.fill();
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
    labels.push({
      at: y(mean),
      text: `${label ? `${label} ` : ""}${options.format(mean)}`,
      color,
    });
  }
  labels.sort((a, b) => a.at - b.at);
  for (let i = 1; i < labels.length; i++)
    labels[i].at = Math.max(labels[i].at, labels[i - 1].at + 14);
  const excess = labels.length > 0 ? Math.max(0, labels[labels.length - 1].at - bottom + 4) : 0;
  context.textAlign = "left";
  context.font = `600 11px ${theme.font}`;
  for (const { at, text, color } of labels) {
    context.fillStyle = css(color);
    context.fillText(text, right + 6, at - excess);
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
  return (
    power * ([1, 1.2, 1.5, 2, 3, 4, 5, 6, 8].find((factor) => factor * power >= greatest) ?? 10)
  );
}

type Column = { px: number; mean: number; least: number; greatest: number };

/** The finite values of each pixel column, gathered. */
function columns(
  values: ArrayLike<number>,
  at: (i: number) => number,
  x: (value: number) => number,
): Column[] {
  const line: Column[] = [];
  let [current, sum, count, least, greatest, place] = [NaN, 0, 0, Infinity, -Infinity, 0];
  const close = (): void => {
    if (count > 0) line.push({ px: place / count, mean: sum / count, least, greatest });
    [sum, count, least, greatest, place] = [0, 0, Infinity, -Infinity, 0];
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
    count++;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  close();
  return line;
}

function drawGrid(
  context: CanvasRenderingContext2D,
  {
    left,
    right,
    bottom,
    y,
    yMax,
    xMax,
    tick,
  }: {
    left: number;
    right: number;
    bottom: number;
    y: (value: number) => number;
    yMax: number;
    xMax: number;
    tick: (value: number) => string;
  },
  theme: Theme,
): void {
  context.strokeStyle = theme.grid;
  context.fillStyle = theme.muted;
  context.lineWidth = 1;
  context.textAlign = "right";
  for (const value of [0, yMax / 2, yMax]) {
    const py = Math.round(y(value)) + 0.5;
    context.beginPath();
    context.moveTo(left, py);
    context.lineTo(right, py);
    context.stroke();
    // 1.2e+245 is condensed
    context.fillText(value === 0 ? "0" : tick(value), left - 6, y(value), left - 6);
  }
  context.textAlign = "left";
  context.fillText("0", left, bottom + 12);
  context.textAlign = "right";
  context.fillText(xMax.toLocaleString("en"), right, bottom + 12);
}

export const NUMBER = {
  tick: (value: number): string => String(Number(value.toPrecision(3))),
  format: (value: number): string => value.toPrecision(3),
};
export const SHARE = {
  tick: (value: number): string => `${100 * value}%`,
  format: (value: number): string => `${(100 * value).toFixed(1)}%`,
};
