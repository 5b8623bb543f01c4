// A series as an SVG path, with gaps at values that are not finite. A long series has at most four
// points per pixel column (its first, lowest, highest and last), so that every spike is visible.

import { coordinate } from "./svg.ts";

export type Polyline = {
  /** The `d` of a path through the runs of two or more points; "" if there is none. */
  readonly path: string;
  /** Points between two gaps, which a path would not show. */
  readonly dots: readonly (readonly [x: number, y: number])[];
  /** The last point. */
  readonly end: readonly [x: number, y: number] | undefined;
};

type Point = [x: number, y: number];

/**
 * The polyline through the points (xs(i), ys(i)), in pixels, for i < count; NaN in either is a gap.
 * With more than two points per pixel column, gaps narrower than a column are not drawn: they would
 * not be visible.
 */
export function polyline(
  count: number,
  columns: number,
  xs: (i: number) => number,
  ys: (i: number) => number,
): Polyline {
  const isDense = count > 2 * columns;
  const runs: Point[][] = [[]];
  let column: Column | undefined;
  let afterGap = false;
  for (let i = 0; i < count; i++) {
    const point: Point = [xs(i), ys(i)];
    if (Number.isNaN(point[0]) || Number.isNaN(point[1])) {
      afterGap = true;
      continue;
    }
    const pixel = Math.floor(point[0]);
    const isBroken = afterGap && (!isDense || (column !== undefined && pixel - column.pixel > 1));
    afterGap = false;
    if (column !== undefined && column.pixel === pixel && !isBroken) column.add(point);
    else {
      column?.appendTo(runs.at(-1)!);
      if (isBroken) runs.push([]);
      column = new Column(pixel, point);
    }
  }
  column?.appendTo(runs.at(-1)!);
  const points = runs.filter((run) => run.length > 0);
  return {
    path: points
      .filter((run) => run.length > 1)
      .map(pathOf)
      .join(""),
    dots: points.filter((run) => run.length === 1).map(([point]) => point),
    end: points.at(-1)?.at(-1),
  };
}

/** The points of one pixel column, of which the first, lowest, highest and last are kept. */
class Column {
  readonly pixel: number;
  readonly #first: Point;
  #low: Point;
  #high: Point;
  #last: Point;
  #lowIsFirst = true;

  constructor(pixel: number, point: Point) {
    this.pixel = pixel;
    this.#first = this.#low = this.#high = this.#last = point;
  }

  add(point: Point): void {
    if (point[1] < this.#low[1]) [this.#low, this.#lowIsFirst] = [point, false];
    if (point[1] > this.#high[1]) [this.#high, this.#lowIsFirst] = [point, true];
    this.#last = point;
  }

  appendTo(run: Point[]): void {
    const middle = this.#lowIsFirst ? [this.#low, this.#high] : [this.#high, this.#low];
    for (const point of [this.#first, ...middle, this.#last])
      if (run.at(-1) !== point) run.push(point);
  }
}

function pathOf(points: readonly Point[]): string {
  return points
    .map(([x, y], i) => `${i === 0 ? "M" : "L"}${coordinate(x)} ${coordinate(y)}`)
    .join("");
}
