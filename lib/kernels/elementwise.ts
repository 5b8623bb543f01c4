// Kernels over whole arrays, element by element, and sums of all elements. With a `workspace`, all
// arrays of a call lie in it.
//
// Nanoseconds per element in cache, Node 20 / 24, from `npm run bench -- kernels`. Most of a loop's
// time is V8's bounds checks and loop bookkeeping, so eight elements a turn are faster on Node 20;
// on Node 24 the plain loop is as fast (addScaled 1.4 / 0.73 plain, 0.75 / 0.77 here). What no
// training needs is in arithmetic.ts and functions.ts.

import { callOnParts, forEachPart } from "./in-parts.ts";
import { PARALLEL_ELEMENTS, WASM_MIN_LENGTH } from "./sizes.ts";
import { UNROLL } from "./wasm/emit-vector.ts";
import type { Workspace } from "./wasm/workspace.ts";

/** out = s·a */
export function scale(a: Float64Array, s: number, out: Float64Array, workspace?: Workspace): void {
  let i = 0;
  if (workspace !== undefined && a.length >= WASM_MIN_LENGTH) {
    i = a.length - (a.length % UNROLL);
    callOnParts(workspace, "scale", [a, out], i, [s]);
  }
  for (; i < a.length; i++) out[i] = a[i] * s;
}

/** out = a + s·b, rounded after the product and after the sum. */
export function addScaled(
  a: Float64Array,
  b: Float64Array,
  s: number,
  out: Float64Array,
  workspace?: Workspace,
): void {
  const n = a.length;
  let i = 0;
  if (workspace !== undefined && n >= WASM_MIN_LENGTH) {
    i = n - (n % UNROLL);
    callOnParts(workspace, "addScaled", [a, b, out], i, [s]);
  }
  for (; i < n - 7; i += 8) {
    out[i] = a[i] + s * b[i];
    out[i + 1] = a[i + 1] + s * b[i + 1];
    out[i + 2] = a[i + 2] + s * b[i + 2];
    out[i + 3] = a[i + 3] + s * b[i + 3];
    out[i + 4] = a[i + 4] + s * b[i + 4];
    out[i + 5] = a[i + 5] + s * b[i + 5];
    out[i + 6] = a[i + 6] + s * b[i + 6];
    out[i + 7] = a[i + 7] + s * b[i + 7];
  }
  for (; i < n; i++) out[i] = a[i] + s * b[i];
}

// A branch on a random sign costs 4 to 5 ns in mispredictions, and so does Math.max. So the choice
// is an address: the second of two cells holds the value, the first always 0. Cheaper arithmetic,
// (v + |v|)/2 or v·(v > 0), turns −∞ into NaN.
const zeroOrValue = new Float64Array(2);

/**
 * out = max(a, 0) as NumPy's maximum: NaN stays NaN; −0 becomes +0. 1.5 / 0.97 (plain loop 5.1 /
 * 4.3)
 */
export function relu(a: Float64Array, out: Float64Array): void {
  const choice = zeroOrValue;
  for (let i = 0; i < a.length; i = (i + 1) | 0) {
    const v = a[i];
    choice[1] = v;
    out[i] = choice[+!(v <= 0)];
  }
}

/**
 * out = 1 where a > 0, else 0 (also where a is NaN). 1.4 / 0.97 (plain loop, which branches, 4.6 /
 * 4.3)
 */
export function reluMask(a: Float64Array, out: Float64Array): void {
  for (let i = 0; i < a.length; i = (i + 1) | 0) out[i] = +(a[i] > 0);
}

/**
 * Σ a over all elements, in reference.sum's four running sums. 0.36 / 0.32 (in a single one 0.48 /
 * 0.48)
 */
export function sum(a: Float64Array): number {
  const n = a.length;
  let p = 0;
  let q = 0;
  let r = 0;
  let s = 0;
  let i = 0;
  for (; i < n - 3; i += 4) {
    p += a[i];
    q += a[i + 1];
    r += a[i + 2];
    s += a[i + 3];
  }
  if (i < n) p += a[i];
  if (i + 1 < n) q += a[i + 1];
  if (i + 2 < n) r += a[i + 2];
  return p + q + (r + s);
}

/**
 * Σ a² over all elements, the L2 penalty, in the order of sum. 0.42 / 0.36 (plain loop 1.3 / 0.98)
 */
export function sumOfSquares(a: Float64Array, workspace?: Workspace): number {
  const n = a.length;
  let p = 0;
  let q = 0;
  let r = 0;
  let s = 0;
  let i = 0;
  if (workspace !== undefined && n >= WASM_MIN_LENGTH) {
    const { doubles, kernels, map } = workspace.engine;
    const at = map.scalars / 8;
    doubles.fill(0, at, at + 4);
    i = n - (n % UNROLL);
    kernels.squares(a.byteOffset, 8 * i, map.scalars);
    [p, q, r, s] = doubles.subarray(at, at + 4);
  }
  for (; i < n - 3; i += 4) {
    const v = a[i];
    const w = a[i + 1];
    const x = a[i + 2];
    const y = a[i + 3];
    p += v * v;
    q += w * w;
    r += x * x;
    s += y * y;
  }
  if (i < n) p += a[i] * a[i];
  if (i + 1 < n) q += a[i + 1] * a[i + 1];
  if (i + 2 < n) r += a[i + 2] * a[i + 2];
  return p + q + (r + s);
}

