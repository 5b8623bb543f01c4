// The regions of the plane that a net with two inputs assigns to each class, with the data on top.
//
// The net is only its `predict`, and the points of the plane are a matrix that X's own takeRows
// makes: this file imports neither nets nor Matrix, and draws every model with a predict.

import { checkCount, checkNames, checkText, checkTexts, wrongType } from "../base/checks.ts";
import { ArgumentRangeError } from "../base/errors.ts";
import { accuracyOf, labelCount } from "../base/metrics.ts";
import { atLeast, checkEachOption, integerIn } from "../base/option-checks.ts";
import { drawAxes, type Plot, plotWithin } from "./axes.ts";
import { drawLegend } from "./legend.ts";
import { checkMatrixLike, columnOf, type MatrixLike } from "./matrix-like.ts";
import { SERIES_COLORS, seriesColor } from "./palette.ts";
import { extent, linearScale, type Scale } from "./scale.ts";
import { element, figure, heading, label, path } from "./svg.ts";
import { formatPercent } from "./text.ts";

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
  X: MatrixLike;
  y: ArrayLike<number>;
  predicted: ArrayLike<number>;
  cells: ArrayLike<number>;
  resolution: number;
  xAxis: Scale;
  yAxis: Scale;
};

const WHERE = "decisionBoundary";

const MAX_POINTS = 2000; // more would hide the regions; of more points every n-th is drawn
const [REGION_DARK, REGION_LIGHT] = [0.3, 0.16]; // opacity: every six classes the colors repeat
// The shapes of points around their center: circle, square, triangle, rhombus, triangle.
const MARKERS = [
  "m-4 0a4 4 0 1 1 8 0a4 4 0 1 1-8 0z",
  "m-3.6-3.6h7.2v7.2h-7.2z",
  "m0-5l4.8 8.6h-9.6z",
  "m0-5.2l5.2 5.2l-5.2 5.2l-5.2-5.2z",
  "m0 5l4.8-8.6h-9.6z",
];

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
  checkEachOption(WHERE, options, {
    title: checkText,
    columns: checkTexts,
    classes: checkNames,
    resolution: integerIn(2, 1000),
    width: atLeast(240),
  });
  if (typeof net?.predict !== "function")
    throw wrongType(WHERE, "net", "an object with a predict method", net);
  checkMatrixLike(WHERE, "X", X);
  checkCount(WHERE, "X", X.cols, 2, "columns");
  const { columns = ["x1", "x2"], classes: given = [], resolution = 120 } = options;
  checkCount(WHERE, "columns", columns.length, 2, "names");
  const known = labelCount(WHERE, "y", y);
  checkCount(WHERE, "y", y.length, X.rows, "labels, one for each row of X");
  const [xAxis, yAxis] = [axisOf(X, 0), axisOf(X, 1)];
  const grid = gridOf(X, resolution, xAxis, yAxis);
  const [cells, predicted] = [predict(net, grid), predict(net, X)];
  const seen = [cells, predicted].map((labels) => labelCount(WHERE, "predict(X)", labels));
  const length = Math.max(known, ...seen);
  const classes = Array.from({ length }, (_, k) => String(given[k] ?? k));
  const plane = { X, y, predicted, cells, resolution, xAxis, yAxis };
  return drawPlane(plane, classes, columns, options);
}

/** An axis over column `j` of X, with a margin on both sides. */
function axisOf(X: MatrixLike, j: number): Scale {
  const range = extent([columnOf(X, j)]);
  if (range === undefined)
    throw new ArgumentRangeError(`${WHERE}: X expected a finite value in column ${j}, got none`);
  const [min, max] = range;
  const margin = (max - min) * 0.08;
  return linearScale(min - margin, max + margin, { count: 6, nice: false });
}

/** The middles of resolution × resolution cells, from the top left of the plane to the right. */
function gridOf<M extends Rows<M>>(X: M, resolution: number, xAxis: Scale, yAxis: Scale): M {
  // as many copies of row 0 as there are cells, which are overwritten below
  const grid = X.takeRows(new Int32Array(resolution * resolution));
  for (let cell = 0; cell < grid.rows; cell++) {
    const [i, j] = [Math.floor(cell / resolution), cell % resolution];
    grid.data[2 * cell] = xAxis.min + ((j + 0.5) / resolution) * (xAxis.max - xAxis.min);
    grid.data[2 * cell + 1] = yAxis.max - ((i + 0.5) / resolution) * (yAxis.max - yAxis.min);
  }
  return grid;
}

