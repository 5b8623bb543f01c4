import assert from "node:assert/strict";
import { test } from "node:test";
import * as reference from "../../lib/kernels/reference.ts";
import {
  addScaled,
  allFinite,
  columnSum,
  regularize,
  scale,
  sumOfSquares,
} from "../../lib/kernels/resident.ts";
import { WASM_MIN_LENGTH } from "../../lib/kernels/sizes.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../helpers/numbers.ts";
import { workspaceArrays } from "./workspace-arrays.ts";

// Around WASM_MIN_LENGTH, where WebAssembly takes over, and around multiples of four.
const LENGTHS = [
  1,
  5,
  WASM_MIN_LENGTH - 1,
  WASM_MIN_LENGTH,
  WASM_MIN_LENGTH + 1,
  WASM_MIN_LENGTH + 2,
  WASM_MIN_LENGTH + 3,
  1000,
  8191,
];

/** The array's elements in another array. */
function moved(array: Float64Array, into: Float64Array): Float64Array {
  into.set(array);
  return into;
}

test("addScaled has the reference's bits in a workspace, over either operand too", () => {
  for (const n of LENGTHS) {
    for (const make of [normals, specialValues]) {
      const [a, b] = [make(n, 1), make(n, 2)];
      const expected = nanFilled(n);
      reference.addScaled(a, b, -0.3, expected);
      for (const over of [0, 1, 2]) {
        const { workspace, arrays } = workspaceArrays([
          [n, 1],
          [n, 1],
          [n, 1],
        ]);
        const [aIn, bIn] = [moved(a, arrays[0]), moved(b, arrays[1])];
        arrays[2].fill(NaN);
        addScaled(aIn, bIn, -0.3, arrays[over], workspace);
        assertSameBits(arrays[over], expected, `${n} elements into array ${over}`);
      }
    }
  }
});

test("scale has the reference's bits in a workspace, in place too", () => {
  for (const n of LENGTHS) {
    const a = specialValues(n, 1);
    const expected = nanFilled(n);
    reference.scale(a, -0.3, expected);
    for (const into of [0, 1]) {
      const { workspace, arrays } = workspaceArrays([
        [n, 1],
        [n, 1],
      ]);
      scale(moved(a, arrays[0]), -0.3, arrays[into], workspace);
      assertSameBits(arrays[into], expected, `${n} elements into array ${into}`);
    }
  }
});

test("sumOfSquares adds in the order of the reference in a workspace", () => {
  for (const n of LENGTHS) {
    for (const make of [normals, specialValues]) {
      const { workspace, arrays } = workspaceArrays([[n, 1]]);
      const a = make(n, 1);
      const sum = sumOfSquares(moved(a, arrays[0]), workspace);
      assertSameBits([sum], [reference.sumOfSquares(a)], `${n} elements`);
    }
  }
});

test("regularize has the reference's bits and sum in a workspace", () => {
  for (const n of LENGTHS) {
    for (const make of [normals, specialValues]) {
      const a = make(n, 3);
      const expected = make(n, 4);
      const { workspace, arrays } = workspaceArrays([
        [n, 1],
        [n, 1],
      ]);
      const [da, aIn] = [moved(expected, arrays[0]), moved(a, arrays[1])];
      const sum = reference.regularize(a, 0.1, expected);
      assertSameBits([regularize(aIn, 0.1, da, workspace)], [sum], `sum of ${n}`);
      assertSameBits(da, expected, `gradient of ${n}`);
      assertSameBits(aIn, a, `${n} elements afterwards`);
    }
  }
});

test("allFinite finds one NaN or infinity at any place of a workspace, and only those", () => {
  for (const n of LENGTHS) {
    const { workspace, arrays } = workspaceArrays([[n, 1]]);
    const [a] = arrays;
    // what follows the array does not count
    new Float64Array(a.buffer, a.byteOffset, n + 8).fill(NaN);
    for (let i = 0; i < n; i++) a[i] = i % 3 === 0 ? -0 : -1e308;
    assert.equal(allFinite(a, workspace), true, `${n} elements`);
    for (const i of [0, 1, 2, 3, n >> 1, n - 4, n - 3, n - 2, n - 1]) {
      if (i < 0 || i >= n) continue;
      for (const bad of [NaN, Infinity, -Infinity]) {
        a[i] = bad;
        assert.equal(allFinite(a, workspace), false, `${bad} at ${i} of ${n}`);
      }
      a[i] = 0;
    }
  }
});

test("columnSum has the reference's bits in a workspace, and writes over nothing else", () => {
  for (const m of [1, 2, 3, 5, 16, 32, 33]) {
    for (const n of [1, 3, 4, 7, 8, 9, 10, 15, 16, 17, 100, 129]) {
      const a = specialValues(m * n, m + 50 * n);
      const expected = nanFilled(n);
      reference.columnSum(m, n, a, expected);
      const { workspace, arrays } = workspaceArrays([
        [m, n],
        [1, n],
        [1, 8],
      ]);
      const [aIn, out, next] = arrays;
      next.fill(7);
      out.fill(NaN);
      columnSum(m, n, moved(a, aIn), out, workspace);
      assertSameBits(out, expected, `${m}×${n}`);
      assertSameBits(aIn, a, `operand of ${m}×${n}`);
      assert.ok(
        next.every((value) => value === 7),
        `${m}×${n}: the next array was overwritten`,
      );
    }
  }
});

test("regularize has the reference's bits and sum without a workspace, too", () => {
  for (const n of LENGTHS) {
    for (const make of [normals, specialValues]) {
      const a = make(n, 1);
      const expected = make(n, 2);
      const da = expected.slice();
      const expectedSum = reference.regularize(a, 0.1, expected);
      assertSameBits([regularize(a, 0.1, da)], [expectedSum], `sum of ${n}`);
      assertSameBits(da, expected, `gradient of ${n}`);
    }
  }
});
