// How far products, sums, exponentials and the softmax loss are from the exact answer: in units in
// the last place (ulp), and as a share of what the standard bound allows (Higham, "Accuracy and
// stability of numerical algorithms", 2002, ch. 3):
//
//   Σ aᵢbᵢ of k terms   γ_k·Σ|aᵢbᵢ|        with γ_k = k·u/(1 − k·u) and u = 2^-53
//   Σ aᵢ of k terms     γ_(k−1)·Σ|aᵢ|      the first is added to 0
//   Σ aᵢ²               γ_k·Σaᵢ²
//   exp, log            1 ulp, as lib/base/elementary.ts promises
//   softmax, loss       worked out below from these
//
// Inputs are scaled so that nothing underflows; what underflow adds is the business of a test of
// its own.
import { exp, log } from "../../../lib/base/elementary.ts";
import { Random } from "../../../lib/base/random.ts";
import { columnSum } from "../../../lib/kernels/columns.ts";
import { configuration, configure } from "../../../lib/kernels/configuration.ts";
import { sum, sumOfSquares } from "../../../lib/kernels/elementwise.ts";
import type { Product } from "../../../lib/kernels/gemm/product.ts";
import { multiplyScalar } from "../../../lib/kernels/gemm/scalar.ts";
import { multiplySmall } from "../../../lib/kernels/gemm/small.ts";
import * as reference from "../../../lib/kernels/reference.ts";
import { rowSum } from "../../../lib/kernels/rows.ts";
import { Matrix } from "../../../lib/matrix/matrix.ts";
import { softmaxLoss } from "../../../lib/net/softmax-loss.ts";
import {
  approximate,
  type Dyadic,
  errorInUlps,
  exact,
  expOf,
  logOf,
  minus,
  over,
  plus,
  size,
  times,
  total,
} from "../../helpers/exact.ts";

const U = 2 ** -53;

/** The worst seen of one quantity on one path. */
export type Figure = {
  what: string;
  path: string;
  numbers: string;
  results: number;
  ulp: number;
  ulpSeed: number;
  share: number;
  shareSeed: number;
};

export class Table {
  readonly figures = new Map<string, Figure>();

  note(
    what: string,
    path: string,
    numbers: string,
    seed: number,
    computed: number,
    value: Dyadic,
    bound: number,
  ): void {
    const key = `${what}|${path}|${numbers}`;
    const figure = this.figures.get(key) ?? {
      what,
      path,
      numbers,
      results: 0,
      ulp: 0,
      ulpSeed: seed,
      share: 0,
      shareSeed: seed,
    };
    this.figures.set(key, figure);
    figure.results++;
    const ulp = value.n === 0n ? (computed === 0 ? 0 : Infinity) : errorInUlps(computed, value);
    const error = approximate(size(minus(exact(computed), value)));
    const share = error === 0 ? 0 : error / bound;
    if (!(ulp <= figure.ulp)) Object.assign(figure, { ulp, ulpSeed: seed });
    if (!(share <= figure.share)) Object.assign(figure, { share, shareSeed: seed });
  }
}

const gamma = (k: number): number => (k * U) / (1 - k * U);

/** Kinds of numbers, from the kindest to the cruellest. */
const NUMBERS: { [kind: string]: (random: Random, count: number) => Float64Array } = {
  positive: (random, count) => random.uniform(count),
  normal: (random, count) => random.normal(count),
  "2^±100": (random, count) => {
    const powers = random.integers(count, 201);
    return random.normal(count).map((z, i) => z * 2 ** (powers[i] - 100));
  },
  // Every number is there with both signs, but for a rest of 1e-10: nearly everything cancels.
  cancelling(random, count) {
    const half = random.normal(Math.ceil(count / 2));
    const rest = random.uniform(count);
    const order = random.permutation(count);
    const all = Float64Array.from({ length: count }, (_, i) =>
      i % 2 === 0 ? half[i >> 1] : -half[i >> 1] * (1 + 1e-10 * rest[i]),
    );
    return all.map((_, i) => all[order[i]]);
  },
};

