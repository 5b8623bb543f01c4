// Which class a net with two inputs gives to every point of the plane, and the data on top of it.
//
// The net is known only by its `predict`, and the points of the plane are put in a matrix of the
// kind X is, made by X's own takeRows: so this file needs neither the net's module nor Matrix, and
// any model with a predict can be drawn.

import { checkFinite, checkInteger, checkOptions, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { drawAxes, type Plot } from "./axes.ts";
import { paint, SERIES_COLORS, seriesColor } from "./palette.ts";
import { extent, linearScale } from "./scale.ts";
import { coordinate, element, figure, heading, label, SMALL } from "./svg.ts";
import { fitText, formatPercent, printableText, textWidth } from "./text.ts";
import { checkMatrixLike } from "./weight-grid.ts";

/** What X must offer: its numbers, and a way to get a matrix of the same kind with other rows. */
export type Rows<M> = {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
  takeRows(indices: ArrayLike<number>): M;
};

/** How the plane is drawn. */
export type DecisionBoundaryOptions = {
  title?: string;
  /** The names of the two inputs; default "x1" and "x2". */
  columns?: readonly [string, string];
  /** The classes' names; default "0", "1", … */
  classes?: readonly string[];
  /** Asks for resolution × resolution predictions; default 120. */
  resolution?: number;
  /** Width of the drawing in its own units; default 560. */
  width?: number;
};

const MOST_POINTS = 2000; // more would hide the regions; every n-th point is drawn then
// classes whose colors repeat differ in the strength of their region
const [REGION_DARK, REGION_LIGHT] = [0.3, 0.16];

/**
 * The regions and the points of X (N, 2) with labels y (N) as an SVG document; wrong points have a
 * ring. N must be at least 1. Throws TypeError or RangeError for an X of another width or without
 * rows and labels that do not fit.
 * @example
 * const { X, y } = xor();
 * const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 8, outputSize: 2 });
 * console.log(decisionBoundary(net, X, y, { resolution: 30 }).startsWith("<svg")); // true
 */
export function decisionBoundary<M extends Rows<M>>(
  net: { predict(X: M): ArrayLike<number> },
  X: M,
  y: ArrayLike<number>,
  options: DecisionBoundaryOptions = {},
): string {
  checkOptions("decisionBoundary", options, ["title", "columns", "classes", "resolution", "width"]);
  if (typeof net?.predict !== "function")
    throw new ArgumentTypeError(
      `decisionBoundary: expected a net with a predict method, got ${show(net)}`,
    );
  checkMatrixLike("decisionBoundary", "X", X);
  if (X.cols !== 2)
    throw new ArgumentRangeError(`decisionBoundary: X expected 2 columns, got ${X.rows}×${X.cols}`);
  if (X.rows === 0)
    throw new ArgumentRangeError("decisionBoundary: X expected at least 1 row, got 0×2");
  if (y.length !== X.rows)
    throw new ArgumentRangeError(`decisionBoundary: expected ${X.rows} labels, got ${y.length}`);
  const {
    title = "Decision boundary",
    columns = ["x1", "x2"],
    resolution = 120,
    width = 560,
  } = options;
  checkInteger("decisionBoundary", "resolution", resolution, 2, 1000);
  checkFinite("decisionBoundary", "width", width, 240);

  const [xRange, yRange] = [0, 1].map((j) =>
    extent([Float64Array.from({ length: X.rows }, (_, i) => X.data[2 * i + j])]),
  );
  if (!xRange || !yRange)
    throw new ArgumentRangeError(
      "decisionBoundary: X expected finite values in both columns, got none",
    );
  const xAxis = linearScale(...padded(xRange), { count: 6, nice: false });
  const yAxis = linearScale(...padded(yRange), { count: 6, nice: false });
  const region = predictGrid(net, X, resolution, xAxis, yAxis);
  const predicted = net.predict(X);
  const classes =
    1 +
    Math.max(
      checkLabels(y, "label"),
      checkLabels(region, "predicted label"),
      checkLabels(predicted, "predicted label"),
    );
  const names = Array.from({ length: classes }, (_, k) =>
    printableText(options.classes?.[k] ?? String(k)),
  );
  let right = 0;
  for (let i = 0; i < X.rows; i++) if (predicted[i] === y[i]) right++;

  const stride = Math.ceil(X.rows / MOST_POINTS);
  const wrong = X.rows - right;
  const summary = `${right} of ${X.rows} points right (${formatPercent(right / X.rows)})${wrong > 0 ? ", wrong ones ringed" : ""}${stride > 1 ? `, one in ${stride} drawn` : ""}`;
  const head = heading(title, summary, width);
  const legend = drawLegend(names, width, head.bottom + 6);
  const top = legend.bottom + 26;
  const plot = {
    left: 24 + Math.max(...yAxis.labels.map((text) => textWidth(text, SMALL))),
    right: width - 24,
    top,
    bottom: top + Math.round((width - 72) * 0.75),
  };
  const [across, down] = [plot.right - plot.left, plot.bottom - plot.top];
  const points: string[] = [];
  for (let i = 0; i < X.rows; i += stride) {
    const [a, b] = [X.data[2 * i], X.data[2 * i + 1]];
    if (!Number.isFinite(a) || !Number.isFinite(b)) continue;
    const [cx, cy] = [plot.left + xAxis.at(a) * across, plot.bottom - yAxis.at(b) * down];
    points.push(marker(y[i], cx, cy));
    if (predicted[i] !== y[i])
      points.push(
        element("circle", { cx, cy, r: 7, "stroke-width": 1.5, ...paint({ stroke: "ink" }) }),
      );
  }
  return figure(
    {
      title,
      width,
      height: plot.bottom + 50,
      description: `${classes} classes over ${columns[0]} and ${columns[1]}. ${summary}.`,
    },
    head.markup,
    legend.markup,
    label(16, top - 10, columns[1], { size: SMALL, maxWidth: width / 2 }),
    drawRegions(region, resolution, classes, plot),
    drawAxes(xAxis, yAxis, plot, columns[0]),
    ...points,
  );
}

function padded([min, max]: readonly [number, number]): [number, number] {
  const room = (max - min) * 0.08;
  return [min - room, max + room];
}

/**
 * The predicted labels of the centres of resolution × resolution cells, row by row from the top.
 */
function predictGrid<M extends Rows<M>>(
  net: { predict(X: M): ArrayLike<number> },
  X: M,
  resolution: number,
  xAxis: { min: number; max: number },
  yAxis: { min: number; max: number },
): ArrayLike<number> {
  // row 0 as often as there are cells, overwritten below
  const grid = X.takeRows(new Int32Array(resolution * resolution));
  for (let i = 0; i < resolution; i++) {
    for (let j = 0; j < resolution; j++) {
      const at = 2 * (i * resolution + j);
      grid.data[at] = xAxis.min + ((j + 0.5) / resolution) * (xAxis.max - xAxis.min);
      grid.data[at + 1] = yAxis.max - ((i + 0.5) / resolution) * (yAxis.max - yAxis.min);
    }
  }
  const labels = net.predict(grid);
  if (labels.length !== resolution * resolution)
    throw new ArgumentRangeError(
      `decisionBoundary: predict expected ${resolution * resolution} labels, got ${labels.length}`,
    );
  return labels;
}

/** The largest label; throws unless all are integers >= 0 of a reasonable size. */
function checkLabels(labels: ArrayLike<number>, name: string): number {
  let most = 0;
  for (let i = 0; i < labels.length; i++) {
    checkInteger("decisionBoundary", `${name} ${i}`, labels[i], 0, 4095);
    if (labels[i] > most) most = labels[i];
  }
  return most;
}

/**
 * A path for each class: in every row, each run of cells of that class is one rectangle. Units are
 * cells, which keeps the numbers short.
 */
function drawRegions(region: ArrayLike<number>, n: number, classes: number, plot: Plot): string {
  const paths = new Array<string>(classes).fill("");
  for (let i = 0; i < n; i++) {
    for (let j = 0, end = 0; j < n; j = end) {
      const k = region[i * n + j];
      while (end < n && region[i * n + end] === k) end++;
      paths[k] += `M${j} ${i}h${end - j}v1H${j}z`;
    }
  }
  const transform = `translate(${coordinate(plot.left)} ${coordinate(plot.top)}) scale(${(plot.right - plot.left) / n} ${(plot.bottom - plot.top) / n})`;
  const shapes = paths.map((d, k) =>
    d === ""
      ? ""
      : element("path", {
          d,
          "fill-opacity": Math.floor(k / SERIES_COLORS) % 2 === 0 ? REGION_DARK : REGION_LIGHT,
          "shape-rendering": "crispEdges",
          ...paint({ fill: seriesColor(k) }),
        }),
  );
  return element("g", { transform }, ...shapes);
}

/** A point of class `k`: its shape tells the class as well as its color does. */
function marker(k: number, x: number, y: number): string {
  const colors = paint({ fill: seriesColor(k), stroke: "surface" });
  const at = (dx: number, dy: number) => `${coordinate(x + dx)} ${coordinate(y + dy)}`;
  switch ((k + Math.floor(k / SERIES_COLORS)) % 5) {
    case 0:
      return element("circle", { cx: x, cy: y, r: 4, ...colors });
    case 1:
      return element("rect", { x: x - 3.6, y: y - 3.6, width: 7.2, height: 7.2, ...colors });
    case 2:
      return element("path", { d: `M${at(0, -5)}L${at(4.8, 3.6)}L${at(-4.8, 3.6)}z`, ...colors });
    case 3:
      return element("path", {
        d: `M${at(0, -5.2)}L${at(5.2, 0)}L${at(0, 5.2)}L${at(-5.2, 0)}z`,
        ...colors,
      });
    default:
      return element("path", { d: `M${at(0, 5)}L${at(4.8, -3.6)}L${at(-4.8, -3.6)}z`, ...colors });
  }
}

function drawLegend(
  names: readonly string[],
  width: number,
  top: number,
): { markup: string; bottom: number } {
  const parts: string[] = [];
  let [x, y] = [16, top];
  for (const [k, name] of names.entries()) {
    const text = fitText(name, SMALL, Math.min(200, width - 60));
    const needed = 18 + textWidth(text, SMALL);
    if (x > 16 && x + needed > width - 16) [x, y] = [16, y + 19];
    parts.push(marker(k, x + 6, y + 8), label(x + 16, y + 12, text, { size: SMALL, color: "ink" }));
    x += needed + 12;
  }
  return { markup: parts.join("\n"), bottom: y + 19 };
}
