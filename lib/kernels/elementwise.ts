// Kernels over whole arrays, element by element, and sums of all elements.
//
// Nanoseconds per element in cache, Node 20 / 24, from `npm run bench -- kernels`. Most of a loop's
// time is V8's bounds checks and loop bookkeeping, so eight elements a turn are faster on Node 20;
// on Node 24 the plain loop is as fast (addScaled 1.4 / 0.73 plain, 0.75 / 0.77 here). What no
// training needs is in arithmetic.ts and functions.ts; resident.ts has those of a training step for
// arrays in WebAssembly memory.

/** out = a + s·b, rounded after the product and after the sum. */
export function addScaled(a: Float64Array, b: Float64Array, s: number, out: Float64Array): void {
  const n = a.length;
  let i = 0;
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
export function sumOfSquares(a: Float64Array): number {
  const n = a.length;
  let p = 0;
  let q = 0;
  let r = 0;
  let s = 0;
  let i = 0;
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
 * True when no element is NaN or infinite: 0·a is a zero for every other number. 0.45 / 0.42 (plain
 * loop 1.2 / 0.86)
 */
export function allFinite(a: Float64Array): boolean {
  const n = a.length;
  let i = 0;
  for (; i < n - 3; i += 4) {
    if (a[i] * 0 + a[i + 1] * 0 + a[i + 2] * 0 + a[i + 3] * 0 !== 0) return false;
  }
  for (; i < n; i++) {
    if (a[i] * 0 !== 0) return false;
  }
  return true;
}
