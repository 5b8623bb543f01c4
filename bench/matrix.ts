// What one element costs in each method of Matrix, in nanoseconds, beside a plain copy
// (`TypedArray.set`) in the same engine and, where it is asked for, beside NumPy on the same
// machine. "Share of copy" is the memory that the method must read and write in a second over what
// the copy reads and writes in a second: 1 is the speed of memory.

import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Random } from "../lib/base/random.ts";
import { Matrix } from "../lib/matrix/matrix.ts";
import { race } from "./harness.ts";

export type MatrixRow = {
  method: string;
  size: string;
  best: number;
  median: number;
  share: number;
  numpy?: number | undefined;
};

const WARM_UP_SECONDS = 0.15; // of each method and size; the engine needs 0.03

/** Rows and columns. */
export type MatrixShape = [rows: number, cols: number];

/** In the first-level cache, in the second-level cache, and in neither. */
export const MATRIX_SHAPES = "64x64 1000x100 4000x1000";

/** "1000x100" as rows and columns. */
export function parseMatrixShape(text: string): MatrixShape {
  const match = /^(\d+)x(\d+)$/.exec(text);
  if (match === null) throw new RangeError(`bench: expected a size such as 1000x100, got ${text}`);
  return [Number(match[1]), Number(match[2])];
}

type Operands = {
  a: Matrix;
  b: Matrix;
  positive: Matrix;
  row: Matrix;
  column: Matrix;
  out: Matrix;
  rowOut: Matrix;
  columnOut: Matrix;
  half: Matrix;
  turned: Matrix;
  order: Int32Array;
  evens: number[];
};

/** The method, the elements it moves for each element of `a`, and what NumPy is given to do. */
type Case = [
  method: string,
  moves: number,
  run: (o: Operands) => unknown,
  numpy: string | undefined,
];

const CASES: readonly Case[] = [
  ["add", 3, ({ a, b, out }) => a.add(b, out), "np.add(a, b, out=out)"],
  ["mul", 3, ({ a, b, out }) => a.mul(b, out), "np.multiply(a, b, out=out)"],
  ["div", 3, ({ a, b, out }) => a.div(b, out), "np.divide(a, b, out=out)"],
  ["addScaled", 3, ({ a, b, out }) => a.addScaled(b, 0.5, out), "np.add(a, 0.5 * b, out=out)"],
  ["scale", 2, ({ a, out }) => a.scale(3, out), "np.multiply(a, 3, out=out)"],
  ["addScalar", 2, ({ a, out }) => a.addScalar(3, out), "np.add(a, 3, out=out)"],
  ["div by a number", 2, ({ a, out }) => a.div(3, out), "np.divide(a, 3, out=out)"],
  ["addRow", 2, ({ a, row, out }) => a.addRow(row, out), "np.add(a, row, out=out)"],
  ["mulRow", 2, ({ a, row, out }) => a.mulRow(row, out), "np.multiply(a, row, out=out)"],
  ["divRow", 2, ({ a, row, out }) => a.divRow(row, out), "np.divide(a, row, out=out)"],
  ["addColumn", 2, ({ a, column, out }) => a.addColumn(column, out), "np.add(a, column, out=out)"],
  [
    "mulColumn",
    2,
    ({ a, column, out }) => a.mulColumn(column, out),
    "np.multiply(a, column, out=out)",
  ],
  [
    "divColumn",
    2,
    ({ a, column, out }) => a.divColumn(column, out),
    "np.divide(a, column, out=out)",
  ],
  ["relu", 2, ({ a, out }) => a.relu(out), "np.maximum(a, 0, out=out)"],
  ["reluMask", 2, ({ a, out }) => a.reluMask(out), "np.greater(a, 0, out=out)"],
  ["exp", 2, ({ a, out }) => a.exp(out), "np.exp(a, out=out)"],
  ["log", 2, ({ positive, out }) => positive.log(out), "np.log(positive, out=out)"],
  ["sqrt", 2, ({ positive, out }) => positive.sqrt(out), "np.sqrt(positive, out=out)"],
  ["abs", 2, ({ a, out }) => a.abs(out), "np.abs(a, out=out)"],
  ["square", 2, ({ a, out }) => a.square(out), "np.square(a, out=out)"],
  ["sign", 2, ({ a, out }) => a.sign(out), "np.sign(a, out=out)"],
  ["clip", 2, ({ a, out }) => a.clip(-1, 1, out), "np.clip(a, -1, 1, out=out)"],
  ["rowSum", 1, ({ a, columnOut }) => a.rowSum(columnOut), "a.sum(axis=1, out=column_out)"],
  ["columnSum", 1, ({ a, rowOut }) => a.columnSum(rowOut), "a.sum(axis=0, out=row_out)"],
  ["sum", 1, ({ a }) => a.sum(), "a.sum()"],
  ["mean", 1, ({ a }) => a.mean(), "a.mean()"],
  ["columnStd", 2, ({ a, rowOut }) => a.columnStd(rowOut), "a.std(axis=0, out=row_out)"],
  ["rowMax", 1, ({ a, columnOut }) => a.rowMax(columnOut), "a.max(axis=1, out=column_out)"],
  ["rowMin", 1, ({ a, columnOut }) => a.rowMin(columnOut), "a.min(axis=1, out=column_out)"],
  ["columnMax", 1, ({ a, rowOut }) => a.columnMax(rowOut), "a.max(axis=0, out=row_out)"],
  ["columnMin", 1, ({ a, rowOut }) => a.columnMin(rowOut), "a.min(axis=0, out=row_out)"],
  ["max", 1, ({ a }) => a.max(), "a.max()"],
  ["min", 1, ({ a }) => a.min(), "a.min()"],
  ["rowArgmax", 1, ({ a }) => a.rowArgmax(), "a.argmax(axis=1)"],
  ["rowArgmin", 1, ({ a }) => a.rowArgmin(), "a.argmin(axis=1)"],
  ["columnArgmax", 1, ({ a }) => a.columnArgmax(), "a.argmax(axis=0)"],
  ["columnArgmin", 1, ({ a }) => a.columnArgmin(), "a.argmin(axis=0)"],
  ["argmax", 1, ({ a }) => a.argmax(), "a.argmax()"],
  ["argmin", 1, ({ a }) => a.argmin(), "a.argmin()"],
  ["norm", 1, ({ a }) => a.norm(), "np.linalg.norm(a)"],
  [
    "dot",
    2,
    ({ a, b }) => a.reshape(1, a.data.length).dot(b.reshape(1, b.data.length)),
    "np.dot(a.ravel(), b.ravel())",
  ],
  ["transpose", 2, ({ a, turned }) => a.transpose(turned), "np.copyto(turned, a.T)"],
  [
    "sliceColumns, half",
    1,
    ({ a, half }) => a.sliceColumns(0, half.cols, half),
    "np.copyto(half, a[:, : half.shape[1]])",
  ],
  [
    "takeColumns, half",
    1,
    ({ a, evens, half }) => a.takeColumns(evens, half),
    "np.take(a, evens, axis=1, out=half)",
  ],
  [
    "takeRows",
    2,
    ({ a, order, out }) => a.takeRows(order, out),
    "np.take(a, order, axis=0, out=out)",
  ],
  [
    "concatColumns, two halves",
    2,
    ({ half, out }) => Matrix.concatColumns([half, half], out),
    "np.concatenate((half, half), axis=1, out=out)",
  ],
];

