// How a series becomes a path: gaps where a value is not finite, and at most four points per pixel
// column however long the series is (the first, the lowest, the highest and the last of the
// column), so that no spike is ever lost.

import { coordinate } from "./svg.ts";

export type Polyline = {
  /** The `d` of a path through the runs of two or more points; "" when there is none. */
  readonly path: string;
  /** Points with a gap on both sides, which a path would not show. */
  readonly dots: readonly (readonly [x: number, y: number])[];
  /** The last point drawn. */
  readonly end: readonly [x: number, y: number] | undefined;
};

type Point = [x: number, y: number];

/**
 * The polyline through (xs[i], ys[i]) in pixels, i < count; NaN in either breaks the line. A gap
 * narrower than a pixel column of a long series (over two points per column) is not drawn: nobody
 * could see it.
 */
export function polyline(
  count: number,
  columns: number,
  xs: (i: number) => number,
  ys: (i: number) => number,
): Polyline {
  const runs: Point[][] = [];
  const dense = count > 2 * columns;
  let run: Point[] = [];
  let broken = false;
  let column = NaN;
  let first: Point | undefined, low: Point, high: Point, last: Point; // of the current column
  let order: 1 | -1 = 1; // 1 when the lowest came before the highest

  const flush = () => {
    if (!first) return;
    for (const point of order === 1 ? [first, low, high, last] : [first, high, low, last]) {
      if (run.at(-1) !== point) run.push(point);
    }
    first = undefined;
  };

  for (let i = 0; i < count; i++) {
    const point: Point = [xs(i), ys(i)];
    if (Number.isNaN(point[0]) || Number.isNaN(point[1])) {
      broken = true;
      continue;
    }
    const here = Math.floor(point[0]);
    if (broken && (!dense || here - column > 1)) {
      flush();
      if (run.length > 0) runs.push(run);
      run = [];
    }
    broken = false;
    if (first && here === column) {
      if (point[1] < low![1]) [low, order] = [point, -1];
      if (point[1] > high![1]) [high, order] = [point, 1];
      last = point;
    } else {
      flush();
      column = here;
      first = low = high = last = point;
      order = 1;
    }
  }
  flush();
  if (run.length > 0) runs.push(run);

  const dots = runs.filter((points) => points.length === 1).map((points) => points[0]);
  const path = runs
    .filter((points) => points.length > 1)
    .map(draw)
    .join("");
  return { path, dots, end: runs.at(-1)?.at(-1) };
}

function draw(points: Point[]): string {
  return points
    .map(([x, y], i) => `${i === 0 ? "M" : "L"}${coordinate(x)} ${coordinate(y)}`)
    .join("");
}