function predict<M extends Rows<M>>(
  net: { predict(X: M): ArrayLike<number> },
  points: M,
): ArrayLike<number> {
  const labels = net.predict(points);
  checkCount(WHERE, "predict", labels.length, points.rows, "labels");
  return labels;
}

function drawPlane(
  plane: Plane,
  classes: readonly string[],
  [xName, yName]: readonly [string, string],
  { title = "Decision boundary", width = 560 }: DecisionBoundaryOptions,
): string {
  const stride = Math.ceil(plane.X.rows / MAX_POINTS);
  const summary = summarize(plane, stride);
  const head = heading(title, summary, width);
  const start = head.bottom + 6;
  const layout = { left: 16, right: width - 16, top: start, row: 19, swatch: 16, after: 2 };
  const legend = drawLegend(classes, layout, (k, x, y) => drawPoint(k, x + 6, y + 8));
  const top = legend.bottom + 26;
  const bottom = top + Math.round((width - 72) * 0.75);
  const edges = { left: 16, right: width - 24, top, bottom };
  const plot = plotWithin(edges, plane.yAxis, () => plane.xAxis);
  const description = `${classes.length} classes over ${xName} and ${yName}. ${summary}.`;
  return figure(
    { title, width, height: bottom + 50, description },
    ...head.parts,
    ...legend.parts,
    label(16, top - 10, yName, { maxWidth: width / 2 }),
    drawRegions(plane, classes.length, plot),
    ...drawAxes(plot, xName),
    ...drawPoints(plane, stride, plot),
  );
}

function summarize({ X, y, predicted }: Plane, stride: number): string {
  const share = accuracyOf(y, predicted);
  const rings = share < 1 ? ", wrong ones ringed" : "";
  const drawn = stride > 1 ? `, one in ${stride} drawn` : "";
  const right = Math.round(share * X.rows);
  return `${right} of ${X.rows} points right (${formatPercent(share)})${rings}${drawn}`;
}

/**
 * A path for each class, in units of cells, which keeps the numbers short: each run of cells of the
 * class in a row of cells is a rectangle.
 */
function drawRegions(
  { cells, resolution: n }: Plane,
  classes: number,
  { left, right, top, bottom }: Plot,
): string {
  const paths = new Array<string>(classes).fill("");
  for (let i = 0; i < n; i++) {
    for (let j = 0, end = 0; j < n; j = end) {
      const k = cells[i * n + j];
      while (end < n && cells[i * n + end] === k) end++;
      paths[k] += `M${j} ${i}h${end - j}v1H${j}z`;
    }
  }
  const shapes = paths.map(
    (d, k) =>
      d &&
      element("path", {
        d,
        "fill-opacity": Math.floor(k / SERIES_COLORS) % 2 === 0 ? REGION_DARK : REGION_LIGHT,
        "shape-rendering": "crispEdges",
        fill: seriesColor(k),
      }),
  );
  const scale = `scale(${(right - left) / n} ${(bottom - top) / n})`;
  return element("g", { transform: path`translate(${left} ${top}) ` + scale }, ...shapes);
}

/** The points, and rings around those that are predicted wrong. */
function drawPoints({ X, y, predicted }: Plane, stride: number, plot: Plot): string[] {
  const points: string[] = [];
  for (let i = 0; i < X.rows; i += stride) {
    const [a, b] = [X.data[2 * i], X.data[2 * i + 1]];
    if (!Number.isFinite(a) || !Number.isFinite(b)) continue;
    const [cx, cy] = [plot.x(a), plot.y(b)];
    points.push(drawPoint(y[i], cx, cy));
    if (predicted[i] !== y[i])
      points.push(element("circle", { cx, cy, r: 7, "stroke-width": 1.5, stroke: "ink" }));
  }
  return points;
}

/** A point of class `k`. Shapes differ between classes as colors do. */
function drawPoint(k: number, x: number, y: number): string {
  const shape = MARKERS[(k + Math.floor(k / SERIES_COLORS)) % MARKERS.length];
  return element("path", { d: path`M${x} ${y}` + shape, fill: seriesColor(k), stroke: "surface" });
}
