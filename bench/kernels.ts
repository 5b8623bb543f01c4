// What one element costs in each kernel, in nanoseconds, beside the plain loop of reference.ts. The
// arrays are random and long enough that no branch predictor learns them, and fit the second-level
// cache.

import { exp, log } from "../lib/base/elementary.ts";
import { Random } from "../lib/base/random.ts";
import * as arithmetic from "../lib/kernels/arithmetic.ts";
import { addRow } from "../lib/kernels/broadcast.ts";
import { columnSum } from "../lib/kernels/columns.ts";
import * as elementwise from "../lib/kernels/elementwise.ts";
import { rowArgmax, rowMax } from "../lib/kernels/reductions.ts";
import * as reference from "../lib/kernels/reference.ts";
import { regularize } from "../lib/kernels/resident.ts";
import { rowSum, takeRows } from "../lib/kernels/rows.ts";
import { softmax, softmaxLoss } from "../lib/kernels/softmax.ts";
import { transpose } from "../lib/kernels/transpose.ts";
import { race } from "./harness.ts";

export type KernelRow = {
  kernel: string;
  size: string;
  best: number;
  median: number;
  plain: number;
};

type Case = {
  kernel: string;
  rows: number;
  cols: number;
  own: () => unknown;
  plain: () => unknown;
};

function cases(): Case[] {
  const random = new Random(3);
  const all = flatCases(random);
  for (const [m, n] of [
    [200, 100],
    [2000, 10],
    [1000, 128],
  ]) {
    all.push(...rowCases(m, n, random));
    if (n <= 10) all.push(...classCases(m, n, random)); // classes are few
  }
  return all;
}

const fast = { ...arithmetic, ...elementwise, regularize };

/** The kernels that take arrays element by element. */
function flatCases(random: Random): Case[] {
  const all: Case[] = [];
  const length = 20000;
  const [a, b, out] = [random.normal(length), random.normal(length), new Float64Array(length)];
  const flat = (kernel: string, run: (from: typeof fast | typeof reference) => unknown): void => {
    all.push({
      kernel,
      rows: 1,
      cols: length,
      own: () => run(fast),
      plain: () => run(reference),
    });
  };
  flat("add", (from) => from.add(a, b, out));
  flat("mul", (from) => from.mul(a, b, out));
  flat("scale", (from) => from.scale(a, 1.5, out));
  flat("addScaled", (from) => from.addScaled(a, b, 1e-3, out));
  flat("relu", (from) => from.relu(a, out));
  flat("reluMask", (from) => from.reluMask(a, out));
  flat("sum", (from) => from.sum(a));
  flat("sumOfSquares", (from) => from.sumOfSquares(a));
  flat("allFinite", (from) => from.allFinite(a));
  const da = random.normal(length);
  flat("regularize", (from) => from.regularize(a, 1e-9, da));
  return [...all, ...functionCases(a, out)];
}

/** exp and log beside the engine's own; written out, since a function passed in is not inlined. */
function functionCases(a: Float64Array, out: Float64Array): Case[] {
  const { length } = a;
  const negative = a.map((x) => -10 * Math.abs(x));
  const positive = a.map(Math.abs);
  const loops: [string, () => void, () => void][] = [
    [
      "exp (beside Math.exp)",
      () => {
        for (let i = 0; i < length; i++) out[i] = exp(negative[i]);
      },
      () => {
        for (let i = 0; i < length; i++) out[i] = Math.exp(negative[i]);
      },
    ],
    [
      "log (beside Math.log)",
      () => {
        for (let i = 0; i < length; i++) out[i] = log(positive[i]);
      },
      () => {
        for (let i = 0; i < length; i++) out[i] = Math.log(positive[i]);
      },
    ],
  ];
  return loops.map(([kernel, own, plain]) => ({ kernel, rows: 1, cols: length, own, plain }));
}

/** The kernels that take m rows of n elements. */
function rowCases(m: number, n: number, random: Random): Case[] {
  const [x, y] = [random.normal(m * n), new Float64Array(m * n)];
  const [row, column, places] = [random.normal(n), new Float64Array(m), new Int32Array(m)];
  const order = random.permutation(m);
  const both = (kernel: string, own: () => unknown, plain: () => unknown): Case => {
    return { kernel, rows: m, cols: n, own, plain };
  };
  return [
    both(
      "takeRows",
      () => takeRows(m, n, x, order, y),
      () => reference.takeRows(m, n, x, order, y),
    ),
    both(
      "addRow",
      () => addRow(m, n, x, row, y),
      () => reference.addRow(m, n, x, row, y),
    ),
    both(
      "columnSum",
      () => columnSum(m, n, x, row),
      () => reference.columnSum(m, n, x, row),
    ),
    both(
      "rowSum",
      () => rowSum(m, n, x, column),
      () => reference.rowSum(m, n, x, column),
    ),
    both(
      "rowMax",
      () => rowMax(m, n, x, column),
      () => reference.rowMax(m, n, x, column),
    ),
    both(
      "rowArgmax",
      () => rowArgmax(m, n, x, places),
      () => reference.rowArgmax(m, n, x, places),
    ),
    both(
      "transpose",
      () => transpose(m, n, x, y),
      () => reference.transpose(m, n, x, y),
    ),
  ];
}

/** The kernels that take the scores of n classes for m rows. */
function classCases(m: number, n: number, random: Random): Case[] {
  const [x, y, p] = [random.normal(m * n), new Float64Array(m * n), new Float64Array(m * n)];
  const labels = random.integers(m, n);
  const both = (kernel: string, own: () => unknown, plain: () => unknown): Case => {
    return { kernel, rows: m, cols: n, own, plain };
  };
  return [
    both(
      "softmax",
      () => softmax(m, n, x, p),
      () => reference.softmax(m, n, x, p),
    ),
    both(
      "softmaxLoss",
      () => softmaxLoss(m, n, x, labels, p, y),
      () => reference.softmaxLoss(m, n, x, labels, p, y),
    ),
  ];
}

/** Races each kernel against its plain loop. */
export function* benchKernels(seconds: number): Generator<KernelRow> {
  for (const { kernel, rows, cols, own, plain } of cases()) {
    const [ownTiming, plainTiming] = race(
      [
        { name: "own", run: own },
        { name: "plain", run: plain },
      ],
      { seconds },
    );
    const scale = 1e9 / (rows * cols);
    yield {
      kernel,
      size: `${rows}×${cols}`,
      best: ownTiming.min * scale,
      median: ownTiming.median * scale,
      plain: plainTiming.median * scale,
    };
  }
}
