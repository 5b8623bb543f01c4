// The series of a line chart and its options, and the chart in words for screen readers.

import { counted } from "../base/counted.ts";
import { extent } from "./scale.ts";
import { valueText } from "./text.ts";

/** A line of the chart. */
export type Series = {
  name: string;
  y: ArrayLike<number>;
  /** The x of each value. Default: `xStart`, `xStart` + 1, …. */
  x?: ArrayLike<number> | undefined;
  /** Draws a pale background line without an end label. Default: false. */
  faint?: boolean | undefined;
};

/** Options of lineChart. */
export type LineChartOptions = {
  title?: string | undefined;
  /** What a screen reader says after the title. Default: a summary of the series. */
  description?: string | undefined;
  xLabel?: string | undefined;
  yLabel?: string | undefined;
  /** Default: "linear". On a logarithmic axis values that are not positive are gaps. */
  yScale?: "linear" | "log" | undefined;
  /** Writes y, which are fractions, as percentages. Default: false. */
  percent?: boolean | undefined;
  /** The y axis does not extend beyond these. Default: no limits. */
  yLimits?: readonly [min: number, max: number] | undefined;
  /** The x of the first value of a series without x. Default: 0. */
  xStart?: number | undefined;
  /**
   * Width and height of the drawing in its own units. Defaults: 600 and 320. In a narrower page it
   * shrinks to the width of the page.
   */
  width?: number | undefined;
  height?: number | undefined;
};

/** The number of values that a line cannot show: not finite, or not positive on a log axis. */
export function countGaps(y: ArrayLike<number>, log: boolean): number {
  let gaps = 0;
  for (let i = 0; i < y.length; i++) if (!Number.isFinite(y[i]) || (log && y[i] <= 0)) gaps++;
  return gaps;
}

/** The chart in words: its axes, and the range of each series. */
export function describe(series: readonly Series[], options: LineChartOptions): string {
  const { xLabel, yLabel } = options;
  const parts = series.map((each) => describeSeries(each, options));
  return [
    xLabel && `x axis: ${xLabel}`,
    yLabel && `y axis: ${yLabel}`,
    ...(parts.length > 0 ? parts : ["no data"]),
  ]
    .filter(Boolean)
    .map((part) => `${part}.`)
    .join(" ");
}

function describeSeries({ name, y }: Series, { percent, yScale }: LineChartOptions): string {
  const range = extent([y]);
  if (y.length === 0) return `${name}: no values`;
  if (!range) return `${name}: ${y.length} values, none finite`;
  const gaps = countGaps(y, yScale === "log");
  const [first, last, lowest, highest] = [y[0], y[y.length - 1], ...range].map((value) =>
    valueText(value, percent),
  );
  return (
    `${name}: ${counted(y.length, "value")}, first ${first}, last ${last}, lowest ${lowest}, ` +
    `highest ${highest}${gaps > 0 ? `, ${gaps} not drawn` : ""}`
  );
}
