// Class Matrix: dense, row-major, float64. Every method checks its arguments, allocates unless
// given an `out`, and calls one kernel. Boring on purpose: what is clever lies in kernels/.

import { checkFinite, checkOptions, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { checkRandom, type Random } from "../base/random.ts";
import { isFloat64Array } from "../base/realms.ts";
import { columnSum } from "../kernels/columns.ts";
import { add, addScaled, mul, relu, reluMask, scale, sub, sum } from "../kernels/elementwise.ts";
import { gemm } from "../kernels/gemm/gemm.ts";
import { addRow, rowArgmax, rowMax, rowSum, takeRows } from "../kernels/rows.ts";
import { transpose } from "../kernels/transpose.ts";
import { type MatrixJson, matrixFromJson, matrixToJson } from "./json.ts";
import { print } from "./print.ts";
import {
  checkDisjoint,
  checkElements,
  checkHasColumns,
  checkIndex,
  checkInPlace,
  checkMatrix,
  checkOut,
  checkRow,
  checkSameShape,
  checkShape,
  checkSizes,
  type Dense,
  shapeOf,
} from "./shape.ts";
import { allocate, sharedArray } from "./storage.ts";

/** Options of `Matrix.matmul`. */
export type MatmulOptions = {
  /** Use the transpose of the left operand; costs nothing extra. */
  transA?: boolean;
  /** Use the transpose of the right operand; costs nothing extra. */
  transB?: boolean;
  /** Where the product goes: (m, n), sharing no memory with an operand. */
  out?: Matrix;
};

const MATMUL_DEFAULTS: MatmulOptions = {};

/**
 * A dense matrix of float64 in row-major order: element (i, j) is `data[i * cols + j]`. A vector is
 * a Matrix with one row or one column; rows and columns may be zero.
 *
 * A method never changes `this` unless it is passed as `out`. An `out` must have the shape of the
 * result; elementwise methods accept an operand itself as `out`, the others refuse one that shares
 * memory with an operand. Wrong shapes throw a ShapeError, other wrong values a RangeError, wrong
 * types a TypeError, before anything is changed.
 * @example
 * const a = Matrix.fromRows([[1, -2], [3, 4]]);
 * console.log(`${a.matmul(a, { transB: true })}`);
 * // Matrix 2×2
 * //    5  -5
 * //   -5  25
 * const text = (m: Matrix) => JSON.stringify(m.toRows());
 * console.log(text(a.transpose()), text(a.add(a)), text(a.sub(a)), text(a.mul(a)), text(a.scale(10)));
 * // [[1,3],[-2,4]] [[2,-4],[6,8]] [[0,0],[0,0]] [[1,4],[9,16]] [[10,-20],[30,40]]
 * console.log(text(a.addScaled(a, 0.5)), text(a.addRow(Matrix.rowVector([1, 2]))), text(a.relu()), text(a.reluMask()));
 * // [[1.5,-3],[4.5,6]] [[2,0],[4,6]] [[1,0],[3,4]] [[1,0],[1,1]]
 * console.log(text(a.rowMax()), text(a.rowSum()), text(a.columnSum()), a.rowArgmax().join(), a.sum());
 * // [[1],[4]] [[-1],[7]] [[4,2]] 0,1 6
 * console.log(text(a.takeRows([1, 1, 0])), text(a.sliceRows(1, 2)), a.row(1).join(), a.get(1, 0));
 * // [[3,4],[3,4],[1,-2]] [[3,4]] 3,4 3
 * console.log(text(Matrix.filled(1, 2, 7)), text(Matrix.identity(2).map((value, i, j) => value + i + j)));
 * // [[7,7]] [[1,1],[1,3]]
 * a.clone().set(0, 0, 9); // a itself stays as it is
 * console.log(a.equals(Matrix.randomNormal(2, 2, new Random(0), { mean: 1, std: 0 }), 3)); // true
 */
export class Matrix {
  readonly rows: number;
  readonly cols: number;
  /**
   * The elements themselves, not a copy. Results of operations with 9 to 256 elements may share
   * `data.buffer` with other results, as small Buffers of Node do; `clone()` has one of its own.
   */
  readonly data: Float64Array;
  #own: Float64Array | undefined; // `data` if it was allocated here, so that no other matrix had it

  /** Zeros of (rows, cols), or `data` adopted without copying; `data.length` must be rows·cols. */
  constructor(rows: number, cols: number, data?: Float64Array) {
    checkSizes("Matrix", rows, cols);
    if (data !== undefined) {
      if (!isFloat64Array(data))
        throw new ArgumentTypeError(`Matrix: data expected a Float64Array, got ${show(data)}`);
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

  /** Zeros of (rows, cols) for the result of an operation. */
  static #result(rows: number, cols: number): Matrix {
    const result = new Matrix(rows, cols, sharedArray(rows * cols));
    result.#own = result.data;
    return result;
  }

  /** Whether the two share no element for sure, found without asking for their buffers: 30 ns. */
  static #areApart(a: Matrix, b: Matrix): boolean {
    if (!(#own in a && #own in b)) return false; // of another copy of this class
    return a.data !== b.data && a.#own === a.data && b.#own === b.data;
  }

  /** A copy of an array of equally long rows. No rows give a 0×0 matrix. */
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
    for (let i = 0; i < rows.length; i++)
      copyNumbers("fromRows", rows[i], result.data, i * cols, i);
    return result;
  }

  /** A copy of `values` as one row. (1, n) */
  static rowVector(values: ArrayLike<number>): Matrix {
    const result = new Matrix(1, checkArrayLike("rowVector", "values", values));
    copyNumbers("rowVector", values, result.data, 0, 0);
    return result;
  }

  /**
   * The matrix that `toJSON` described, exactly; it also takes what structuredClone makes of a
   * Matrix.
   * @example
   * const text = JSON.stringify(Matrix.fromRows([[1, NaN]]));
   * console.log(Matrix.fromJSON(JSON.parse(text)).row(0).join()); // 1,NaN
   */
  static fromJSON(value: MatrixJson | Dense): Matrix {
    const { rows, cols, data } = matrixFromJson("fromJSON", value);
    return new Matrix(rows, cols, data);
  }

  /** Ones on the diagonal, zeros elsewhere. (n, n) */
  static identity(n: number): Matrix {
    checkSizes("identity", n, n);
    const result = new Matrix(n, n);
    for (let i = 0; i < n; i++) result.data[i * n + i] = 1;
    return result;
  }

  /** Every element `value`. (rows, cols) */
  static filled(rows: number, cols: number, value: number): Matrix {
    checkSizes("filled", rows, cols);
    checkNumber("filled", "value", value);
    const result = new Matrix(rows, cols);
    result.data.fill(value);
    return result;
  }

  /**
   * Normal elements of mean 0 and standard deviation 1 unless told otherwise; takes one stream of
   * `random`. (rows, cols)
   */
  static randomNormal(
    rows: number,
    cols: number,
    random: Random,
    options: { mean?: number; std?: number } = {},
  ): Matrix {
    checkSizes("randomNormal", rows, cols);
    checkRandom("randomNormal", random);
    checkOptions("randomNormal", options, ["mean", "std"]);
    const { mean = 0, std = 1 } = options;
    checkFinite("randomNormal", "mean", mean);
    checkFinite("randomNormal", "std", std, 0);
    const result = new Matrix(rows, cols);
    const normal = random.normal(rows * cols);
    for (let i = 0; i < normal.length; i++) result.data[i] = mean + std * normal[i];
    return result;
  }

  /**
   * The number of rows and of columns.
   * @example
   * console.log(new Matrix(2, 3).shape.join("×")); // 2×3
   */
  get shape(): [rows: number, cols: number] {
    return [this.rows, this.cols];
  }

  /** Element (i, j), both from 0. */
  get(i: number, j: number): number {
    checkElements("get", "this", this);
    checkIndex("get", "row", i, this.rows);
    checkIndex("get", "column", j, this.cols);
    return this.data[i * this.cols + j];
  }

  /** Changes element (i, j), both from 0. */
  set(i: number, j: number, value: number): void {
    checkElements("set", "this", this);
    checkIndex("set", "row", i, this.rows);
    checkIndex("set", "column", j, this.cols);
    checkNumber("set", "value", value);
    this.data[i * this.cols + j] = value;
  }

  /** Row i as a view: writing to it changes the matrix. (cols) */
  row(i: number): Float64Array {
    checkIndex("row", "row", i, this.rows);
    return this.data.subarray(i * this.cols, (i + 1) * this.cols);
  }

  /** Rows start..end−1 as a view: both matrices share their elements. (end − start, cols) */
  sliceRows(start: number, end: number): Matrix {
    if (
      !(
        Number.isInteger(start) &&
        Number.isInteger(end) &&
        0 <= start &&
        start <= end &&
        end <= this.rows
      )
    ) {
      const message = `sliceRows: expected integers 0 <= start <= end <= ${this.rows}, got ${show(start)} and ${show(end)}`;
      throw typeof start === "number" && typeof end === "number"
        ? new ArgumentRangeError(message)
        : new ArgumentTypeError(message);
    }
    return new Matrix(
      end - start,
      this.cols,
      this.data.subarray(start * this.cols, end * this.cols),
    );
  }

  /**
   * A copy of the rows named by `indices`, in that order, repeats allowed. (indices.length, cols)
   */
  takeRows(indices: ArrayLike<number>, out?: Matrix): Matrix {
    const { rows, cols, data } = this;
    const count = checkArrayLike("takeRows", "indices", indices);
    for (let i = 0; i < count; i++) {
      const index = indices[i];
      if (!(Number.isInteger(index) && index >= 0 && index < rows))
        checkIndex("takeRows", `index ${i}`, index, rows);
    }
    const result = this.#disjointOut("takeRows", count, cols, out);
    takeRows(count, cols, data, indices, result.data);
    return result;
  }

  /** A copy with elements of its own. (rows, cols) */
  clone(): Matrix {
    return new Matrix(this.rows, this.cols, this.data.slice());
  }

  /** The elements as an array of rows. */
  toRows(): number[][] {
    return Array.from({ length: this.rows }, (_, i) => Array.from(this.row(i)));
  }

  /**
   * The matrix product: (m, k)·(k, n) gives (m, n), each operand transposed first where asked.
   * Every element is summed in the order of k with a separate multiply and add (unless `configure({
   * kernel: "fma" })`), so it has the same bits on every path; with k = 0 it is 0. Throws a
   * ShapeError when the inner sizes differ.
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
    const out = this.#disjointOut("matmul", m, n, options.out);
    if (options.out !== undefined && !Matrix.#areApart(out, b))
      checkDisjoint("matmul", out, b, "b");
    gemm({ transA, transB, m, n, k, a: this.data, b: b.data, c: out.data });
    return out;
  }

  /** Rows become columns. (cols, rows) */
  transpose(out?: Matrix): Matrix {
    const result = this.#disjointOut("transpose", this.cols, this.rows, out);
    transpose(this.rows, this.cols, this.data, result.data);
    return result;
  }

  /** this + b, elementwise. (rows, cols) */
  add(b: Matrix, out?: Matrix): Matrix {
    const result = this.#binaryOut("add", b, out);
    add(this.data, b.data, result.data);
    return result;
  }

  /** this − b, elementwise. (rows, cols) */
  sub(b: Matrix, out?: Matrix): Matrix {
    const result = this.#binaryOut("sub", b, out);
    sub(this.data, b.data, result.data);
    return result;
  }

  /** this·b, elementwise (Hadamard); see `matmul` for the matrix product. (rows, cols) */
  mul(b: Matrix, out?: Matrix): Matrix {
    const result = this.#binaryOut("mul", b, out);
    mul(this.data, b.data, result.data);
    return result;
  }

  /** s·this. (rows, cols) */
  scale(s: number, out?: Matrix): Matrix {
    checkNumber("scale", "s", s);
    const result = this.#elementwiseOut("scale", out);
    scale(this.data, s, result.data);
    return result;
  }

  /** this + s·b, elementwise. (rows, cols) */
  addScaled(b: Matrix, s: number, out?: Matrix): Matrix {
    checkNumber("addScaled", "s", s);
    const result = this.#binaryOut("addScaled", b, out);
    addScaled(this.data, b.data, s, result.data);
    return result;
  }

  /**
   * `row` added to every row: (m, n) + (1, n). An `out` must share no memory with `row`. (rows,
   * cols)
   */
  addRow(row: Matrix, out?: Matrix): Matrix {
    checkRow("addRow", this, row);
    const result = this.#elementwiseOut("addRow", out);
    if (out !== undefined) checkDisjoint("addRow", result, row, "row");
    addRow(this.rows, this.cols, this.data, row.data, result.data);
    return result;
  }

  /** max(element, 0); NaN stays NaN, as in NumPy. (rows, cols) */
  relu(out?: Matrix): Matrix {
    const result = this.#elementwiseOut("relu", out);
    relu(this.data, result.data);
    return result;
  }

  /** 1 where the element is > 0, else 0: the derivative of relu, taken as 0 at 0. (rows, cols) */
  reluMask(out?: Matrix): Matrix {
    const result = this.#elementwiseOut("reluMask", out);
    reluMask(this.data, result.data);
    return result;
  }

  /**
   * f(element, i, j) for every element, row by row; nothing is changed when `f` throws or returns
   * no number. (rows, cols)
   */
  map(f: (value: number, i: number, j: number) => number, out?: Matrix): Matrix {
    if (typeof f !== "function")
      throw new ArgumentTypeError(`map: f expected a function, got ${show(f)}`);
    const target = this.#elementwiseOut("map", out);
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

  /**
   * The greatest element of each row, NaN where the row has one. (rows, 1) Throws a ShapeError when
   * there are no columns.
   */
  rowMax(): Matrix {
    checkHasColumns("rowMax", this);
    const result = Matrix.#result(this.rows, 1);
    rowMax(this.rows, this.cols, this.data, result.data);
    return result;
  }

  /** The sum of each row, 0 when there are no columns. (rows, 1) */
  rowSum(): Matrix {
    checkElements("rowSum", "this", this);
    const result = Matrix.#result(this.rows, 1);
    rowSum(this.rows, this.cols, this.data, result.data);
    return result;
  }

  /**
   * The column of the greatest element of each row: the first of several, and the first NaN before
   * any number, as NumPy's argmax. (rows) Throws a ShapeError when there are no columns.
   */
  rowArgmax(): Int32Array {
    checkHasColumns("rowArgmax", this);
    const result = new Int32Array(this.rows);
    rowArgmax(this.rows, this.cols, this.data, result);
    return result;
  }

  /** The sum of each column, 0 when there are no rows. (1, cols) */
  columnSum(): Matrix {
    checkElements("columnSum", "this", this);
    const result = Matrix.#result(1, this.cols);
    columnSum(this.rows, this.cols, this.data, result.data);
    return result;
  }

  /**
   * The sum of all elements, 0 when there are none: of every fourth element in order, and of these
   * four sums.
   */
  sum(): number {
    checkElements("sum", "this", this);
    return sum(this.data);
  }

  /**
   * Whether `b` has the same shape and no element differs by more than `tolerance` (default 0). NaN
   * equals nothing; 0 equals −0.
   */
  equals(b: Matrix, tolerance = 0): boolean {
    checkMatrix("equals", "b", b);
    checkNumber("equals", "tolerance", tolerance);
    if (!(tolerance >= 0))
      throw new ArgumentRangeError(
        `equals: tolerance expected a number >= 0, got ${show(tolerance)}`,
      );
    if (this.rows !== b.rows || this.cols !== b.cols) return false;
    // a === b first: ∞ − ∞ is NaN
    return this.data.every(
      (value, i) => value === b.data[i] || Math.abs(value - b.data[i]) <= tolerance,
    );
  }

  /**
   * The shape and the elements in aligned columns, integers whole and others to five digits; elided
   * beyond 10 rows or columns.
   */
  toString(): string {
    return print(this);
  }

  /**
   * The plain object that JSON.stringify writes; `Matrix.fromJSON` reads it without loss.
   * @example
   * console.log(JSON.stringify(Matrix.identity(1).toJSON())); // {"rows":1,"cols":1,"data":[1]}
   */
  toJSON(): MatrixJson {
    return matrixToJson(this);
  }

  /** What console.log shows in Node. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return print(this);
  }

  /** `out` after its checks, or a new matrix of this shape. */
  #elementwiseOut(where: string, out: Matrix | undefined): Matrix {
    checkElements(where, "this", this);
    if (out === undefined) return Matrix.#result(this.rows, this.cols);
    checkOut(where, out, this.rows, this.cols);
    checkInPlace(where, out, this, "this");
    return out;
  }

  /** The same for a method with a second operand of the same shape. */
  #binaryOut(where: string, b: Matrix, out: Matrix | undefined): Matrix {
    checkSameShape(where, this, b);
    const result = this.#elementwiseOut(where, out);
    if (out !== undefined) checkInPlace(where, out, b, "b");
    return result;
  }

  /** `out` after its checks, or a new matrix of rows × cols. */
  #disjointOut(where: string, rows: number, cols: number, out: Matrix | undefined): Matrix {
    checkElements(where, "this", this);
    if (out === undefined) return Matrix.#result(rows, cols);
    checkOut(where, out, rows, cols);
    if (!Matrix.#areApart(out, this)) checkDisjoint(where, out, this, "this");
    return out;
  }
}

/** The length of an array or typed array, or a TypeError. */
function checkArrayLike(where: string, name: string, value: ArrayLike<unknown>): number {
  if (
    typeof value === "object" &&
    value !== null &&
    Number.isSafeInteger(value.length) &&
    value.length >= 0
  )
    return value.length;
  throw new ArgumentTypeError(`${where}: ${name} expected an array, got ${show(value)}`);
}

function checkNumber(where: string, name: string, value: unknown): void {
  if (typeof value !== "number")
    throw new ArgumentTypeError(`${where}: ${name} expected a number, got ${show(value)}`);
}

function checkBoolean(where: string, name: string, value: unknown): void {
  if (typeof value !== "boolean")
    throw new ArgumentTypeError(`${where}: ${name} expected true or false, got ${show(value)}`);
}

function copyNumbers(
  where: string,
  from: ArrayLike<number>,
  to: Float64Array,
  start: number,
  i: number,
): void {
  for (let j = 0; j < from.length; j++) {
    const value: unknown = from[j];
    if (typeof value !== "number")
      throw new ArgumentTypeError(
        `${where}: expected a number at (${i}, ${j}), got ${show(value)}`,
      );
    to[start + j] = value;
  }
}
