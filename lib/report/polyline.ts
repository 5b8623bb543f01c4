// A series as an SVG path, with gaps at values that are not finite. A long series has at most four
// points per pixel column (its first, lowest, highest and last), so that every spike is visible.

import type { Plot } from "./axes.ts";
import { path } from "./svg.ts";

export type Polyline = {
  /** The `d` of a path through the runs of two or more points; "" if there is none. */
  readonly path: string;
  /** Points between two gaps, which a path would not show. */
  readonly dots: readonly Point[];
  /** The last point. */
  readonly end: Point | undefined;
};

type Point = readonly [x: number, y: number];

/**
 * The polyline through the points (xs[i], ys[i]) in the plot, in pixels. A number that is not
 * finite or has no place is a gap. With more than two points per pixel column, gaps narrower than a
 * column are not drawn: they would not be visible.
 */
export function polyline(
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
  { left, right, x, y }: Pick<Plot, "left" | "right" | "x" | "y">,
): Polyline {
  const isDense = ys.length > 2 * (right - left);
  const runs: Point[][] = [];
  let column: Point[] = [];
  let pixel = -Infinity; // where the column is
  let afterGap = true;
  const endColumn = (): unknown => runs.at(-1)?.push(...outline(column));
  for (let i = 0; i < ys.length; i++) {
    const point: Point = [x(xs[i]), y(ys[i])];
    if (!Number.isFinite(xs[i]) || !Number.isFinite(ys[i]) || Number.isNaN(point[1])) {
      afterGap = true;
      continue;
    }
    const before = pixel;
    pixel = Math.floor(point[0]);
    const isBroken = afterGap && !(isDense && pixel - before <= 1);
    afterGap = false;
    if (pixel === before && !isBroken) column.push(point);
    else {
      endColumn();
      if (isBroken) runs.push([]);
      column = [point];
    }
  }
  endColumn();
  return {
    path: runs.map(pathOf).join(""),
    dots: runs.filter((points) => points.length === 1).map(([point]) => point),
    end: runs.at(-1)?.at(-1),
  };
}

/** The first, lowest, highest and last of the points of a column, in their order. */
function outline(points: readonly Point[]): Point[] {
  let [low, high] = [0, 0];
  for (let i = 1; i < points.length; i++) {
    if (points[i][1] < points[low][1]) low = i;
    if (points[i][1] > points[high][1]) high = i;
  }
  const kept = [0, Math.min(low, high), Math.max(low, high), points.length - 1];
  return [...new Set(kept)].map((i) => points[i]);
}

function pathOf(points: readonly Point[]): string {
  if (points.length === 1) return "";
  return points.map(([x, y], i) => (i === 0 ? "M" : "L") + path`${x} ${y}`).join("");
}
