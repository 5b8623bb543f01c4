// Class Matrix: dense, row-major, float64. Every method checks its arguments, allocates unless
// given an `out`, and calls one kernel. Boring on purpose: what is clever lies in kernels/.

import type { NewFloat64Array, NewInt32Array } from "../base/arrays.ts";
import { checkFinite, checkOptions, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { checkRandom, type Random } from "../base/random.ts";
import { isFloat64Array } from "../base/realms.ts";
import * as arithmetic from "../kernels/arithmetic.ts";
import * as broadcast from "../kernels/broadcast.ts";
import { columnSum } from "../kernels/columns.ts";
import * as elementwise from "../kernels/elementwise.ts";
import * as functions from "../kernels/functions.ts";
import { gemm } from "../kernels/gemm/gemm.ts";
import { columnMoments } from "../kernels/moments.ts";
import * as parts from "../kernels/parts.ts";
import * as reductions from "../kernels/reductions.ts";
import { rowSum, takeRows } from "../kernels/rows.ts";
import { transpose } from "../kernels/transpose.ts";
import {
  checkApart,
  checkArrayLike,
  checkBoolean,
  checkCount,
  checkIndices,
  checkNoAxis,
  checkNumber,
  checkNumbers,
} from "./arguments.ts";
import { type MatrixJson, matrixFromJson, matrixToJson } from "./json.ts";
import { print } from "./print.ts";
import {
  checkColumnIndex,
  checkDisjoint,
  checkElements,
  checkHas,
  checkIndex,
  checkInPlace,
  checkMatrix,
  checkMatrixOf,
  checkRange,
  checkRowIndex,
  checkShape,
  checkSizes,
  checkVectors,
  type Dense,
  type Shape,
  shapeOf,
} from "./shape.ts";
import { allocate, sharedArray } from "./storage.ts";

/** Options of `Matrix.matmul`. */
export type MatmulOptions = {
  /** Use the transpose of the left operand; costs nothing extra. */
  transA?: boolean | undefined;
  /** Use the transpose of the right operand; costs nothing extra. */
  transB?: boolean | undefined;
  /** Where the product goes: (m, n), sharing no memory with an operand. */
  out?: Matrix | undefined;
};

type UnaryKernel = (a: Float64Array, out: Float64Array) => void;
type ScalarKernel = (a: Float64Array, s: number, out: Float64Array) => void;
type BinaryKernel = (a: Float64Array, b: Float64Array, out: Float64Array) => void;
type ReduceKernel = (m: number, n: number, a: Float64Array, out: Float64Array) => void;
type BroadcastKernel = (
  m: number,
  n: number,
  a: Float64Array,
  vector: Float64Array,
  out: Float64Array,
) => void;

const MATMUL_DEFAULTS: MatmulOptions = {};

/**
 * A dense matrix of float64 in row-major order: element (i, j) is `data[i * cols + j]`. A vector is
 * a Matrix with one row or one column; rows and columns may be zero.
 *
 * A method never changes `this` unless it is passed as `out`; only `set`, `setRow` and `setColumn`
 * do. An `out` must have the shape of the result. Elementwise methods accept the matrix itself as
 * `out`, or an operand of its shape; the others refuse an `out` that shares memory with an operand.
 * Wrong shapes throw a ShapeError, other wrong values a RangeError, wrong types a TypeError, before
 * anything is changed. Every method and factory returns a Matrix, also of a subclass.
 *
 * Names say what a method goes along: `rowSum` has a sum for each row, (rows, 1), `columnSum` for
 * each column, (1, cols), and `sum` one number; `addRow` adds a row to each row. NaN, infinities
 * and −0 are treated as NumPy treats them.
 * @example
 * const a = Matrix.fromRows([[1, -2], [3, 4]]);
 * console.log(`${a.matmul(a, { transB: true })}`);
 * // Matrix 2×2
 * //    5  -5
 * //   -5  25
 */
export class Matrix {
  readonly rows: number;
  readonly cols: number;
  /**
   * The elements themselves, not a copy. Results of operations with 9 to 1024 elements may share
   * `data.buffer` with other results, as small Buffers of Node do; `clone()` has one of its own.
   */
  readonly data: Float64Array;
  #own: Float64Array | undefined; // `data` if it was allocated here, so that no other matrix had it

  /**
   * Zeros of (rows, cols), or `data` adopted without copying; `data.length` must be rows·cols.
   * @example
   * console.log(new Matrix(1, 2, Float64Array.of(3, 4)).toRows()); // [ [ 3, 4 ] ]
   */
  constructor(rows: number, cols: number, data?: Float64Array) {
    checkSizes("Matrix", rows, cols);
    if (data !== undefined) {
      if (!isFloat64Array(data))
        throw new ArgumentTypeError(
          `Matrix: data expected a Float64Array, got ${show(data)}; ` +
            "Matrix.fromFlat copies other arrays",
        );
      checkShape(
        data.length === rows * cols,
        () => `Matrix: expected ${rows * cols} values for ${rows}×${cols}, got ${data.length}`,
      );
    }
    this.rows = rows;
    this.cols = cols;
    this.data = data ?? allocate(rows, cols);
    this.#own = data === undefined ? this.data : undefined;
  }

  // Making

  /**
   * A copy of an array of equally long rows. No rows give a 0×0 matrix.
   * @example
   * console.log(Matrix.fromRows([[1, 2], [3, 4]]).get(1, 0)); // 3
   */
  static fromRows(rows: ArrayLike<ArrayLike<number>>): Matrix {
    checkArrayLike("fromRows", "rows", rows);
    const cols = rows.length === 0 ? 0 : checkArrayLike("fromRows", "row 0", rows[0]);
    for (let i = 1; i < rows.length; i++) {
      const length = checkArrayLike("fromRows", `row ${i}`, rows[i]);
      checkShape(
        length === cols,
        () => `fromRows: expected ${cols} values in row ${i} as in row 0, got ${length}`,
      );
    }
    const result = new Matrix(rows.length, cols);
    for (let i = 0; i < rows.length; i++) {
      checkNumbers("fromRows", rows[i], (j) => `(${i}, ${j})`);
      result.data.set(rows[i], i * cols);
    }
    return result;
  }

  /**
   * A copy of rows·cols `values`, row by row, from an array or typed array of numbers. (rows, cols)
   * @example
   * console.log(Matrix.fromFlat(2, 2, Float32Array.of(1, 2, 3, 4)).toRows());
   * // [ [ 1, 2 ], [ 3, 4 ] ]
   */
  static fromFlat(rows: number, cols: number, values: ArrayLike<number>): Matrix {
    checkSizes("fromFlat", rows, cols);
    const length = checkNumbers("fromFlat", values);
    checkShape(
      length === rows * cols,
      () => `fromFlat: expected ${rows * cols} values for ${rows}×${cols}, got ${length}`,
    );
    return Matrix.#copy(rows, cols, values);
  }

  /**
   * The matrix that `toJSON` described, exactly; it also takes what structuredClone makes of a
   * Matrix.
   * @example
   * const text = JSON.stringify(Matrix.fromRows([[1, NaN]]));
   * console.log(Matrix.fromJSON(JSON.parse(text)).toRows()); // [ [ 1, NaN ] ]
   */
  static fromJSON(value: MatrixJson | Dense): Matrix {
    const { rows, cols, data } = matrixFromJson("fromJSON", value);
    return new Matrix(rows, cols, data);
  }

  /**
   * A copy of `values` as one row. (1, n)
   * @example
   * console.log(Matrix.rowVector([1, 2]).toRows()); // [ [ 1, 2 ] ]
   */
  static rowVector(values: ArrayLike<number>): Matrix {
    return Matrix.#copy(1, checkNumbers("rowVector", values), values);
  }

  /**
   * A copy of `values` as one column. (n, 1)
   * @example
   * console.log(Matrix.columnVector([1, 2]).toRows()); // [ [ 1 ], [ 2 ] ]
   */
  static columnVector(values: ArrayLike<number>): Matrix {
    return Matrix.#copy(checkNumbers("columnVector", values), 1, values);
  }

  /**
   * Zeros. (rows, cols)
   * @example
   * console.log(Matrix.zeros(1, 3).toRows()); // [ [ 0, 0, 0 ] ]
   */
  static zeros(rows: number, cols: number): Matrix {
    checkSizes("zeros", rows, cols);
    return new Matrix(rows, cols);
  }

  /**
   * Ones. (rows, cols)
   * @example
   * console.log(Matrix.ones(1, 3).toRows()); // [ [ 1, 1, 1 ] ]
   */
  static ones(rows: number, cols: number): Matrix {
    checkSizes("ones", rows, cols);
    return Matrix.filled(rows, cols, 1);
  }

  /**
   * Every element `value`. (rows, cols)
   * @example
   * console.log(Matrix.filled(1, 2, 7).toRows()); // [ [ 7, 7 ] ]
   */
  static filled(rows: number, cols: number, value: number): Matrix {
    checkSizes("filled", rows, cols);
    checkNumber("filled", "value", value);
    const result = new Matrix(rows, cols);
    result.data.fill(value);
    return result;
  }

  /**
   * Ones on the diagonal, zeros elsewhere. (n, n)
   * @example
   * console.log(Matrix.identity(2).toRows()); // [ [ 1, 0 ], [ 0, 1 ] ]
   */
  static identity(n: number): Matrix {
    checkSizes("identity", n, n);
    const result = new Matrix(n, n);
    for (let i = 0; i < n; i++) result.data[i * n + i] = 1;
    return result;
  }

  /**
   * `values` on the diagonal, zeros elsewhere. (n, n)
   * @example
   * console.log(Matrix.fromDiagonal([3, 4]).toRows()); // [ [ 3, 0 ], [ 0, 4 ] ]
   */
  static fromDiagonal(values: ArrayLike<number>): Matrix {
    const n = checkNumbers("fromDiagonal", values);
    const result = new Matrix(n, n);
    for (let i = 0; i < n; i++) result.data[i * n + i] = values[i];
    return result;
  }

  /**
   * Normal elements of mean 0 and standard deviation 1 unless told otherwise; takes one stream of
   * `random`. (rows, cols)
   * @example
   * const noise = Matrix.randomNormal(100, 100, new Random(0), { std: 0.1 });
   * console.log(Math.abs(noise.mean()) < 0.01); // true
   */
  static randomNormal(
    rows: number,
    cols: number,
    random: Random,
    options: { mean?: number | undefined; std?: number | undefined } = {},
  ): Matrix {
    checkSizes("randomNormal", rows, cols);
    checkRandom("randomNormal", random);
    checkOptions("randomNormal", options, ["mean", "std"]);
    const { mean = 0, std = 1 } = options;
    checkFinite("randomNormal", "mean", mean);
    checkFinite("randomNormal", "std", std, 0);
    const result = new Matrix(rows, cols);
    return result.#fill(random.normal(rows * cols), mean, std);
  }

  /**
   * Evenly distributed elements in min..max, 0..1 unless told otherwise, max excluded; takes one
   * stream of `random`. (rows, cols)
   * @example
   * const u = Matrix.randomUniform(10, 10, new Random(0), { min: -1, max: 1 });
   * console.log(u.min() >= -1, u.max() < 1); // true true
   */
  static randomUniform(
    rows: number,
    cols: number,
    random: Random,
    options: { min?: number | undefined; max?: number | undefined } = {},
  ): Matrix {
    checkSizes("randomUniform", rows, cols);
    checkRandom("randomUniform", random);
    checkOptions("randomUniform", options, ["min", "max"]);
    const { min = 0, max = 1 } = options;
    checkFinite("randomUniform", "min", min);
    checkFinite("randomUniform", "max", max, min);
    const result = new Matrix(rows, cols);
    return result.#fill(random.uniform(rows * cols), min, max - min);
  }

  /**
   * The rows of all matrices, one below the other. (sum of rows, cols)
   * @example
   * const a = Matrix.rowVector([1, 2]);
   * console.log(Matrix.concatRows([a, a.scale(10)]).toRows()); // [ [ 1, 2 ], [ 10, 20 ] ]
   */
  static concatRows(matrices: readonly Matrix[], out?: Matrix): Matrix {
    const { rows, cols } = checkMatrices("concatRows", matrices, "columns");
    const result = Matrix.#concatOut("concatRows", matrices, rows, cols, out);
    let start = 0;
    for (const { data } of matrices) {
      result.data.set(data, start);
      start += data.length;
    }
    return result;
  }

  /**
   * The columns of all matrices, one beside the other. (rows, sum of columns)
   * @example
   * const a = Matrix.columnVector([1, 2]);
   * console.log(Matrix.concatColumns([a, a.scale(10)]).toRows()); // [ [ 1, 10 ], [ 2, 20 ] ]
   */
  static concatColumns(matrices: readonly Matrix[], out?: Matrix): Matrix {
    const { rows, cols } = checkMatrices("concatColumns", matrices, "rows");
    const result = Matrix.#concatOut("concatColumns", matrices, rows, cols, out);
    let start = 0;
    for (const { cols: n, data } of matrices) {
      parts.putColumns(rows, n, data, { start, cols, out: result.data });
      start += n;
    }
    return result;
  }

  // Elements, rows and columns

  /**
   * The number of rows and of columns.
   * @example
   * console.log(new Matrix(2, 3).shape); // [ 2, 3 ]
   */
  get shape(): [rows: number, cols: number] {
    return [this.rows, this.cols];
  }

  /**
   * Element (i, j), both from 0.
   * @example
   * console.log(Matrix.rowVector([5, 6]).get(0, 1)); // 6
   */
  get(i: number, j: number): number {
    checkRowIndex("get", this, i);
    checkIndex("get", "column", j, this.cols);
    return this.data[i * this.cols + j];
  }

  /**
   * Changes element (i, j), both from 0.
   * @example
   * const a = Matrix.zeros(1, 2);
   * a.set(0, 1, 7);
   * console.log(a.toRows()); // [ [ 0, 7 ] ]
   */
  set(i: number, j: number, value: number): void {
    checkRowIndex("set", this, i);
    checkIndex("set", "column", j, this.cols);
    checkNumber("set", "value", value);
    this.data[i * this.cols + j] = value;
  }

  /**
   * Row i as a view: writing to it changes the matrix. (cols)
   * @example
   * console.log(Matrix.fromRows([[1, 2], [3, 4]]).row(1)); // Float64Array(2) [ 3, 4 ]
   */
  row(i: number): Float64Array {
    checkRowIndex("row", this, i);
    return this.data.subarray(i * this.cols, (i + 1) * this.cols);
  }

  /**
   * A copy of column j. (rows)
   * @example
   * console.log(Matrix.fromRows([[1, 2], [3, 4]]).column(1)); // Float64Array(2) [ 2, 4 ]
   */
  column(j: number): NewFloat64Array {
    checkColumnIndex("column", this, j);
    const result = new Float64Array(this.rows);
    parts.takeColumns(this.rows, this.cols, this.data, [j], result);
    return result;
  }

  /**
   * A copy of the elements (0, 0), (1, 1), … (min(rows, cols))
   * @example
   * console.log(Matrix.fromRows([[1, 2], [3, 4]]).diagonal()); // Float64Array(2) [ 1, 4 ]
   */
  diagonal(): NewFloat64Array {
    checkElements("diagonal", "this", this);
    const result = new Float64Array(Math.min(this.rows, this.cols));
    for (let i = 0; i < result.length; i++) result[i] = this.data[i * (this.cols + 1)];
    return result;
  }

  /**
   * Changes row i to the values, as many as there are columns.
   * @example
   * const a = Matrix.zeros(2, 2);
   * a.setRow(1, [3, 4]);
   * console.log(a.toRows()); // [ [ 0, 0 ], [ 3, 4 ] ]
   */
  setRow(i: number, values: ArrayLike<number>): void {
    checkRowIndex("setRow", this, i);
    checkCount("setRow", "values", checkNumbers("setRow", values), this.cols, "columns");
    this.data.set(values, i * this.cols);
  }

  /**
   * Changes column j to the values, as many as there are rows.
   * @example
   * const a = Matrix.zeros(2, 2);
   * a.setColumn(1, [3, 4]);
   * console.log(a.toRows()); // [ [ 0, 3 ], [ 0, 4 ] ]
   */
  setColumn(j: number, values: ArrayLike<number>): void {
    checkColumnIndex("setColumn", this, j);
    checkCount("setColumn", "values", checkNumbers("setColumn", values), this.rows, "rows");
    const copy = Float64Array.from(values); // the values may be a row of this matrix
    for (let i = 0; i < this.rows; i++) this.data[i * this.cols + j] = copy[i];
  }

  /**
   * Rows start..end−1 as a view: both matrices share their elements. (end − start, cols)
   * @example
   * console.log(Matrix.fromRows([[1, 2], [3, 4], [5, 6]]).sliceRows(1, 3).toRows());
   * // [ [ 3, 4 ], [ 5, 6 ] ]
   */
  sliceRows(start: number, end: number): Matrix {
    checkElements("sliceRows", "this", this);
    checkRange("sliceRows", start, end, this.rows);
    const { cols } = this;
    return new Matrix(end - start, cols, this.data.subarray(start * cols, end * cols));
  }

  /**
   * A copy of columns start..end−1. (rows, end − start)
   * @example
   * console.log(Matrix.fromRows([[1, 2, 3], [4, 5, 6]]).sliceColumns(1, 3).toRows());
   * // [ [ 2, 3 ], [ 5, 6 ] ]
   */
  sliceColumns(start: number, end: number, out?: Matrix): Matrix {
    checkRange("sliceColumns", start, end, this.cols);
    const result = Matrix.#disjointOut("sliceColumns", this, this.rows, end - start, out);
    parts.sliceColumns(this.rows, this.cols, this.data, { start, end, out: result.data });
    return result;
  }

  /**
   * A copy of the rows that `indices` name, in that order, repeats allowed. (indices.length, cols)
   * @example
   * console.log(Matrix.fromRows([[1, 2], [3, 4]]).takeRows([1, 1]).toRows());
   * // [ [ 3, 4 ], [ 3, 4 ] ]
   */
  takeRows(indices: ArrayLike<number>, out?: Matrix): Matrix {
    const { rows, cols, data } = this;
    const count = checkIndices("takeRows", indices, rows);
    const result = Matrix.#disjointOut("takeRows", this, count, cols, out);
    checkApart("takeRows", out, indices);
    takeRows(count, cols, data, indices, result.data);
    return result;
  }

  /**
   * A copy of the columns that `indices` name, in that order, repeats allowed. (rows,
   * indices.length)
   * @example
   * console.log(Matrix.fromRows([[1, 2], [3, 4]]).takeColumns([1, 0]).toRows());
   * // [ [ 2, 1 ], [ 4, 3 ] ]
   */
  takeColumns(indices: ArrayLike<number>, out?: Matrix): Matrix {
    const { rows, cols, data } = this;
    const count = checkIndices("takeColumns", indices, cols);
    const result = Matrix.#disjointOut("takeColumns", this, rows, count, out);
    checkApart("takeColumns", out, indices);
    parts.takeColumns(rows, cols, data, indices, result.data);
    return result;
  }

  /**
   * Element (i, indices[i]) of each row: NumPy's `a[range(rows), indices]`. (rows, 1)
   * @example
   * console.log(Matrix.fromRows([[1, 2], [3, 4]]).pick([1, 0]).toRows()); // [ [ 2 ], [ 3 ] ]
   */
  pick(indices: ArrayLike<number>, out?: Matrix): Matrix {
    const { rows, cols, data } = this;
    checkCount("pick", "indices", checkIndices("pick", indices, cols), rows, "rows");
    const result = Matrix.#disjointOut("pick", this, rows, 1, out);
    checkApart("pick", out, indices);
    for (let i = 0; i < rows; i++) result.data[i] = data[i * cols + indices[i]];
    return result;
  }

  /**
   * `value` added to element (i, indices[i]) of each row: with `out` the matrix itself, NumPy's
   * `a[range(rows), indices] += value`. (rows, cols)
   * @example
   * console.log(Matrix.zeros(2, 2).addAt([1, 0], -1).toRows()); // [ [ 0, -1 ], [ -1, 0 ] ]
   */
  addAt(indices: ArrayLike<number>, value: number, out?: Matrix): Matrix {
    const { rows, cols } = this;
    checkCount("addAt", "indices", checkIndices("addAt", indices, cols), rows, "rows");
    checkNumber("addAt", "value", value);
    const result = Matrix.#elementwiseOut("addAt", this, out);
    checkApart("addAt", out, indices);
    if (result !== this) result.data.set(this.data);
    for (let i = 0; i < rows; i++) result.data[i * cols + indices[i]] += value;
    return result;
  }

  /**
   * The same elements in another shape, as a view: both matrices share them. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([1, 2, 3, 4]).reshape(2, 2).toRows()); // [ [ 1, 2 ], [ 3, 4 ] ]
   */
  reshape(rows: number, cols: number): Matrix {
    checkElements("reshape", "this", this);
    checkSizes("reshape", rows, cols);
    checkShape(
      rows * cols === this.data.length,
      () => `reshape: expected a shape of ${this.data.length} elements, got ${rows}×${cols}`,
    );
    return new Matrix(rows, cols, this.data);
  }

  /**
   * A copy with elements of its own. (rows, cols)
   * @example
   * const a = Matrix.zeros(1, 1);
   * a.clone().set(0, 0, 9);
   * console.log(a.get(0, 0)); // 0
   */
  clone(): Matrix {
    checkElements("clone", "this", this);
    return Matrix.#copy(this.rows, this.cols, this.data);
  }

  /**
   * The elements as an array of rows.
   * @example
   * console.log(Matrix.identity(2).toRows()); // [ [ 1, 0 ], [ 0, 1 ] ]
   */
  toRows(): number[][] {
    checkElements("toRows", "this", this);
    return Array.from({ length: this.rows }, (_, i) => Array.from(this.row(i)));
  }

  /** The rows one after the other, as views. */
  *[Symbol.iterator](): Generator<Float64Array, void, undefined> {
    for (let i = 0; i < this.rows; i++) yield this.row(i);
  }

  // Products

  /**
   * The matrix product: (m, k)·(k, n) gives (m, n), each operand transposed first where asked.
   * Every element is summed in the order of k with a separate multiply and add (unless `configure({
   * kernel: "fma" })`), so it has the same bits on every path; with k = 0 it is 0. Throws a
   * ShapeError when the inner sizes differ.
   * @example
   * const a = Matrix.fromRows([[1, 2]]);
   * console.log(a.matmul(a, { transB: true }).toRows()); // [ [ 5 ] ]
   */
  matmul(b: Matrix, options: MatmulOptions = MATMUL_DEFAULTS): Matrix {
    checkMatrix("matmul", "b", b);
    if (options !== MATMUL_DEFAULTS) checkOptions("matmul", options, ["transA", "transB", "out"]);
    const { transA = false, transB = false } = options;
    checkBoolean("matmul", "transA", transA);
    checkBoolean("matmul", "transB", transB);
    const m = transA ? this.cols : this.rows;
    const k = transA ? this.rows : this.cols;
    const n = transB ? b.rows : b.cols;
    if (k !== (transB ? b.cols : b.rows)) {
      checkShape(
        false,
        () =>
          "matmul: inner sizes differ, " +
          `(${shapeOf(this)})${transA ? "ᵀ" : ""}·(${shapeOf(b)})${transB ? "ᵀ" : ""}`,
      );
    }
    const out = Matrix.#disjointOut("matmul", this, m, n, options.out);
    Matrix.#checkApart("matmul", options.out, b, "b");
    gemm({ transA, transB, m, n, k, a: this.data, b: b.data, c: out.data });
    return out;
  }

  /**
   * Rows become columns. (cols, rows)
   * @example
   * console.log(Matrix.fromRows([[1, 2], [3, 4]]).transpose().toRows()); // [ [ 1, 3 ], [ 2, 4 ] ]
   */
  transpose(out?: Matrix): Matrix {
    const result = Matrix.#disjointOut("transpose", this, this.cols, this.rows, out);
    transpose(this.rows, this.cols, this.data, result.data);
    return result;
  }

  /**
   * The sum of the products of the elements of two vectors of one length, rows or columns: of every
   * fourth in order, and of these four sums.
   * @example
   * console.log(Matrix.rowVector([1, 2]).dot(Matrix.columnVector([3, 4]))); // 11
   */
  dot(b: Matrix): number {
    checkVectors("dot", this, b);
    return reductions.dot(this.data, b.data);
  }

  // Element by element, with a matrix of the same shape or a number

  /**
   * this + b, elementwise. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([1, 4]).add(Matrix.rowVector([2, 3])).toRows()); // [ [ 3, 7 ] ]
   */
  add(b: Matrix, out?: Matrix): Matrix {
    return Matrix.#both("add", this, b, arithmetic.add, out);
  }

  /**
   * this − b, elementwise. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([1, 4]).sub(Matrix.rowVector([2, 3])).toRows()); // [ [ -1, 1 ] ]
   */
  sub(b: Matrix, out?: Matrix): Matrix {
    return Matrix.#both("sub", this, b, arithmetic.sub, out);
  }

  /**
   * this·b, elementwise (Hadamard); see `matmul` for the matrix product. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([1, 4]).mul(Matrix.rowVector([2, 3])).toRows()); // [ [ 2, 12 ] ]
   */
  mul(b: Matrix, out?: Matrix): Matrix {
    return Matrix.#both("mul", this, b, arithmetic.mul, out);
  }

  /**
   * this / b, elementwise: b is a matrix of the same shape or a number. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([1, 4]).div(2).toRows()); // [ [ 0.5, 2 ] ]
   */
  div(b: Matrix | number, out?: Matrix): Matrix {
    if (typeof b === "number")
      return Matrix.#eachWithNumber("div", this, b, arithmetic.divScalar, out);
    return Matrix.#both("div", this, b, arithmetic.div, out);
  }

  /**
   * s·this. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([1, 4]).scale(10).toRows()); // [ [ 10, 40 ] ]
   */
  scale(s: number, out?: Matrix): Matrix {
    return Matrix.#eachWithNumber("scale", this, s, arithmetic.scale, out);
  }

  /**
   * this + s. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([1, 4]).addScalar(1).toRows()); // [ [ 2, 5 ] ]
   */
  addScalar(s: number, out?: Matrix): Matrix {
    return Matrix.#eachWithNumber("addScalar", this, s, arithmetic.addScalar, out);
  }

  /**
   * this + s·b, elementwise. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([1, 4]).addScaled(Matrix.rowVector([2, 3]), 10).toRows());
   * // [ [ 21, 34 ] ]
   */
  addScaled(b: Matrix, s: number, out?: Matrix): Matrix {
    checkNumber("addScaled", "s", s);
    const result = Matrix.#binaryOut("addScaled", this, b, out);
    elementwise.addScaled(this.data, b.data, s, result.data);
    return result;
  }

  // Each row with a row (1, cols), each column with a column (rows, 1)

  /**
   * this + row, for each row: (m, n) and (1, n). An `out` must share no memory with `row`.
   * (rows, cols)
   * @example
   * const a = Matrix.fromRows([[1, 2], [3, 4]]);
   * console.log(a.addRow(Matrix.rowVector([10, 20])).toRows()); // [ [ 11, 22 ], [ 13, 24 ] ]
   */
  addRow(row: Matrix, out?: Matrix): Matrix {
    return Matrix.#broadcast("addRow", this, "row", row, broadcast.addRow, out);
  }

  /**
   * this − row, for each row: (m, n) and (1, n). An `out` must share no memory with `row`.
   * (rows, cols)
   * @example
   * const a = Matrix.fromRows([[1, 2], [3, 4]]);
   * console.log(a.subRow(Matrix.rowVector([10, 20])).toRows()); // [ [ -9, -18 ], [ -7, -16 ] ]
   */
  subRow(row: Matrix, out?: Matrix): Matrix {
    return Matrix.#broadcast("subRow", this, "row", row, broadcast.subRow, out);
  }

  /**
   * this·row, for each row: (m, n) and (1, n). An `out` must share no memory with `row`.
   * (rows, cols)
   * @example
   * const a = Matrix.fromRows([[1, 2], [3, 4]]);
   * console.log(a.mulRow(Matrix.rowVector([10, 20])).toRows()); // [ [ 10, 40 ], [ 30, 80 ] ]
   */
  mulRow(row: Matrix, out?: Matrix): Matrix {
    return Matrix.#broadcast("mulRow", this, "row", row, broadcast.mulRow, out);
  }

  /**
   * this / row, for each row: (m, n) and (1, n). An `out` must share no memory with `row`.
   * (rows, cols)
   * @example
   * const a = Matrix.fromRows([[1, 2], [3, 4]]);
   * console.log(a.divRow(Matrix.rowVector([10, 20])).toRows()); // [ [ 0.1, 0.1 ], [ 0.3, 0.2 ] ]
   */
  divRow(row: Matrix, out?: Matrix): Matrix {
    return Matrix.#broadcast("divRow", this, "row", row, broadcast.divRow, out);
  }

  /**
   * this + column, for each column: (m, n) and (m, 1). An `out` must share no memory with
   * `column`. (rows, cols)
   * @example
   * const a = Matrix.fromRows([[1, 2], [3, 4]]);
   * console.log(a.addColumn(Matrix.columnVector([10, 20])).toRows()); // [ [ 11, 12 ], [ 23, 24 ] ]
   */
  addColumn(column: Matrix, out?: Matrix): Matrix {
    return Matrix.#broadcast("addColumn", this, "column", column, broadcast.addColumn, out);
  }

  /**
   * this − column, for each column: (m, n) and (m, 1). An `out` must share no memory with
   * `column`. (rows, cols)
   * @example
   * const a = Matrix.fromRows([[1, 2], [3, 4]]);
   * console.log(a.subColumn(Matrix.columnVector([10, 20])).toRows());
   * // [ [ -9, -8 ], [ -17, -16 ] ]
   */
  subColumn(column: Matrix, out?: Matrix): Matrix {
    return Matrix.#broadcast("subColumn", this, "column", column, broadcast.subColumn, out);
  }

  /**
   * this·column, for each column: (m, n) and (m, 1). An `out` must share no memory with
   * `column`. (rows, cols)
   * @example
   * const a = Matrix.fromRows([[1, 2], [3, 4]]);
   * console.log(a.mulColumn(Matrix.columnVector([10, 20])).toRows()); // [ [ 10, 20 ], [ 60, 80 ] ]
   */
  mulColumn(column: Matrix, out?: Matrix): Matrix {
    return Matrix.#broadcast("mulColumn", this, "column", column, broadcast.mulColumn, out);
  }

  /**
   * this / column, for each column: (m, n) and (m, 1). An `out` must share no memory with
   * `column`. (rows, cols)
   * @example
   * const a = Matrix.fromRows([[1, 2], [3, 4]]);
   * console.log(a.divColumn(Matrix.columnVector([10, 20])).toRows());
   * // [ [ 0.1, 0.2 ], [ 0.15, 0.2 ] ]
   */
  divColumn(column: Matrix, out?: Matrix): Matrix {
    return Matrix.#broadcast("divColumn", this, "column", column, broadcast.divColumn, out);
  }

  // Functions of each element

  /**
   * max(element, 0); NaN stays NaN, as in NumPy. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([-1, 2]).relu().toRows()); // [ [ 0, 2 ] ]
   */
  relu(out?: Matrix): Matrix {
    return Matrix.#each("relu", this, elementwise.relu, out);
  }

  /**
   * 1 where the element is > 0, else 0: the derivative of relu, taken as 0 at 0. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([-1, 2]).reluMask().toRows()); // [ [ 0, 1 ] ]
   */
  reluMask(out?: Matrix): Matrix {
    return Matrix.#each("reluMask", this, elementwise.reluMask, out);
  }

  /**
   * e^element, the same bits in every engine, within 1 ulp. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([0, 1]).exp().toRows()); // [ [ 1, 2.7182818284590455 ] ]
   */
  exp(out?: Matrix): Matrix {
    return Matrix.#each("exp", this, functions.exp, out);
  }

  /**
   * Natural logarithm, the same bits in every engine, within 1 ulp: −∞ of 0, NaN of less. (rows,
   * cols)
   * @example
   * console.log(Matrix.rowVector([1, 2]).log().toRows()); // [ [ 0, 0.6931471805599453 ] ]
   */
  log(out?: Matrix): Matrix {
    return Matrix.#each("log", this, functions.log, out);
  }

  /**
   * Square root, NaN of a negative number. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([4, 9]).sqrt().toRows()); // [ [ 2, 3 ] ]
   */
  sqrt(out?: Matrix): Matrix {
    return Matrix.#each("sqrt", this, functions.sqrt, out);
  }

  /**
   * Absolute value. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([-1, 2]).abs().toRows()); // [ [ 1, 2 ] ]
   */
  abs(out?: Matrix): Matrix {
    return Matrix.#each("abs", this, functions.abs, out);
  }

  /**
   * The square. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([-1, 2]).square().toRows()); // [ [ 1, 4 ] ]
   */
  square(out?: Matrix): Matrix {
    return Matrix.#each("square", this, functions.square, out);
  }

  /**
   * −1, 0 or 1; NaN of NaN. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([-5, 0]).sign().toRows()); // [ [ -1, 0 ] ]
   */
  sign(out?: Matrix): Matrix {
    return Matrix.#each("sign", this, functions.sign, out);
  }

  /**
   * The element, but at least `min` and at most `max`; NaN stays NaN. (rows, cols)
   * @example
   * console.log(Matrix.rowVector([-5, 0.5, 5]).clip(0, 1).toRows()); // [ [ 0, 0.5, 1 ] ]
   */
  clip(min: number, max: number, out?: Matrix): Matrix {
    checkNumber("clip", "min", min);
    checkNumber("clip", "max", max);
    if (!(min <= max))
      throw new ArgumentRangeError(`clip: expected min <= max, got ${min} and ${max}`);
    const result = Matrix.#elementwiseOut("clip", this, out);
    functions.clip(this.data, min, max, result.data);
    return result;
  }

  /**
   * f(element, i, j) for every element, row by row; nothing is changed when `f` throws or returns
   * no number. Slower than the methods above: a call for each element. (rows, cols)
   * @example
   * console.log(Matrix.identity(2).map((value, i, j) => value + i + j).toRows());
   * // [ [ 1, 1 ], [ 1, 3 ] ]
   */
  map(f: (value: number, i: number, j: number) => number, out?: Matrix): Matrix {
    if (typeof f !== "function")
      throw new ArgumentTypeError(`map: f expected a function, got ${show(f)}`);
    const target = Matrix.#elementwiseOut("map", this, out);
    // so that `out` gets all or nothing
    const result = out === undefined ? target : new Matrix(this.rows, this.cols);
    for (let i = 0, at = 0; i < this.rows; i++) {
      for (let j = 0; j < this.cols; j++, at++) {
        const value: unknown = f(this.data[at], i, j);
        if (typeof value !== "number")
          throw new ArgumentTypeError(
            `map: f expected to return a number at (${i}, ${j}), got ${show(value)}`,
          );
        result.data[at] = value;
      }
    }
    if (result !== target) target.data.set(result.data);
    return target;
  }

  // By row, by column and over all

  /**
   * The sum of each row, 0 when there are no columns. (rows, 1)
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).rowSum().toRows()); // [ [ 5 ], [ 5 ] ]
   */
  rowSum(out?: Matrix): Matrix {
    return Matrix.#ofRows("rowSum", this, rowSum, out);
  }

  /**
   * The sum of each column, 0 when there are no rows. (1, cols)
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).columnSum().toRows()); // [ [ 4, 6 ] ]
   */
  columnSum(out?: Matrix): Matrix {
    return Matrix.#ofColumns("columnSum", this, columnSum, out);
  }

  /**
   * The sum of all elements, 0 when there are none: of every fourth element in order, and of
   * these four sums.
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).sum()); // 10
   */
  sum(): number {
    checkNoAxis("sum", arguments.length);
    checkElements("sum", "this", this);
    return elementwise.sum(this.data);
  }

  /**
   * The mean of each row, NaN when there are no columns. (rows, 1)
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).rowMean().toRows()); // [ [ 2.5 ], [ 2.5 ] ]
   */
  rowMean(out?: Matrix): Matrix {
    const result = Matrix.#ofRows("rowMean", this, rowSum, out);
    arithmetic.divScalar(result.data, this.cols, result.data);
    return result;
  }

  /**
   * The mean of each column, NaN when there are no rows. (1, cols)
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).columnMean().toRows()); // [ [ 2, 3 ] ]
   */
  columnMean(out?: Matrix): Matrix {
    const result = Matrix.#ofColumns("columnMean", this, columnSum, out);
    arithmetic.divScalar(result.data, this.rows, result.data);
    return result;
  }

  /**
   * The mean of all elements, NaN when there are none.
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).mean()); // 2.5
   */
  mean(): number {
    checkNoAxis("mean", arguments.length);
    checkElements("mean", "this", this);
    return elementwise.sum(this.data) / this.data.length;
  }

  /**
   * The population standard deviation of each column, divisor rows; NaN when there are no rows.
   * (1, cols)
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).columnStd().toRows()); // [ [ 1, 1 ] ]
   */
  columnStd(out?: Matrix): Matrix {
    const std: ReduceKernel = (m, n, a, result) =>
      columnMoments(m, n, a, new Float64Array(n), result);
    return Matrix.#ofColumns("columnStd", this, std, out);
  }

  /**
   * The greatest element of each row, NaN where the row has one. (rows, 1) Throws a ShapeError when
   * there are no columns.
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).rowMax().toRows()); // [ [ 4 ], [ 3 ] ]
   */
  rowMax(out?: Matrix): Matrix {
    checkHas("rowMax", "column", this);
    return Matrix.#ofRows("rowMax", this, reductions.rowMax, out);
  }

  /**
   * The greatest element of each column, NaN where the column has one. (1, cols) Throws a
   * ShapeError when there are no rows.
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).columnMax().toRows()); // [ [ 3, 4 ] ]
   */
  columnMax(out?: Matrix): Matrix {
    checkHas("columnMax", "row", this);
    return Matrix.#ofColumns("columnMax", this, reductions.columnMax, out);
  }

  /**
   * The greatest element, NaN when there is one. Throws a ShapeError when there are no elements.
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).max()); // 4
   */
  max(): number {
    checkNoAxis("max", arguments.length);
    checkHas("max", "element", this);
    return reductions.max(this.data);
  }

  /**
   * The least element of each row, NaN where the row has one. (rows, 1) Throws a ShapeError when
   * there are no columns.
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).rowMin().toRows()); // [ [ 1 ], [ 2 ] ]
   */
  rowMin(out?: Matrix): Matrix {
    checkHas("rowMin", "column", this);
    return Matrix.#ofRows("rowMin", this, reductions.rowMin, out);
  }

  /**
   * The least element of each column, NaN where the column has one. (1, cols) Throws a
   * ShapeError when there are no rows.
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).columnMin().toRows()); // [ [ 1, 2 ] ]
   */
  columnMin(out?: Matrix): Matrix {
    checkHas("columnMin", "row", this);
    return Matrix.#ofColumns("columnMin", this, reductions.columnMin, out);
  }

  /**
   * The least element, NaN when there is one. Throws a ShapeError when there are no elements.
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).min()); // 1
   */
  min(): number {
    checkNoAxis("min", arguments.length);
    checkHas("min", "element", this);
    return reductions.min(this.data);
  }

  /**
   * The column of the greatest element of each row: of equals the first, and the first NaN before
   * any number. (rows) Throws a ShapeError when there are no columns.
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).rowArgmax()); // Int32Array(2) [ 1, 0 ]
   */
  rowArgmax(): NewInt32Array {
    checkHas("rowArgmax", "column", this);
    const result = new Int32Array(this.rows);
    reductions.rowArgmax(this.rows, this.cols, this.data, result);
    return result;
  }

  /**
   * The row of the greatest element of each column: of equals the first, and the first NaN before
   * any number. (cols) Throws a ShapeError when there are no rows.
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).columnArgmax()); // Int32Array(2) [ 1, 0 ]
   */
  columnArgmax(): NewInt32Array {
    checkHas("columnArgmax", "row", this);
    const result = new Int32Array(this.cols);
    reductions.columnArgmax(this.rows, this.cols, this.data, result);
    return result;
  }

  /**
   * The place of the greatest element in `data`, i·cols + j: of equals the first, and the first NaN
   * before any number. Throws a ShapeError when there are no elements.
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).argmax()); // 1
   */
  argmax(): number {
    checkNoAxis("argmax", arguments.length);
    checkHas("argmax", "element", this);
    return reductions.argmax(0, this.data.length, this.data);
  }

  /**
   * The column of the least element of each row: of equals the first, and the first NaN before any
   * number. (rows) Throws a ShapeError when there are no columns.
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).rowArgmin()); // Int32Array(2) [ 0, 1 ]
   */
  rowArgmin(): NewInt32Array {
    checkHas("rowArgmin", "column", this);
    const result = new Int32Array(this.rows);
    reductions.rowArgmin(this.rows, this.cols, this.data, result);
    return result;
  }

  /**
   * The row of the least element of each column: of equals the first, and the first NaN before any
   * number. (cols) Throws a ShapeError when there are no rows.
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).columnArgmin()); // Int32Array(2) [ 0, 1 ]
   */
  columnArgmin(): NewInt32Array {
    checkHas("columnArgmin", "row", this);
    const result = new Int32Array(this.cols);
    reductions.columnArgmin(this.rows, this.cols, this.data, result);
    return result;
  }

  /**
   * The place of the least element in `data`, i·cols + j: of equals the first, and the first NaN
   * before any number. Throws a ShapeError when there are no elements.
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).argmin()); // 0
   */
  argmin(): number {
    checkNoAxis("argmin", arguments.length);
    checkHas("argmin", "element", this);
    return reductions.argmin(0, this.data.length, this.data);
  }

  /**
   * The square root of the sum of all squares (Frobenius), also where squares overflow or vanish.
   * @example
   * console.log(Matrix.rowVector([3, 4]).norm()); // 5
   */
  norm(): number {
    checkElements("norm", "this", this);
    return reductions.norm(this.data);
  }

  /**
   * The sum of the elements (0, 0), (1, 1), …
   * @example
   * console.log(Matrix.fromRows([[1, 4], [3, 2]]).trace()); // 3
   */
  trace(): number {
    return this.diagonal().reduce((sum, value) => sum + value, 0);
  }

  // Comparing, printing, storing

  /**
   * Whether `b` has the same shape and no element differs by more than `tolerance` (default 0). NaN
   * equals nothing; 0 equals −0.
   * @example
   * console.log(Matrix.ones(1, 2).equals(Matrix.filled(1, 2, 1.01), 0.1)); // true
   */
  equals(b: Matrix, tolerance = 0): boolean {
    checkElements("equals", "this", this);
    checkMatrix("equals", "b", b);
    checkNumber("equals", "tolerance", tolerance);
    if (!(tolerance >= 0))
      throw new ArgumentRangeError(
        `equals: tolerance expected a number >= 0, got ${show(tolerance)}`,
      );
    if (this.rows !== b.rows || this.cols !== b.cols) return false;
    return reductions.areClose(this.data, b.data, tolerance);
  }

  /**
   * The shape and the elements in aligned columns, integers whole and others to five digits; elided
   * beyond 10 rows or columns.
   * @example
   * console.log(String(Matrix.identity(2)));
   * // Matrix 2×2
   * //   1  0
   * //   0  1
   */
  toString(): string {
    return print(this);
  }

  /**
   * The plain object that JSON.stringify writes; `Matrix.fromJSON` reads it without loss.
   * @example
   * console.log(JSON.stringify(Matrix.identity(1))); // {"rows":1,"cols":1,"data":[1]}
   */
  toJSON(): MatrixJson {
    return matrixToJson(this);
  }

  /**
   * The text for a template or `+`. Throws a TypeError where a number is wanted, as in `2 * matrix`
   * and Math.exp(matrix), which would be NaN.
   * @example
   * console.log(`${Matrix.identity(1)}`);
   * // Matrix 1×1
   * //   1
   */
  [Symbol.toPrimitive](hint: string): string {
    if (hint !== "number") return print(this);
    throw new ArgumentTypeError(
      "Matrix: expected a number, got a Matrix; use methods such as add, scale or exp " +
        "instead of operators and Math",
    );
  }

  /** What console.log shows in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return print(this);
  }

  // Results and their checks. Static, because a proxy around a matrix has no # methods.

  /** Zeros of (rows, cols) for the result of an operation. */
  static #result(rows: number, cols: number): Matrix {
    const result = new Matrix(rows, cols, sharedArray(rows * cols));
    result.#own = result.data;
    return result;
  }

  static #copy(rows: number, cols: number, values: ArrayLike<number>): Matrix {
    const result = new Matrix(rows, cols);
    result.data.set(values);
    return result;
  }

  #fill(values: Float64Array, offset: number, factor: number): Matrix {
    for (let i = 0; i < values.length; i++) this.data[i] = offset + factor * values[i];
    return this;
  }

  /** Throws when an `out` was given that shares an element with `a`. */
  static #checkApart(where: string, out: Matrix | undefined, a: Matrix, name: string): void {
    if (out === undefined) return;
    // known for sure without asking for their buffers, which takes 30 ns; not of another copy of
    // this class, or a proxy
    if (#own in out && #own in a && a.data !== out.data)
      if (a.#own === a.data && out.#own === out.data) return;
    checkDisjoint(where, out, a.data, name);
  }

  /** `out` after its checks, or a new matrix of the shape of `a`. */
  static #elementwiseOut(where: string, a: Matrix, out: Matrix | undefined): Matrix {
    checkElements(where, "this", a);
    if (out === undefined) return Matrix.#result(a.rows, a.cols);
    checkMatrixOf(where, "out", out, a.rows, a.cols);
    checkInPlace(where, out, a, "this");
    return out;
  }

  /** kernel(a) element by element. */
  static #each(where: string, a: Matrix, kernel: UnaryKernel, out: Matrix | undefined): Matrix {
    const result = Matrix.#elementwiseOut(where, a, out);
    kernel(a.data, result.data);
    return result;
  }

  /** kernel(a, s) element by element. */
  static #eachWithNumber(
    where: string,
    a: Matrix,
    s: number,
    kernel: ScalarKernel,
    out: Matrix | undefined,
  ): Matrix {
    checkNumber(where, "s", s);
    const result = Matrix.#elementwiseOut(where, a, out);
    kernel(a.data, s, result.data);
    return result;
  }

  /** kernel(a, b) element by element, for two matrices of one shape. */
  static #both(
    where: string,
    a: Matrix,
    b: Matrix,
    kernel: BinaryKernel,
    out: Matrix | undefined,
  ): Matrix {
    const result = Matrix.#binaryOut(where, a, b, out);
    kernel(a.data, b.data, result.data);
    return result;
  }

  static #binaryOut(where: string, a: Matrix, b: Matrix, out: Matrix | undefined): Matrix {
    checkMatrixOf(where, "b", b, a.rows, a.cols);
    const result = Matrix.#elementwiseOut(where, a, out);
    checkInPlace(where, out, b, "b");
    return result;
  }

  /** kernel(row of a, vector) for each row, or the same by columns. */
  static #broadcast(
    where: string,
    a: Matrix,
    name: "row" | "column",
    vector: Matrix,
    kernel: BroadcastKernel,
    out: Matrix | undefined,
  ): Matrix {
    const { rows, cols } = a;
    const isRow = name === "row";
    checkMatrixOf(where, name, vector, isRow ? 1 : rows, isRow ? cols : 1);
    const result = Matrix.#elementwiseOut(where, a, out);
    checkDisjoint(where, out, vector.data, name);
    kernel(rows, cols, a.data, vector.data, result.data);
    return result;
  }

  /** One element for each row. (rows, 1) */
  static #ofRows(where: string, a: Matrix, kernel: ReduceKernel, out: Matrix | undefined): Matrix {
    const result = Matrix.#disjointOut(where, a, a.rows, 1, out);
    kernel(a.rows, a.cols, a.data, result.data);
    return result;
  }

  /** One element for each column. (1, cols) */
  static #ofColumns(
    where: string,
    a: Matrix,
    kernel: ReduceKernel,
    out: Matrix | undefined,
  ): Matrix {
    const result = Matrix.#disjointOut(where, a, 1, a.cols, out);
    kernel(a.rows, a.cols, a.data, result.data);
    return result;
  }

  /** `out` after its checks, or a new matrix of rows × cols; it shares no memory with `a`. */
  static #disjointOut(
    where: string,
    a: Matrix,
    rows: number,
    cols: number,
    out: Matrix | undefined,
  ): Matrix {
    checkElements(where, "this", a);
    if (out === undefined) return Matrix.#result(rows, cols);
    checkMatrixOf(where, "out", out, rows, cols);
    Matrix.#checkApart(where, out, a, "this");
    return out;
  }

  static #concatOut(
    where: string,
    matrices: readonly Matrix[],
    rows: number,
    cols: number,
    out: Matrix | undefined,
  ): Matrix {
    if (out === undefined) return Matrix.#result(rows, cols);
    checkMatrixOf(where, "out", out, rows, cols);
    for (const [i, { data }] of matrices.entries()) checkDisjoint(where, out, data, `matrix ${i}`);
    return out;
  }
}

/** The sizes of matrices put together, which must have the same number of rows or columns. */
function checkMatrices(where: string, matrices: readonly Matrix[], same: "rows" | "columns") {
  if (!Array.isArray(matrices))
    throw new ArgumentTypeError(
      `${where}: matrices expected an array of them, got ${show(matrices)}`,
    );
  if (matrices.length === 0)
    throw new ArgumentRangeError(`${where}: matrices expected at least one, got none`);
  for (const [i, matrix] of matrices.entries()) checkMatrix(where, `matrices[${i}]`, matrix);
  const size = ({ rows, cols }: Shape): number => (same === "rows" ? rows : cols);
  const expected = size(matrices[0]);
  let sum = 0;
  for (const [i, matrix] of matrices.entries()) {
    checkShape(
      size(matrix) === expected,
      () => `${where}: expected ${expected} ${same} in matrix ${i} as in 0, got ${shapeOf(matrix)}`,
    );
    sum += same === "rows" ? matrix.cols : matrix.rows;
  }
  return same === "rows" ? { rows: expected, cols: sum } : { rows: sum, cols: expected };
}
