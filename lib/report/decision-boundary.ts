// The regions of the plane that a net with two inputs assigns to each class, with the data on top.
//
// The net is only its `predict`, and the points of the plane are a matrix that X's own takeRows
// makes: this file imports neither nets nor Matrix, and draws every model with a predict.

import {
  checkFinite,
  checkInteger,
  checkNames,
  checkOptions,
  checkText,
  checkTexts,
  show,
} from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { drawAxes, type Plot } from "./axes.ts";
import { paint, SERIES_COLORS, seriesColor } from "./palette.ts";
import { extent, linearScale, type Scale } from "./scale.ts";
import { coordinate, element, figure, heading, label, SMALL } from "./svg.ts";
import { fitText, formatPercent, printableText, textWidth } from "./text.ts";
import { checkMatrixLike } from "./weight-grid.ts";

/** A matrix of points: its numbers, and a method that returns a matrix of given rows. */
export type Rows<M> = {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float64Array;
  takeRows(indices: ArrayLike<number>): M;
};

/** Options of decisionBoundary. */
export type DecisionBoundaryOptions = {
  title?: string | undefined;
  /** The names of the two inputs. Default: "x1" and "x2". */
  columns?: readonly [string, string] | undefined;
  /** The names of the classes. Default: "0", "1", …. */
  classes?: readonly (string | number)[] | undefined;
  /** The plane is predicted at resolution × resolution points. Default: 120. */
  resolution?: number | undefined;
  /** Width of the drawing in its own units. Default: 560. */
  width?: number | undefined;
};

/** What is drawn: points, their labels and predictions, and the predicted label of each cell. */
type Plane = {
  X: { readonly rows: number; readonly data: Float64Array };
  y: ArrayLike<number>;
  predicted: ArrayLike<number>;
  cells: ArrayLike<number>;
  resolution: number;
  xAxis: Scale;
  yAxis: Scale;
};

const OPTIONS = ["title", "columns", "classes", "resolution", "width"];
const MAX_POINTS = 2000; // more would hide the regions; of more points every n-th is drawn
const [REGION_DARK, REGION_LIGHT] = [0.3, 0.16]; // opacity: every six classes the colors repeat

/**
 * The regions, and the points of X (N, 2) with labels y (N), as an SVG document; points that are
 * predicted wrong have a ring. Throws a TypeError or RangeError unless X has two columns and at
 * least one row, and y a label for each.
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
  checkOptions("decisionBoundary", options, OPTIONS);
  if (typeof net?.predict !== "function") {
    throw new ArgumentTypeError(
      `decisionBoundary: expected a net with a predict method, got ${show(net)}`,
    );
  }
  checkPoints(X, y);
  const { title = "Decision boundary", resolution = 120, width = 560 } = options;
  checkText("decisionBoundary", "title", title);
  checkInteger("decisionBoundary", "resolution", resolution, 2, 1000);
  checkFinite("decisionBoundary", "width", width, 240);
  const { columns = ["x1", "x2"], classes: names = [] } = options;
  checkTexts("decisionBoundary", "columns", columns);
  if (columns.length !== 2)
    throw new ArgumentRangeError(
      `decisionBoundary: columns expected two names, got ${columns.length}`,
    );
  const given = checkNames("decisionBoundary", "classes", names);
  const [xAxis, yAxis] = [0, 1].map((j) => axisOf(X, j));
  const cells = predictGrid(net, X, resolution, xAxis, yAxis);
  const plane = { X, y, predicted: net.predict(X), cells, resolution, xAxis, yAxis };
  const count = classCount(plane);
  const classes = Array.from({ length: count }, (_, k) => printableText(given[k] ?? String(k)));
  return drawPlane(plane, title, classes, columns, width);
}

function checkPoints(X: Rows<unknown>, y: ArrayLike<number>): void {
  checkMatrixLike("decisionBoundary", "X", X);
  if (X.cols !== 2)
    throw new ArgumentRangeError(`decisionBoundary: X expected 2 columns, got ${X.rows}×${X.cols}`);
  if (X.rows === 0)
    throw new ArgumentRangeError("decisionBoundary: X expected at least 1 row, got 0×2");
  if (typeof y !== "object" || y === null || !Number.isSafeInteger(y.length))
    throw new ArgumentTypeError(
      `decisionBoundary: y expected an array of ${X.rows} labels, got ${show(y)}`,
    );
  if (y.length !== X.rows)
    throw new ArgumentRangeError(`decisionBoundary: expected ${X.rows} labels, got ${y.length}`);
}

/** An axis over column `j` of X, with a margin on both sides. */
function axisOf(X: { readonly rows: number; readonly data: Float64Array }, j: number): Scale {
  const range = extent([Float64Array.from({ length: X.rows }, (_, i) => X.data[2 * i + j])]);
  if (range === undefined) {
    throw new ArgumentRangeError(
      "decisionBoundary: X expected finite values in both columns, got none",
    );
  }
  const [min, max] = range;
  const margin = (max - min) * 0.08;
  return linearScale(min - margin, max + margin, { count: 6, nice: false });
}

