import assert from "node:assert/strict";
import { test } from "node:test";
import { configure } from "../../../lib/kernels/configuration.ts";
import { epilogueOf } from "../../../lib/kernels/gemm/epilogue.ts";
import { gemm } from "../../../lib/kernels/gemm/gemm.ts";
import { createWorkspace } from "../../../lib/kernels/in-force.ts";
import * as reference from "../../../lib/kernels/reference.ts";
import type { Executor } from "../../../lib/kernels/wasm/executor.ts";
import { together, Workspace } from "../../../lib/kernels/wasm/workspace.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../../helpers/numbers.ts";
import { stepByStep } from "../../helpers/products.ts";
import { workspaceArrays } from "../workspace-arrays.ts";

const SMALL = { elements: 1, spareElements: 0, packedElements: 0, work: 0 };

const CASES = [
  [false, false],
  [true, false],
  [false, true],
  [true, true],
];

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

test("There is no workspace without WebAssembly", () => {
  try {
    configure({ kernel: "reference" });
    assert.equal(createWorkspace(SMALL), undefined);
  } finally {
    configure({ kernel: "auto" });
  }
});

test("createWorkspace returns undefined where there is no memory of that size", () => {
  assert.equal(createWorkspace({ ...SMALL, elements: 2 ** 30 }), undefined);
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
      const epilogue = epilogueOf({ row: rowIn, relu: true, mask: maskIn });
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
