// The emitted functions alone; with the TypeScript around them they are tested in scratch.test.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as reference from "../../../lib/kernels/reference.ts";
import {
  emitAddScaled,
  emitColumnSum,
  emitNonFinite,
  emitRegularize,
  emitScale,
  emitSquares,
  UNROLL,
} from "../../../lib/kernels/wasm/emit-vector.ts";
import { encodeModule } from "../../../lib/kernels/wasm/module.ts";
import { assertSameBits, nanFilled, specialValues } from "../../helpers/numbers.ts";

type Exports = Record<
  "addScaled" | "scale" | "regularize" | "squares" | "nonFinite" | "columnSum",
  (...args: number[]) => void
>;

const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
const bytes = encodeModule({ min: 1, max: 1, shared: false }, [
  emitAddScaled(),
  emitRegularize(),
  emitScale(),
  emitSquares(),
  emitNonFinite(),
  emitColumnSum(),
]);
const run = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } })
  .exports as Exports;

/** Arrays at 1024, 9216, … bytes, among poison. */
function arrays(...contents: Float64Array[]): [at: number, array: Float64Array][] {
  new Float64Array(memory.buffer).fill(NaN);
  return contents.map((content, i) => {
    const at = 1024 + 8192 * i;
    const array = new Float64Array(memory.buffer, at, content.length);
    array.set(content);
    return [at, array];
  });
}

test("Each function works on any multiple of its turn of elements, and on no more", () => {
  for (let n = UNROLL; n <= 40; n += UNROLL) {
    const [x, y] = [specialValues(n, 1), specialValues(n, 2)];
    const expected = nanFilled(n);
    const [[a], [b], [out, sum], [factor]] = arrays(x, y, nanFilled(n + 1), Float64Array.of(0.7));
    reference.addScaled(x, y, 0.7, expected);
    run.addScaled(a, b, out, 8 * n, factor);
    assertSameBits(sum.subarray(0, n), expected, `addScaled ${n}`);
    assertSameBits(sum.subarray(n), [NaN], `after addScaled ${n}`);

    const scaled = nanFilled(n);
    reference.scale(x, -0.3, scaled);
    const [[c], [product, times], [by]] = arrays(x, nanFilled(n + 1), Float64Array.of(-0.3));
    run.scale(c, product, 8 * n, by);
    assertSameBits(times.subarray(0, n), scaled, `scale ${n}`);
    assertSameBits(times.subarray(n), [NaN], `after scale ${n}`);

    const gradient = y.slice();
    const squares = reference.regularize(x, -0.2, gradient);
    const [[weights], [dweights, after], [sums, s], [minus], [more, t]] = arrays(
      x,
      y,
      new Float64Array(4),
      Float64Array.of(-0.2),
      new Float64Array(4),
    );
    run.regularize(weights, dweights, 8 * n, minus, sums);
    assertSameBits([s[0] + s[1] + (s[2] + s[3])], [squares], `regularize ${n}`);
    run.squares(weights, 8 * n, more);
    assertSameBits(t, s, `squares ${n}`);
    assertSameBits(after, gradient, `gradient ${n}`);

    const finite = x.map((value) => (Number.isFinite(value) ? value : -1e308));
    const [[clean], [zeros, z]] = arrays(finite, nanFilled(2));
    run.nonFinite(clean, 8 * n, zeros);
    assert.deepEqual([...z], [0, 0]);
    for (let i = 0; i < n; i++) {
      for (const bad of [NaN, Infinity, -Infinity]) {
        const [[dirty], [sums, s]] = arrays(
          finite.map((value, j) => (i === j ? bad : value)),
          new Float64Array(2),
        );
        run.nonFinite(dirty, 8 * n, sums);
        assert.ok(Number.isNaN(s[0] + s[1]));
      }
    }
  }
});

test("regularize goes on from the four sums it finds, each by every fourth square", () => {
  const [[a], [da], [sums, s], [zero]] = arrays(
    Float64Array.of(1, 2, 3, 4, 1, 0, 1, 0),
    new Float64Array(8),
    Float64Array.of(2 ** 53, 1, 2, 3),
    Float64Array.of(0),
  );
  run.regularize(a, da, 64, zero, sums);
  // each 1 is rounded away; together they would not be
  assertSameBits(s, [2 ** 53, 5, 12, 19], "sums");
});

test("columnSum adds in the order of the rows", () => {
  for (const n of [1, 2, 7, 8, 9, 16, 19]) {
    for (const m of [1, 2, 3, 10]) {
      const content = specialValues(m * n, m + n);
      const expected = nanFilled(n);
      reference.columnSum(m, n, content, expected);
      const [[a], [out, sums]] = arrays(content, nanFilled(n));
      run.columnSum(a, out, m, 8 * n);
      assertSameBits(sums, expected, `${m}×${n}`);
    }
  }
});
