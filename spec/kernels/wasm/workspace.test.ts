import assert from "node:assert/strict";
import { test } from "node:test";
import { columnSum } from "../../../lib/kernels/columns.ts";
import { configure, executorFor } from "../../../lib/kernels/configuration.ts";
import { addScaled, allFinite, regularize } from "../../../lib/kernels/elementwise.ts";
import { gemm } from "../../../lib/kernels/gemm/gemm.ts";
import * as reference from "../../../lib/kernels/reference.ts";
import { STREAM_CHUNK, WASM_MIN_LENGTH, WORKSPACE_SIZE } from "../../../lib/kernels/sizes.ts";
import { residentAddress, scratch, workspaceOf } from "../../../lib/kernels/wasm/workspace.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../../helpers/numbers.ts";
import { stepByStep } from "../../helpers/products.ts";
import { scratchArrays } from "../workspace-arrays.ts";

// Around SHORT, where WebAssembly takes over, around multiples of four, and around the pieces it
// takes.
const LENGTHS = [
  1,
  5,
  WASM_MIN_LENGTH - 1,
  WASM_MIN_LENGTH,
  WASM_MIN_LENGTH + 1,
  WASM_MIN_LENGTH + 2,
  WASM_MIN_LENGTH + 3,
  1000,
  STREAM_CHUNK - 1,
  STREAM_CHUNK,
  STREAM_CHUNK + 1,
  2 * STREAM_CHUNK + 3,
];

const CASES = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
];

/** The array's elements in scratch memory. */
function moved(array: Float64Array, into: Float64Array): Float64Array {
  into.set(array);
  return into;
}

test("scratch gives arrays of the sizes asked for, apart from each other, in WebAssembly's memory", () => {
  const shapes = [
    [3, 5],
    [1, 7],
    [12, 4],
    [0, 9],
    [13, 1],
    [1, 1],
  ] as const;
  const arrays = scratchArrays(shapes);
  const crew = executorFor(0)!;
  assert.deepEqual(
    arrays.map((array) => array.length),
    [15, 7, 48, 0, 13, 1],
  );
  for (const [i, array] of arrays.entries()) {
    array.fill(i);
    assert.equal(array.byteOffset % 16, 0);
    assert.equal(residentAddress(crew, array), array.byteOffset);
    assert.equal(workspaceOf(array), crew);
  }
  for (const [i, array] of arrays.entries())
    assert.ok(
      array.every((value) => value === i),
      `array ${i} was overwritten`,
    );
});

test("scratch begins anew with each call", () => {
  assert.equal(scratchArrays([[4, 4]])[0].byteOffset, scratchArrays([[9, 9]])[0].byteOffset);
});

test("scratch gives no array where its room does not suffice or there is no WebAssembly", () => {
  assert.deepEqual(
    scratch([
      [1, 8],
      [WORKSPACE_SIZE, 1],
      [1, 8],
    ]).map((array) => array?.length),
    [8, undefined, 8],
  );
  const whole = WORKSPACE_SIZE - 24 - 2; // rows come in twelves, and twelve more
  const [all, none] = scratch([
    [12, Math.floor(whole / 12)],
    [1, 1],
  ]);
  assert.deepEqual([all?.length, none], [Math.floor(whole / 12) * 12, undefined]);
  try {
    configure({ kernel: "reference" });
    assert.deepEqual(
      scratch([
        [3, 5],
        [2, 2],
      ]),
      [undefined, undefined],
    );
  } finally {
    configure({ kernel: "auto" });
  }
});

test("holder knows ordinary arrays, views of them, and arrays of another kernel's memory", () => {
  const [array] = scratchArrays([[20, 20]]);
  assert.equal(workspaceOf(new Float64Array(400)), undefined);
  assert.equal(workspaceOf(new Float64Array(2 ** 20).subarray(900000)), undefined);
  try {
    configure({ kernel: "reference" });
    assert.equal(workspaceOf(array), undefined);
    configure({ kernel: "simd" });
    assert.equal(workspaceOf(array), undefined);
    assert.notEqual(workspaceOf(scratchArrays([[20, 20]])[0]), undefined);
  } finally {
    configure({ kernel: "auto" });
  }
});

test("addScaled has the reference's bits for b in scratch memory, and for all three there", () => {
  for (const n of LENGTHS) {
    for (const make of [normals, specialValues]) {
      const [a, b] = [make(n, 1), make(n, 2)];
      const expected = nanFilled(n);
      reference.addScaled(a, b, -0.3, expected);
      const [aIn, bIn, outIn] = scratchArrays([
        [n, 1],
        [n, 1],
        [n, 1],
      ]);
      const out = nanFilled(n);
      addScaled(a, moved(b, bIn), -0.3, out);
      assertSameBits(out, expected, `${n} elements`);
      outIn.fill(NaN);
      addScaled(moved(a, aIn), bIn, -0.3, outIn);
      assertSameBits(outIn, expected, `${n} elements in scratch`);
      addScaled(a, bIn, -0.3, a);
      assertSameBits(a, expected, `${n} elements in place`);
      addScaled(aIn, bIn, -0.3, bIn);
      assertSameBits(bIn, expected, `${n} elements over b`);
      const elsewhere = nanFilled(n);
      addScaled(moved(make(n, 1), aIn), moved(b, bIn), -0.3, elsewhere);
      assertSameBits(elsewhere, expected, `${n} elements out of scratch`);
    }
  }
});