function classCount({ y, cells, predicted }: Plane): number {
  return (
    1 +
    Math.max(
      checkLabels(y, "label"),
      checkLabels(cells, "predicted label"),
      checkLabels(predicted, "predicted label"),
    )
  );
}

function drawPlane(
  plane: Plane,
  title: string,
  classes: readonly string[],
  [xName, yName]: readonly [string, string],
  width: number,
): string {
  const { xAxis, yAxis } = plane;
  const stride = Math.ceil(plane.X.rows / MAX_POINTS);
  const summary = summarize(plane, stride);
  const head = heading(title, summary, width);
  const legend = drawLegend(classes, width, head.bottom + 6);
  const top = legend.bottom + 26;
  const plot = {
    left: 24 + Math.max(...yAxis.labels.map((text) => textWidth(text, SMALL))),
    right: width - 24,
    top,
    bottom: top + Math.round((width - 72) * 0.75),
  };
  const description = `${classes.length} classes over ${xName} and ${yName}. ${summary}.`;
  return figure(
    { title, width, height: plot.bottom + 50, description },
    head.markup,
    legend.markup,
    label(16, top - 10, yName, { size: SMALL, maxWidth: width / 2 }),
    drawRegions(plane.cells, plane.resolution, classes.length, plot),
    drawAxes(xAxis, yAxis, plot, xName),
    ...drawPoints(plane, stride, plot),
  );
}

function summarize({ X, y, predicted }: Plane, stride: number): string {
  let right = 0;
  for (let i = 0; i < X.rows; i++) if (predicted[i] === y[i]) right++;
  const rings = right < X.rows ? ", wrong ones ringed" : "";
  const drawn = stride > 1 ? `, one in ${stride} drawn` : "";
  return `${right} of ${X.rows} points right (${formatPercent(right / X.rows)})${rings}${drawn}`;
}

function drawPoints(
  { X, y, predicted, xAxis, yAxis }: Plane,
  stride: number,
  { left, right, top, bottom }: Plot,
): string[] {
  const points: string[] = [];
  for (let i = 0; i < X.rows; i += stride) {
    const [a, b] = [X.data[2 * i], X.data[2 * i + 1]];
    if (!Number.isFinite(a) || !Number.isFinite(b)) continue;
    const cx = left + xAxis.at(a) * (right - left);
    const cy = bottom - yAxis.at(b) * (bottom - top);
    points.push(marker(y[i], cx, cy));
    const ring = { cx, cy, r: 7, "stroke-width": 1.5, ...paint({ stroke: "ink" }) };
    if (predicted[i] !== y[i]) points.push(element("circle", ring));
  }
  return points;
}

/** The labels predicted at the centers of resolution × resolution cells, from the top. */
function predictGrid<M extends Rows<M>>(
  net: { predict(X: M): ArrayLike<number> },
  X: M,
  resolution: number,
  xAxis: { min: number; max: number },
  yAxis: { min: number; max: number },
): ArrayLike<number> {
  // as many copies of row 0 as there are cells, which are overwritten below
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

/** The largest label. Throws a TypeError or RangeError unless all are integers in 0..4095. */
function checkLabels(labels: ArrayLike<number>, name: string): number {
  let most = 0;
  for (let i = 0; i < labels.length; i++) {
    checkInteger("decisionBoundary", `${name} ${i}`, labels[i], 0, 4095);
    if (labels[i] > most) most = labels[i];
  }
  return most;
}

/**
 * A path for each class, in units of cells, which keeps the numbers short: each run of cells of the
 * class in a row of cells is a rectangle.
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
  const scale = `${(plot.right - plot.left) / n} ${(plot.bottom - plot.top) / n}`;
  const origin = `${coordinate(plot.left)} ${coordinate(plot.top)}`;
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
  return element("g", { transform: `translate(${origin}) scale(${scale})` }, ...shapes);
}

/** A point of class `k`. Shapes differ between classes as colors do. */
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