type Gemm = typeof reference.matmul;
const viaMatrix =
  (options: Parameters<typeof configure>[0]): Gemm =>
  (transA, transB, m, n, k, a, b, c) => {
    configure(options);
    try {
      const [A, B] = [
        transA ? new Matrix(k, m, a) : new Matrix(m, k, a),
        transB ? new Matrix(n, k, b) : new Matrix(k, n, b),
      ];
      A.matmul(B, { transA, transB, out: new Matrix(m, n, c) });
    } finally {
      configure({ kernel: "auto", threads: 1 });
    }
  };

const viaProduct =
  (multiply: (product: Product) => void): Gemm =>
  (transA, transB, m, n, k, a, b, c) =>
    multiply({ transA, transB, m, n, k, a, b, c });

/** Every way to compute a product that this engine has. */
export function paths(): { [path: string]: Gemm } {
  const { supported } = configuration();
  return {
    reference: reference.matmul,
    small: viaProduct(multiplySmall),
    scalar: viaProduct(multiplyScalar),
    ...(supported.simd && { simd: viaMatrix({ kernel: "simd" }) }),
    ...(supported.simd &&
      supported.threads && { "simd, 2 threads": viaMatrix({ kernel: "simd", threads: 2 }) }),
    ...(supported.fma && { fma: viaMatrix({ kernel: "fma" }) }),
  };
}

/** One product (m, k)·(k, n) on each path; `sampled` of its elements are compared. */
export function measureProducts(
  table: Table,
  seed: number,
  [m, n, k]: readonly [number, number, number],
  sampled: number,
): void {
  for (const [kind, make] of Object.entries(NUMBERS)) {
    const random = new Random(seed);
    const [a, b] = [make(random, m * k), make(random, k * n)];
    const at = random.integers(sampled, m * n);
    const exactly = Array.from(at, (element) => {
      const [i, j] = [Math.floor(element / n), element % n];
      const terms = Array.from({ length: k }, (_, p) =>
        times(exact(a[i * k + p]), exact(b[p * n + j])),
      );
      return { value: total(terms), scale: approximate(total(terms.map(size))) };
    });
    for (const [path, gemm] of Object.entries(paths())) {
      const c = new Float64Array(m * n).fill(NaN);
      gemm(false, false, m, n, k, a, b, c);
      exactly.forEach(({ value, scale }, s) =>
        table.note("matmul", path, kind, seed, c[at[s]], value, gamma(k) * scale),
      );
    }
  }
}

/** All sums of one matrix (m, n). */
export function measureSums(table: Table, seed: number, m: number, n: number): void {
  for (const [kind, make] of Object.entries(NUMBERS)) {
    const a = make(new Random(seed), m * n);
    const terms = Array.from(a, exact);
    const note = (what: string, computed: number, list: Dyadic[], k: number): void =>
      table.note(
        what,
        "all",
        kind,
        seed,
        computed,
        total(list),
        gamma(k) * approximate(total(list.map(size))),
      );
    // an element meets every fourth, then two other sums
    const additions = Math.min(m * n - 1, Math.ceil((m * n) / 4) + 1);
    note("sum", sum(a), terms, additions);
    note(
      "sumOfSquares",
      sumOfSquares(a),
      terms.map((x) => times(x, x)),
      additions + 1,
    );
    const rows = new Float64Array(m);
    rowSum(m, n, a, rows);
    rows.forEach((computed, i) => note("rowSum", computed, terms.slice(i * n, (i + 1) * n), n - 1));
    const columns = new Float64Array(n);
    columnSum(m, n, a, columns);
    columns.forEach((computed, j) =>
      note(
        "columnSum",
        computed,
        terms.filter((_, p) => p % n === j),
        m - 1,
      ),
    );
  }
}

const SCORES: { [kind: string]: (random: Random, count: number) => Float64Array } = {
  "scores ~ 1": (random, count) => random.normal(count),
  "scores ~ 30": (random, count) => random.normal(count).map((z) => 30 * z),
  "scores ~ 300": (random, count) => random.normal(count).map((z) => 300 * z),
  "scores ~ 1e6": (random, count) => random.normal(count).map((z) => 1e6 * z),
};