function operands([rows, cols]: MatrixShape): Operands {
  const random = new Random(3);
  const a = Matrix.randomNormal(rows, cols, random);
  const half = cols >> 1;
  return {
    a,
    b: Matrix.randomNormal(rows, cols, random),
    positive: a.abs(),
    row: Matrix.randomNormal(1, cols, random),
    column: Matrix.randomNormal(rows, 1, random),
    out: Matrix.zeros(rows, cols),
    rowOut: Matrix.zeros(1, cols),
    columnOut: Matrix.zeros(rows, 1),
    half: Matrix.zeros(rows, half),
    turned: Matrix.zeros(cols, rows),
    order: random.permutation(rows),
    evens: Array.from({ length: half }, (_, j) => 2 * j),
  };
}

/**
 * Times each method beside a copy, and beside NumPy when `python` is given: the command that starts
 * a Python which has it.
 */
export async function* benchMatrix(
  shapes: readonly MatrixShape[],
  seconds: number,
  python?: string,
): AsyncGenerator<MatrixRow> {
  const numpy = python === undefined ? undefined : new NumPy(python);
  try {
    for (const shape of shapes) {
      const size = shape.join("×");
      const count = shape[0] * shape[1];
      const all = operands(shape);
      await numpy?.ask({ shape, evens: all.evens });
      for (const [method, moves, run, expression] of CASES) {
        const [own, copy] = race(
          [
            { name: method, run: () => run(all) },
            { name: "copy", run: () => all.turned.data.set(all.b.data) },
          ],
          { seconds, warmUpSeconds: WARM_UP_SECONDS },
        );
        yield {
          method,
          size,
          best: (1e9 * own.min) / count,
          median: (1e9 * own.median) / count,
          share: ((moves / 2) * copy.median) / own.median,
          numpy:
            expression === undefined || numpy === undefined
              ? undefined
              : (1e9 * (await numpy.ask({ expression, seconds }))) / count,
        };
      }
    }
  } finally {
    numpy?.end();
  }
}

/** A process that times NumPy expressions while this one waits. */
class NumPy {
  readonly process: ChildProcessWithoutNullStreams;
  readonly answers: AsyncIterator<string>;

  constructor(python: string) {
    this.process = spawn(python, [fileURLToPath(new URL("matrix.py", import.meta.url))]);
    this.process.stderr.pipe(process.stderr);
    this.answers = createInterface(this.process.stdout)[Symbol.asyncIterator]();
  }

  /** The median seconds of an expression, or 0 when it was told the operands. */
  async ask(question: object): Promise<number> {
    if (!this.process.stdin.write(`${JSON.stringify(question)}\n`))
      await once(this.process.stdin, "drain");
    const { value, done } = await this.answers.next();
    if (done) throw new Error("bench: NumPy did not answer; see above");
    return Number(value);
  }

  end(): void {
    this.process.stdin.end();
  }
}