/**
 * The L2 penalty and its gradient: da = da + s·a as addScaled does; returns the sum of a² as
 * sumOfSquares does. 0.84 / 0.68 (apart 1.2 / 1.1), in a workspace 0.32
 */
export function regularize(
  a: Float64Array,
  s: number,
  da: Float64Array,
  workspace?: Workspace,
): number {
  const n = a.length;
  const whole = n - (n % UNROLL);
  const sums = fourSums;
  sums.fill(0);
  if (workspace !== undefined && n >= WASM_MIN_LENGTH) {
    regularizeResident(workspace, whole, a.byteOffset, s, da.byteOffset, sums);
  } else {
    regularizeWhole(whole, a, s, da, sums);
  }
  for (let i = whole; i < n; i++) {
    const v = a[i];
    da[i] += s * v;
    sums[i - whole] += v * v;
  }
  return sums[0] + sums[1] + (sums[2] + sums[3]);
}

const fourSums = new Float64Array(4);

/** regularize of the first `whole` elements at two addresses; adds to the four running sums. */
function regularizeResident(
  workspace: Workspace,
  whole: number,
  a: number,
  s: number,
  da: number,
  sums: Float64Array,
): void {
  const { engine, executor } = workspace;
  const { doubles, kernels, map } = engine;
  const [factor, total] = [map.scalars, map.scalars + 64];
  doubles[factor / 8] = s;
  doubles.fill(0, total / 8, total / 8 + 4);
  if (executor === undefined || whole < PARALLEL_ELEMENTS) {
    kernels.regularize(a, da, 8 * whole, factor, total);
  } else {
    executor.begin();
    executor.call("squares", a, 8 * whole, total); // in one task: the order of the sums is given
    executor.endTask();
    forEachPart(whole, executor.threads, (start, length) => {
      const at = 8 * start;
      executor.call("addScaled", da + at, a + at, da + at, 8 * length, factor);
      executor.endTask();
    });
    executor.finish();
  }
  for (let q = 0; q < 4; q++) sums[q] = doubles[total / 8 + q];
}

/** regularize of the first `whole` elements, a multiple of four; adds to the four running sums. */
function regularizeWhole(
  whole: number,
  a: Float64Array,
  s: number,
  da: Float64Array,
  sums: Float64Array,
): void {
  let p = 0;
  let q = 0;
  let r = 0;
  let t = 0;
  for (let i = 0; i < whole; i += 4) {
    const v = a[i];
    const w = a[i + 1];
    const x = a[i + 2];
    const y = a[i + 3];
    da[i] += s * v;
    da[i + 1] += s * w;
    da[i + 2] += s * x;
    da[i + 3] += s * y;
    p += v * v;
    q += w * w;
    r += x * x;
    t += y * y;
  }
  sums[0] = p;
  sums[1] = q;
  sums[2] = r;
  sums[3] = t;
}

/**
 * True when no element is NaN or infinite: 0·a is a zero for every other number. 0.45 / 0.42 (plain
 * loop 1.2 / 0.86)
 */
export function allFinite(a: Float64Array, workspace?: Workspace): boolean {
  const n = a.length;
  let i = 0;
  if (workspace !== undefined && n >= WASM_MIN_LENGTH) {
    i = n - (n % UNROLL);
    if (!isFiniteResident(workspace, a.byteOffset, i)) return false;
  }
  for (; i < n - 3; i += 4) {
    if (a[i] * 0 + a[i + 1] * 0 + a[i + 2] * 0 + a[i + 3] * 0 !== 0) return false;
  }
  for (; i < n; i++) {
    if (a[i] * 0 !== 0) return false;
  }
  return true;
}

/** allFinite of the first n elements, a multiple of UNROLL, at an address. */
function isFiniteResident({ engine, executor }: Workspace, a: number, n: number): boolean {
  const { doubles, kernels, map } = engine;
  let count = 1; // of pairs of results
  if (executor === undefined || n < PARALLEL_ELEMENTS) {
    kernels.nonFinite(a, 8 * n, map.scalars);
  } else {
    executor.begin();
    forEachPart(n, executor.threads, (start, length, index) => {
      executor.call("nonFinite", a + 8 * start, 8 * length, map.scalars + 16 * index);
      executor.endTask();
      count = index + 1;
    });
    executor.finish();
  }
  for (let r = map.scalars / 8; r < map.scalars / 8 + 2 * count; r++)
    if (doubles[r] !== 0) return false;
  return true;
}
