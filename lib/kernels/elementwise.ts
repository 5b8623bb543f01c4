// Element by element over whole arrays, and what a whole array adds up to.
//
// Nanoseconds per element in cache, Node 20 / 24, from `npm run bench -- kernels`. Most of a loop's time is V8's bounds
// checks and loop bookkeeping, so eight elements a turn pay on Node 20; on Node 24 the plain loop is as fast
// (addScaled 1.4 / 0.73 plain, 0.75 / 0.77 here). `add`, `sub`, `mul` and `scale` are on no hot path and stay plain.

import { PIECE, SHORT } from "./params.ts";
import { addressOf, holder } from "./scratch.ts";
import { TURN } from "./vector.ts";

export { add, mul, scale, sub } from "./reference.ts";

/** out = a + s·b, rounded after the product and after the sum. */
export function addScaled(a: Float64Array, b: Float64Array, s: number, out: Float64Array): void {
  const n = a.length;
  let i = n < SHORT ? 0 : addScaledScratch(a, b, s, out);
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

// A branch on a random sign costs 4 to 5 ns in mispredictions, and so does Math.max. So the choice is an address: the
// second of two cells holds the value, the first always 0. Cheaper arithmetic, (v + |v|)/2 or v·(v > 0), turns −∞ into NaN.
const zeroOrValue = new Float64Array(2);

/** out = max(a, 0) as NumPy's maximum: NaN stays NaN; −0 becomes +0. 1.5 / 0.97 (plain loop 5.1 / 4.3) */
export function relu(a: Float64Array, out: Float64Array): void {
  const choice = zeroOrValue;
  for (let i = 0; i < a.length; i++) {
    const v = a[i];
    choice[1] = v;
    out[i] = choice[+!(v <= 0)];
  }
}

/** out = 1 where a > 0, else 0 (also where a is NaN). 1.4 / 0.97 (plain loop, which branches, 4.6 / 4.3) */
export function reluMask(a: Float64Array, out: Float64Array): void {
  for (let i = 0; i < a.length; i++) out[i] = +(a[i] > 0);
}

/** addScaled where b lies in scratch memory; a passes through WebAssembly in pieces. Returns how many elements are done. */
function addScaledScratch(a: Float64Array, b: Float64Array, s: number, out: Float64Array): number {
  const crew = holder(b);
  if (crew === undefined) return 0;
  const { doubles, kernels, map } = crew;
  const piece = map.slabs[0];
  const whole = a.length - a.length % TURN;
  for (let i = 0; i < whole; i += PIECE) {
    const n = Math.min(PIECE, whole - i);
    doubles.set(n === a.length ? a : a.subarray(i, i + n), piece / 8); // a view less is garbage less
    kernels.addScaled(piece, addressOf(crew, b) + 8 * i, piece, 8 * n, s);
    out.set(doubles.subarray(piece / 8, piece / 8 + n), i);
  }
  return whole;
}

// The sums keep the order of the elements, so one addition waits for the one before: 0.5 ns is the floor.

/** ((0 + a0) + a1) + … over all elements. 0.48 / 0.48 (plain loop 0.72 / 0.48) */
export function sum(a: Float64Array): number {
  const n = a.length;
  let total = 0;
  let i = 0;
  for (; i < n - 3; i += 4) total = total + a[i] + a[i + 1] + a[i + 2] + a[i + 3];
  for (; i < n; i++) total += a[i];
  return total;
}

/** ((0 + a0²) + a1²) + … over all elements: the L2 penalty. 0.60 / 0.60 (plain loop 0.72 / 0.54) */
export function sumOfSquares(a: Float64Array): number {
  const n = a.length;
  let total = 0;
  let i = 0;
  for (; i < n - 3; i += 4) {
    const v = a[i];
    const w = a[i + 1];
    const x = a[i + 2];
    const y = a[i + 3];
    total = total + v * v + w * w + x * x + y * y;
  }
  for (; i < n; i++) total += a[i] * a[i];
  return total;
}

/** The L2 penalty and its gradient: da = da + s·a as addScaled does; returns the sum of a² as sumOfSquares does. 0.9 / 0.85 (apart 1.9 / 1.3) */
export function regularize(a: Float64Array, s: number, da: Float64Array): number {
  const n = a.length;
  let total = 0;
  let i = 0;
  const crew = n < SHORT ? undefined : holder(da);
  if (crew !== undefined) { // da lies in scratch memory; a is shown to WebAssembly in pieces
    const { doubles, kernels, map } = crew;
    const piece = map.slabs[0];
    for (const whole = n - n % TURN; i < whole;) {
      const count = Math.min(PIECE, whole - i);
      doubles.set(count === n ? a : a.subarray(i, i + count), piece / 8);
      total = kernels.regularize(piece, addressOf(crew, da) + 8 * i, 8 * count, s, total);
      i += count;
    }
  }
  for (; i < n - 3; i += 4) {
    const v = a[i];
    const w = a[i + 1];
    const x = a[i + 2];
    const y = a[i + 3];
    da[i] += s * v;
    da[i + 1] += s * w;
    da[i + 2] += s * x;
    da[i + 3] += s * y;
    total = total + v * v + w * w + x * x + y * y;
  }
  for (; i < n; i++) {
    const v = a[i];
    da[i] += s * v;
    total += v * v;
  }
  return total;
}

/** True when no element is NaN or infinite: 0·a is a zero for every other number. 0.45 / 0.42 (plain loop 1.2 / 0.86) */
export function allFinite(a: Float64Array): boolean {
  const n = a.length;
  let i = 0;
  if (n >= SHORT) {
    const crew = holder(a);
    if (crew !== undefined) {
      i = n - n % TURN;
      if (crew.kernels.nonFinite(addressOf(crew, a), 8 * i) !== 0) return false;
    }
  }
  for (; i < n - 3; i += 4) {
    if (a[i] * 0 + a[i + 1] * 0 + a[i + 2] * 0 + a[i + 3] * 0 !== 0) return false;
  }
  for (; i < n; i++) {
    if (a[i] * 0 !== 0) return false;
  }
  return true;
}
