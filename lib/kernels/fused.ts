// Pairs of kernels in one pass over memory, for the training step; each has the bits of the two it stands for.
// ns per element, Node 20 / 24, from `npm run bench -- kernels`.

import { PIECE, SHORT } from "./params.ts";
import { addressOf, holder } from "./scratch.ts";
import { TURN } from "./vector.ts";

const zeroOrValue = new Float64Array(2); // relu's choice without a branch: see elementwise.ts

/** out (m, n) = relu(a (m, n) with row (1, n) added to every row): bias and activation of a layer. 2.1 / 1.3 (apart 2.8 / 1.9) */
export function addRowRelu(m: number, n: number, a: Float64Array, row: Float64Array, out: Float64Array): void {
  const choice = zeroOrValue;
  for (let i = 0; i < m; i++) {
    for (let j = 0, p = i * n; j < n; j++, p++) {
      const v = a[p] + row[j];
      choice[1] = v;
      out[p] = choice[+!(v <= 0)];
    }
  }
}

/**
 * out (m, n) = d·reluMask(a), elementwise, and sums (n) = its column sums: back through a ReLU, and the bias before it.
 * Four rows a turn as in columns.ts: 1.3 / 1.2 (apart 2.0 / 1.5, with a branch for the mask 5.8 / 5.0)
 */
export function maskColumnSum(
  m: number, n: number, d: Float64Array, a: Float64Array, out: Float64Array, sums: Float64Array,
): void {
  sums.fill(0);
  let i = 0;
  for (; i < m - 3; i += 4) {
    const p = i * n;
    const q = p + n;
    const r = q + n;
    const s = r + n;
    for (let j = 0; j < n; j++) {
      const v = d[p + j] * +(a[p + j] > 0);
      const w = d[q + j] * +(a[q + j] > 0);
      const x = d[r + j] * +(a[r + j] > 0);
      const y = d[s + j] * +(a[s + j] > 0);
      out[p + j] = v;
      out[q + j] = w;
      out[r + j] = x;
      out[s + j] = y;
      sums[j] = sums[j] + v + w + x + y;
    }
  }
  for (; i < m; i++) {
    for (let j = 0, p = i * n; j < n; j++, p++) {
      const v = d[p] * +(a[p] > 0);
      out[p] = v;
      sums[j] += v;
    }
  }
}

/** The L2 penalty and its gradient: da = da + s·a as addScaled does; returns the sum of a² as sumOfSquares does. 0.84 / 0.69 (apart 1.4 / 1.4) */
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
