import assert from "node:assert/strict";
import { test } from "node:test";
import { columnSum } from "../../../lib/kernels/columns.ts";
import { configure } from "../../../lib/kernels/configuration.ts";
import {
  addScaled,
  allFinite,
  regularize,
  scale,
  sumOfSquares,
} from "../../../lib/kernels/elementwise.ts";
import { gemm } from "../../../lib/kernels/gemm/gemm.ts";
import { createWorkspace, sharedWorkspace } from "../../../lib/kernels/in-force.ts";
import * as reference from "../../../lib/kernels/reference.ts";
import { WASM_MIN_LENGTH, WORKSPACE_SIZE } from "../../../lib/kernels/sizes.ts";
import type { Executor } from "../../../lib/kernels/wasm/executor.ts";
import { together, Workspace } from "../../../lib/kernels/wasm/workspace.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../../helpers/numbers.ts";
import { stepByStep } from "../../helpers/products.ts";
import { workspaceArrays } from "../workspace-arrays.ts";

const SMALL = { elements: 1, spareElements: 0, packedElements: 0, work: 0 };

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

const CASES = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
];

/** The array's elements in another array. */
function moved(array: Float64Array, into: Float64Array): Float64Array {
  into.set(array);
  return into;
}

test("A workspace gives separate arrays of the given sizes in WebAssembly memory", () => {
  const shapes = [
    [3, 5],
    [1, 7],
    [12, 4],
    [0, 9],
    [13, 1],
    [1, 1],
  ] as const;
  const { workspace, arrays } = workspaceArrays(shapes);
  assert.deepEqual(
    arrays.map((array) => array.length),
    [15, 7, 48, 0, 13, 1],
  );
  for (const [i, array] of arrays.entries()) {
    array.fill(i);
    assert.equal(array.byteOffset % 16, 0);
    assert.equal(array.buffer, workspace.engine.doubles.buffer);
  }
  for (const [i, array] of arrays.entries())
    assert.ok(
      array.every((value) => value === i),
      `array ${i} was overwritten`,
    );
});

test("Two workspaces of createWorkspace have memories of their own", () => {
  const [first, second] = [workspaceArrays([[4, 4]]), workspaceArrays([[4, 4]])];
  assert.notEqual(first.arrays[0].buffer, second.arrays[0].buffer);
});

test("createWorkspace takes memory that was given back, if it is large enough", () => {
  const create = (elements: number) => createWorkspace({ ...SMALL, elements })!;
  const first = create(5000);
  first.release!();
  const { engine } = first;
  const room = engine.doubles.length - engine.map.workspace / 8 - 8;
  const second = create(room);
  assert.equal(second.engine, engine);
  assert.equal(second.release !== undefined, true);
  assert.notEqual(create(10).engine, engine); // the second one is in use
  second.release!();
  assert.equal(second.release, undefined);
  assert.notEqual(create(room + 1).engine, engine);
});

test("sharedWorkspace begins anew with each call", () => {
  const [first, second] = [sharedWorkspace(100)!, sharedWorkspace(100)!];
  assert.equal(first.take(4, 4).byteOffset, second.take(9, 9).byteOffset);
});

test("together does both things once, whether the large one is shared or not", () => {
  const engine = createWorkspace(SMALL)!.engine;
  const shared = new Workspace(engine, engine.map.workspace, {} as Executor);
  const done: string[] = [];
  const small = () => void done.push("small");
  const large = () => void done.push("large");
  together(undefined, small, large);
  together(createWorkspace(SMALL), small, large);
  together(shared, small, large);
  together(shared, small, () => {
    done.push("begun");
    shared.meanwhile?.(); // as a shared product does
    shared.meanwhile = undefined;
    done.push("ended");
  });
  const alone = ["small", "large", "small", "large", "large", "small"];
  assert.deepEqual(done, [...alone, "begun", "small", "ended"]);
});

test("There is no workspace without WebAssembly, and no shared one beyond its size", () => {
  assert.equal(sharedWorkspace(WORKSPACE_SIZE + 1), undefined);
  assert.notEqual(sharedWorkspace(WORKSPACE_SIZE), undefined);
  try {
    configure({ kernel: "reference" });
    assert.equal(sharedWorkspace(1), undefined);
    assert.equal(createWorkspace(SMALL), undefined);
  } finally {
    configure({ kernel: "auto" });
  }
});

test("createWorkspace returns undefined where there is no memory of that size", () => {
  assert.equal(createWorkspace({ ...SMALL, elements: 2 ** 30 }), undefined);
});

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

test("gemm has the reference's bits in a workspace, in blocks of every kind", () => {
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
      const { workspace, arrays } = workspaceArrays([
        transA ? [k, m] : [m, k],
        transB ? [n, k] : [k, n],
        [m, n],
        [1, n],
        [m, n],
        [1, 8],
      ]);
      const [aIn, bIn, cIn, rowIn, maskIn, next] = arrays;
      rowIn.set(row);
      aIn.set(a);
      bIn.set(b);
      maskIn.set(mask);
      cIn.fill(NaN);
      next.fill(7);
      const epilogue = { row: rowIn, relu: true, mask: maskIn };
      gemm({ transA, transB, m, n, k, a: aIn, b: bIn, c: cIn, epilogue }, workspace);
      assertSameBits(cIn, expected, where);
      assertSameBits(aIn, a, `${where}: A afterwards`);
      assertSameBits(bIn, b, `${where}: B afterwards`);
      assert.ok(
        next.every((value) => value === 7),
        `${where}: the next array was overwritten`,
      );
    }
  }
});