/**
 * softmaxLoss of (n, C). First-order bounds, each kernel in turn: the difference d = score − max
 * has a relative error of u, which e^d takes as |d|·u; exp and log add 2u (1 ulp); a sum of C terms
 * (C − 1)·u; a division u.
 *   row sum S      σ = (2 + C − 1 + 1/e)·u relative, since |d|·e^d <= 1/e and S >= 1 — each of C
 *                  terms: C/e
 *   log S          σ absolute, and 2u of its value
 *   row loss       adds u·(max − label) for the difference and u of the result
 *   mean           γ_n of the total, u for the division
 *   probability    (|d| + 2)·u + σ + u relative
 *   dscores        the probability's error and u of p − 1, u of the division, over n
 * twice that stands for the terms of second order and exp's last bit at the ends.
 */
export function measureSoftmax(table: Table, seed: number, n: number, C: number): void {
  for (const [kind, make] of Object.entries(SCORES)) {
    const random = new Random(seed);
    const scores = make(random, n * C);
    const y = random.integers(n, C);
    const { loss, dscores, probabilities } = softmaxLoss(new Matrix(n, C, scores), y);
    const sigma = (2 + C - 1 + C / Math.E) * U;
    let lossTotal: Dyadic = { n: 0n, e: 0 };
    let bound = 0;
    for (let i = 0; i < n; i++) {
      const row = Array.from(scores.subarray(i * C, (i + 1) * C));
      const max = Math.max(...row);
      const differences = row.map((score) => minus(exact(score), exact(max)));
      const powers = differences.map(expOf);
      const S = total(powers);
      const logS = logOf(S);
      const margin = minus(exact(max), exact(row[y[i]]));
      const rowLoss = plus(logS, margin);
      lossTotal = plus(lossTotal, rowLoss);
      bound +=
        sigma +
        2 * U * approximate(logS) +
        U * approximate(margin) +
        (n + 2) * U * approximate(rowLoss);
      row.forEach((_, j) => {
        const p = over(powers[j], S);
        const d = j === y[i] ? minus(p, exact(1)) : p;
        const gradient = over(d, exact(n));
        const value = approximate(p);
        if (value < 2 ** -1000) return; // underflows on the way
        const pBound = 2 * value * (approximate(size(differences[j])) * U + 3 * U + sigma);
        table.note("softmax", "all", kind, seed, probabilities.get(i, j), p, pBound);
        table.note(
          "dscores",
          "all",
          kind,
          seed,
          dscores.get(i, j),
          gradient,
          (pBound + 4 * U * approximate(size(d))) / n,
        );
      });
    }
    table.note("softmaxLoss", "all", kind, seed, loss, over(lossTotal, exact(n)), (2 * bound) / n);
  }
}

/** exp and log of `count` numbers over their whole range, and log close to 1. */
export function measureElementary(table: Table, seed: number, count: number): void {
  const random = new Random(seed);
  for (const u of random.uniform(count)) {
    const x = -708 + 1417 * u;
    noteElementary(table, "exp", "-708..709", seed, exp(x), expOf(exact(x)));
    const small = (u - 0.5) * Math.LN2;
    noteElementary(table, "exp", "±ln 2 / 2", seed, exp(small), expOf(exact(small)));
    const any = 2 ** Math.floor(-1000 + 2000 * u) * (1 + u);
    noteElementary(table, "log", "2^±1000", seed, log(any), logOf(exact(any)));
    const near = 1 + (u - 0.5) / 16;
    if (near !== 1) noteElementary(table, "log", "1 ± 1/32", seed, log(near), logOf(exact(near)));
  }
}

function noteElementary(
  table: Table,
  what: string,
  numbers: string,
  seed: number,
  computed: number,
  value: Dyadic,
): void {
  const ulp = 2 ** (Math.floor(Math.log2(Math.abs(computed))) - 52);
  table.note(what, "all", numbers, seed, computed, value, ulp);
}