test("regularize has the reference's bits and sum for a gradient in scratch memory", () => {
  for (const n of LENGTHS) {
    for (const make of [normals, specialValues]) {
      const a = make(n, 3);
      const expected = make(n, 4);
      const [da, aIn, daToo] = scratchArrays([
        [n, 1],
        [n, 1],
        [n, 1],
      ]);
      moved(expected, da);
      moved(expected, daToo);
      const sum = reference.regularize(a, 0.1, expected);
      assertSameBits([regularize(a, 0.1, da)], [sum], `sum of ${n}`);
      assertSameBits(da, expected, `gradient of ${n}`);
      assertSameBits([regularize(moved(a, aIn), 0.1, daToo)], [sum], `sum of ${n} in scratch`);
      assertSameBits(daToo, expected, `gradient of ${n} in scratch`);
      assertSameBits(aIn, a, `${n} elements afterwards`);
    }
  }
});

test("allFinite finds one NaN or infinity at any place of scratch memory, and only those", () => {
  for (const n of LENGTHS) {
    const [a] = scratchArrays([[n, 1]]);
    // what follows the array does not count
    new Float64Array(a.buffer, a.byteOffset, n + 8).fill(NaN);
    for (let i = 0; i < n; i++) a[i] = i % 3 === 0 ? -0 : -1e308;
    assert.equal(allFinite(a), true, `${n} elements`);
    for (const i of [0, 1, 2, 3, n >> 1, n - 4, n - 3, n - 2, n - 1]) {
      if (i < 0 || i >= n) continue;
      for (const bad of [NaN, Infinity, -Infinity]) {
        a[i] = bad;
        assert.equal(allFinite(a), false, `${bad} at ${i} of ${n}`);
      }
      a[i] = 0;
    }
  }
});

test("columnSum has the reference's bits in scratch memory, and writes over nothing else", () => {
  for (const m of [1, 2, 3, 5, 16, 32, 33]) {
    for (const n of [1, 3, 4, 7, 8, 9, 10, 15, 16, 17, 100, 129]) {
      const a = specialValues(m * n, m + 50 * n);
      const expected = nanFilled(n);
      reference.columnSum(m, n, a, expected);
      const [aIn, out, next] = scratchArrays([
        [m, n],
        [1, n],
        [1, 8],
      ]);
      next.fill(7);
      out.fill(NaN);
      columnSum(m, n, moved(a, aIn), out);
      assertSameBits(out, expected, `${m}×${n}`);
      assertSameBits(aIn, a, `operand of ${m}×${n}`);
      assert.ok(
        next.every((value) => value === 7),
        `${m}×${n}: the next array was overwritten`,
      );
      const ordinary = nanFilled(n);
      columnSum(m, n, aIn, ordinary);
      assertSameBits(ordinary, expected, `${m}×${n} to an ordinary array`);
    }
  }
});

test("gemm has the reference's bits for operands in scratch memory, in blocks of every kind", () => {
  // Steps of 64-100-10 in batches of 200 and of 784-128-10 in batches of 100; then several blocks
  // of C, of k, and odd sizes.
  const shapes = [
    [200, 100, 64],
    [64, 100, 200],
    [200, 100, 10],
    [200, 10, 100],
    [100, 10, 200],
    [100, 128, 10],
    [100, 128, 784],
    [784, 128, 100],
    [128, 10, 100],
    [30, 600, 40],
    [530, 16, 40],
    [600, 130, 20],
    [37, 260, 259],
    [98, 99, 257],
    [4, 600, 300],
  ];
  for (const [index, [m, n, k]] of shapes.entries()) {
    // The last row of shapes is small enough for all four cases; of the others each takes one.
    for (const [transA, transB] of index < 9 ? [CASES[index % 3]] : CASES) {
      const where = `${m}×${k}×${n} ${transA} ${transB}`;
      const [a, b, row, mask] = [
        normals(m * k, index),
        normals(k * n, 50 + index),
        normals(n, 7),
        specialValues(m * n, 8),
      ];
      const expected = nanFilled(m * n);
      reference.matmul(transA, transB, m, n, k, a, b, expected);
      stepByStep(m, n, expected, { row, relu: true, mask });
      const shapes: (readonly [number, number])[] = [
        transA ? [k, m] : [m, k],
        transB ? [n, k] : [k, n],
        [m, n],
        [1, 8],
      ];
      // no room in the largest
      const maskIn = scratch([...shapes, [m, n]])[4] ?? new Float64Array(m * n);
      const [aIn, bIn, cIn, next] = scratchArrays(shapes);
      aIn.set(a);
      bIn.set(b);
      maskIn.set(mask);
      cIn.fill(NaN);
      next.fill(7);
      gemm(transA, transB, m, n, k, aIn, bIn, cIn, { row, relu: true, mask: maskIn });
      assertSameBits(cIn, expected, where);
      assertSameBits(aIn, a, `${where}: A afterwards`);
      assertSameBits(bIn, b, `${where}: B afterwards`);
      assert.ok(
        next.every((value) => value === 7),
        `${where}: the next array in scratch was overwritten`,
      );
      const c = nanFilled(m * n);
      gemm(transA, transB, m, n, k, a, bIn, c, { row, relu: true, mask });
      assertSameBits(c, expected, `${where}, B alone in scratch`);
      cIn.fill(NaN);
      gemm(transA, transB, m, n, k, aIn, b, cIn, { row, relu: true, mask });
      assertSameBits(cIn, expected, `${where}, A and C in scratch`);
    }
  }
});
