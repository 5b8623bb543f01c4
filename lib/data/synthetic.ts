// Small two-dimensional data sets to watch a net learn on: seeded, drawn from Random and
// base/elementary alone, so that they are the same bits in every engine. Row i belongs to class i
// mod C, so that every beginning is balanced.

import type { NewInt32Array } from "../base/arrays.ts";
import { checkFinite, checkInteger, checkOptions } from "../base/checks.ts";
import { sinPi } from "../base/elementary.ts";
import { checkRandom, Random } from "../base/random.ts";
import { Matrix } from "../matrix/matrix.ts";

/** How many points, how far from where they belong, and which. */
export type SyntheticOptions = {
  /** Number of rows; default 200. */
  count?: number | undefined;
  /**
   * Standard deviation of the normal noise on each coordinate (spiral: on the angle, in radians);
   * each function has its default.
   */
  noise?: number | undefined;
  /** Default `new Random(0)`: the same points every time. */
  random?: Random | undefined;
};

/** The same, and in how many classes. */
export type ClassesOptions = SyntheticOptions & {
  /** Number of classes; default 3. */
  classes?: number | undefined;
};

/** X (count, 2) and y (count), classes 0..C−1. */
export type Points = { X: Matrix; y: NewInt32Array };

/**
 * Two half circles of radius 1, each with one end inside the other; noise 0.1. X (count, 2), y
 * (count) in 0..1. Throws a TypeError or RangeError for options out of range; so do the four below.
 * @example
 * const { X, y } = twoMoons({ count: 100 });
 * console.log(X.rows, X.cols, Math.max(...y)); // 100 2 1
 */
export function twoMoons(options: SyntheticOptions = {}): Points {
  return points("twoMoons", options, 2, 0.1, ({ c, share }) =>
    c === 0 ? [cosPi(share), sinPi(share)] : [1 - cosPi(share), 0.5 - sinPi(share)],
  );
}

/**
 * A circle of radius 1 around one of radius 1/2; noise 0.1. Throws as `twoMoons`.
 * @example
 * console.log(circles({ count: 4, noise: 0 }).y.join()); // 0,1,0,1
 */
export function circles(options: SyntheticOptions = {}): Points {
  return points("circles", options, 2, 0.1, ({ c, share, n }) => {
    const angle = (2 * share * (n - 1)) / n; // the last point is not the first one again
    const radius = c === 0 ? 1 : 0.5;
    return [radius * cosPi(angle), radius * sinPi(angle)];
  });
}

/**
 * Arms of 4 radians that run from the middle outwards, one for each class: as in the toy data of
 * the CS231n notes (https://cs231n.github.io/neural-networks-case-study), arms evenly spread. The
 * noise, 0.2, is on the angle. Throws as `twoMoons`.
 * @example
 * console.log(spiral({ count: 6, classes: 3 }).y.join()); // 0,1,2,0,1,2
 */
export function spiral(options: ClassesOptions = {}): Points {
  const { noise = 0.2, classes = 3, ...rest } = checkClasses("spiral", options);
  checkFinite("spiral", "noise", noise, 0);
  const turn = 4 / Math.PI; // angles are in units of π
  return points("spiral", rest, classes, 0, ({ c, share, normal }) => {
    const angle = (c * 2) / classes + share * turn + (normal * noise) / Math.PI;
    return [share * sinPi(angle), share * cosPi(angle)];
  });
}

/**
 * The square −1..1, class 1 where the coordinates have different signs; noise 0, and what there is
 * moves points across the axes. Throws as `twoMoons`.
 * @example
 * const { X, y } = xor({ count: 50 });
 * console.log(y.every((label, i) => label === +(X.get(i, 0) * X.get(i, 1) < 0))); // true
 */
export function xor(options: SyntheticOptions = {}): Points {
  return points("xor", options, 2, 0, ({ c, u, v }) => {
    const x = 2 * u - 1;
    const size = 1 - v; // in (0, 1]
    return [x, x < 0 === (c === 0) ? -size : size];
  });
}

/**
 * Round clouds around centres spread evenly on a circle of radius 2; noise 0.5 is their standard
 * deviation. Throws as `twoMoons`.
 * @example
 * const { X } = blobs({ count: 4, classes: 4, noise: 0 });
 * console.log(JSON.stringify(X.map((v) => Math.round(v)).toRows())); // [[2,0],[0,2],[-2,0],[0,-2]]
 */
export function blobs(options: ClassesOptions = {}): Points {
  const { classes = 3, ...rest } = checkClasses("blobs", options);
  return points("blobs", rest, classes, 0.5, ({ c }) => [
    2 * cosPi((2 * c) / classes),
    2 * sinPi((2 * c) / classes),
  ]);
}

/**
 * What a point's place may depend on: its class c, its share 0..1 of the way along the class's n
 * points, and chance.
 */
type Draw = { c: number; share: number; n: number; normal: number; u: number; v: number };

/** One point for each row, where `place` says and with the noise added. */
function points(
  where: string,
  options: SyntheticOptions,
  classes: number,
  defaultNoise: number,
  place: (draw: Draw) => [number, number],
): Points {
  checkOptions(where, options, ["count", "noise", "random"]);
  const { count = 200, noise = defaultNoise, random = new Random(0) } = options;
  checkInteger(where, "count", count, 0);
  checkFinite(where, "noise", noise, 0);
  checkRandom(where, random);
  const uniforms = random.uniform(2 * count);
  const normals = random.normal(3 * count);
  const X = new Matrix(count, 2);
  const y = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const c = i % classes;
    const n = Math.ceil((count - c) / classes);
    const share = n === 1 ? 0 : Math.floor(i / classes) / (n - 1);
    const [px, py] = place({
      c,
      share,
      n,
      normal: normals[3 * i],
      u: uniforms[2 * i],
      v: uniforms[2 * i + 1],
    });
    X.data[2 * i] = px + noise * normals[3 * i + 1];
    X.data[2 * i + 1] = py + noise * normals[3 * i + 2];
    y[i] = c;
  }
  return { X, y };
}

function checkClasses(where: string, options: ClassesOptions): ClassesOptions {
  checkOptions(where, options, ["count", "noise", "random", "classes"]);
  if (options.classes !== undefined) checkInteger(where, "classes", options.classes, 1);
  return options;
}

/** cos(π·v) */
function cosPi(v: number): number {
  return sinPi(v + 0.5);
}
