import assert from "node:assert/strict";
import { test } from "node:test";
import { configuration, configure } from "../../../lib/kernels/configuration.ts";
import { epilogueOf } from "../../../lib/kernels/gemm/epilogue.ts";
import { isSingleBlock, multiplySingleBlock } from "../../../lib/kernels/gemm/single-block.ts";
import { engineInForce } from "../../../lib/kernels/in-force.ts";
import * as reference from "../../../lib/kernels/reference.ts";
import { KC, NC } from "../../../lib/kernels/sizes.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../../helpers/numbers.ts";
import { stepByStep } from "../../helpers/products.ts";
import { workspaceArrays } from "../workspace-arrays.ts";

const SIZES = [1, 2, 3, 4, 5, 7, 8, 12, 13];
const SHAPES = [
  ...SIZES.flatMap((m) => SIZES.flatMap((n) => SIZES.map((k) => [m, n, k]))),
  [32, 100, 64],
  [32, 10, 100],
  [100, 10, 32],
  [32, 100, 10],
  [64, 100, 32],
  [31, 98, 33],
  [1, 500, 16],
  [500, 1, 16],
  [6, 6, KC],
  [1, 1, KC],
];
const fits = (m: number, n: number, k: number): boolean => {
  const [a, b, c] = [new Float64Array(m * k), new Float64Array(k * n), new Float64Array(m * n)];
  return isSingleBlock({ transA: false, transB: false, m, n, k, a, b, c });
};

const EPILOGUES = ["none", "row", "relu", "row and relu", "mask", "row and mask"];

test("multiplySingleBlock has the reference's bits for ordinary and workspace arrays", () => {
  const engine = engineInForce()!;
  for (const [index, [m, n, k]] of SHAPES.entries()) {
    assert.ok(fits(m, n, k), `${m}×${k}×${n}`);
    for (const [transA, transB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ]) {
      const make = index % 2 === 0 ? normals : specialValues;
      const [a, b, row, mask] = [
        make(m * k, index),
        make(k * n, index + 1),
        make(n, index + 2),
        make(m * n, index + 3),
      ];
      const what = EPILOGUES[(index + (transA ? 2 : 0) + (transB ? 1 : 0)) % EPILOGUES.length];
      const where = `${m}×${k}×${n} ${transA} ${transB}, ${what}`;

      const { workspace, arrays } = workspaceArrays([
        transA ? [k, m] : [m, k],
        transB ? [n, k] : [k, n],
        [m, n],
        [m, n],
        [1, n],
        [1, 8],
      ]);
      const [aIn, bIn, cIn, maskIn, rowIn, next] = arrays;
      const steps = (ofRow: Float64Array, ofMask: Float64Array) => ({
        row: what.includes("row") ? ofRow : undefined,
        relu: what.includes("relu"),
        mask: what.includes("mask") ? ofMask : undefined,
      });
      const epilogue = (ofRow: Float64Array, ofMask: Float64Array) =>
        what === "none" ? undefined : epilogueOf(steps(ofRow, ofMask));
      const expected = nanFilled(m * n);
      reference.matmul(transA, transB, m, n, k, a, b, expected);
      stepByStep(m, n, expected, steps(row, mask));
      const c = nanFilled(m * n);
      multiplySingleBlock(
        engine,
        { transA, transB, m, n, k, a, b, c, epilogue: epilogue(row, mask) },
        false,
      );
      assertSameBits(c, expected, where);

      aIn.set(a);
      bIn.set(b);
      maskIn.set(mask);
      rowIn.set(row);
      cIn.fill(NaN);
      next.fill(7);
      const resident = { a: aIn, b: bIn, c: cIn, epilogue: epilogue(rowIn, maskIn) };
      multiplySingleBlock(workspace.engine, { transA, transB, m, n, k, ...resident }, true);
      assertSameBits(cIn, expected, `${where}, in the workspace`);
      assertSameBits(maskIn, mask, `${where}: mask in the workspace`);
      assert.ok(
        next.every((value) => value === 7),
        `${where}: the next array in the workspace was overwritten`,
      );
      workspace.release?.(); // so that the next case gets the same memory
    }
  }
});

test("isSingleBlock leaves to the blocks what needs packing, k in pieces or more room", () => {
  assert.equal(fits(64, 100, 32), true);
  assert.deepEqual(
    { atKC: fits(4, 4, KC), beyond: fits(4, 4, KC + 1) },
    { atKC: true, beyond: false },
  );
  assert.deepEqual(
    { atNC: fits(1, NC, 1), beyond: fits(1, NC + 1, 1) },
    { atNC: true, beyond: false },
  );
  assert.equal(fits(64, 64, 128), false); // 8192 elements of A and of B
  assert.equal(fits(8000, 100, 1), false); // C
});

test("multiplySingleBlock rounds once with kernel fma and writes nothing beside C", () => {
  if (!configuration().supported.fma) return; // an engine without relaxed SIMD
  try {
    configure({ kernel: "fma" });
    for (const [m, n, k] of [
      [5, 4, 9],
      [32, 100, 64],
      [7, 8, 3],
      [8, 8, 3],
      [10, 4, 30],
      [2, 5, 9],
    ]) {
      const [a, b] = [normals(m * k, 1), normals(k * n, 2)];
      const expected = nanFilled(m * n);
      reference.matmul(false, false, m, n, k, a, b, expected);
      const { workspace, arrays } = workspaceArrays([
        [m, k],
        [k, n],
        [m, n],
        [1, 8],
      ]);
      const [aIn, bIn, cIn, next] = arrays;
      aIn.set(a);
      bIn.set(b);
      next.fill(7);
      const product = { transA: false, transB: false, m, n, k, a: aIn, b: bIn, c: cIn };
      multiplySingleBlock(workspace.engine, product, true);
      for (const [i, value] of expected.entries())
        assert.ok(Math.abs(cIn[i] - value) < 1e-13 * k, `${m}×${k}×${n}: element ${i}`);
      assert.ok(
        next.every((value) => value === 7),
        `${m}×${k}×${n}: the next array in the workspace was overwritten`,
      );
    }
  } finally {
    configure({ kernel: "auto" });
  }
});
