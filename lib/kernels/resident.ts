// The kernels of a training step. With a `workspace`, in which all arrays of the call lie,
// WebAssembly computes long ones, on several threads where that pays; the loops in TypeScript do
// the rest, and everything without a workspace. The bits are the same. adam.ts has one more.

import * as arithmetic from "./arithmetic.ts";
import * as columns from "./columns.ts";
import * as elementwise from "./elementwise.ts";
import { callOnParts, residentPart } from "./in-parts.ts";
import { PARALLEL_ELEMENTS, WASM_MIN_LENGTH } from "./sizes.ts";
import { trainingKernels } from "./wasm/training.ts";
import type { Workspace } from "./wasm/workspace.ts";

/** out = s·a */
export function scale(a: Float64Array, s: number, out: Float64Array, workspace?: Workspace): void {
  const done = callOnParts(workspace, "scale", [a, out], [s]);
  if (done < a.length) arithmetic.scale(from(done, a), s, from(done, out));
}

/** out = a + s·b, rounded after the product and after the sum. */
export function addScaled(
  a: Float64Array,
  b: Float64Array,
  s: number,
  out: Float64Array,
  workspace?: Workspace,
): void {
  const done = callOnParts(workspace, "addScaled", [a, b, out], [s]);
  if (done < a.length) elementwise.addScaled(from(done, a), from(done, b), s, from(done, out));
}

const from = (start: number, array: Float64Array): Float64Array =>
  start === 0 ? array : array.subarray(start);

/** Σ a² over all elements, in the order of elementwise.sum. */
export function sumOfSquares(a: Float64Array, workspace?: Workspace): number {
  const whole = residentPart(workspace, a.length);
  if (workspace === undefined || whole === 0) return elementwise.sumOfSquares(a);
  const { engine } = workspace;
  const sums = newSums(workspace);
  trainingKernels(engine).squares(a.byteOffset, 8 * whole, sums.byteOffset);
  return totalOf(sums, a, whole);
}

/**
 * The L2 penalty and its gradient: da = da + s·a as addScaled does; returns the sum of a² as
 * sumOfSquares does. In a workspace 0.32 ns an element.
 */
export function regularize(
  a: Float64Array,
  s: number,
  da: Float64Array,
  workspace?: Workspace,
): number {
  const whole = residentPart(workspace, a.length);
  if (workspace === undefined || whole === 0) {
    elementwise.addScaled(da, a, s, da);
    return elementwise.sumOfSquares(a);
  }
  const { engine, executor } = workspace;
  const { doubles, map } = engine;
  const sums = newSums(workspace);
  const [x, dx, total] = [a.byteOffset, da.byteOffset, sums.byteOffset];
  doubles[map.scalars / 8] = s;
  if (executor === undefined || whole < PARALLEL_ELEMENTS) {
    trainingKernels(engine).regularize(x, dx, 8 * whole, map.scalars, total);
  } else {
    executor.runInParts(whole, (start, length, index) => {
      const [at, out] = [x + 8 * start, dx + 8 * start];
      // all in one task: the order of the sums is given
      if (index === 0) executor.call("squares", x, 8 * whole, total);
      executor.call("addScaled", out, at, out, 8 * length, map.scalars);
    });
  }
  for (let i = whole; i < a.length; i++) da[i] += s * a[i];
  return totalOf(sums, a, whole);
}

/** Four running sums in WebAssembly memory, behind the place of a kernel's number. */
function newSums({ engine: { doubles, map } }: Workspace): Float64Array {
  const at = map.scalars / 8 + 8;
  return doubles.subarray(at, at + 4).fill(0);
}

/** The four running sums after the squares of the last elements, fewer than four, added up. */
function totalOf(sums: Float64Array, a: Float64Array, start: number): number {
  for (let i = start; i < a.length; i++) sums[i - start] += a[i] * a[i];
  return sums[0] + sums[1] + (sums[2] + sums[3]);
}

/** True when no element is NaN or infinite. */
export function allFinite(a: Float64Array, workspace?: Workspace): boolean {
  const whole = residentPart(workspace, a.length);
  if (workspace !== undefined && whole > 0 && !isFiniteResident(workspace, a.byteOffset, whole))
    return false;
  return elementwise.allFinite(from(whole, a));
}

/** allFinite of the first n elements, as residentPart counts them, at an address. */
function isFiniteResident({ engine, executor }: Workspace, a: number, n: number): boolean {
  const { doubles, map } = engine;
  let count = 1; // of pairs of results
  if (executor === undefined || n < PARALLEL_ELEMENTS) {
    trainingKernels(engine).nonFinite(a, 8 * n, map.scalars);
  } else {
    count = executor.runInParts(n, (start, length, index) =>
      executor.call("nonFinite", a + 8 * start, 8 * length, map.scalars + 16 * index),
    );
  }
  const at = map.scalars / 8;
  return elementwise.allFinite(doubles.subarray(at, at + 2 * count));
}

/** out (n) = the sum of each column, in the order of the rows. */
export function columnSum(
  m: number,
  n: number,
  a: Float64Array,
  out: Float64Array,
  workspace?: Workspace,
): void {
  if (workspace === undefined || m * n < WASM_MIN_LENGTH) columns.columnSum(m, n, a, out);
  else trainingKernels(workspace.engine).columnSum(a.byteOffset, out.byteOffset, m, 8 * n);
}
