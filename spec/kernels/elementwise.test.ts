import assert from "node:assert/strict";
import { test } from "node:test";
import * as arithmetic from "../../lib/kernels/arithmetic.ts";
import * as elementwise from "../../lib/kernels/elementwise.ts";
import * as reference from "../../lib/kernels/reference.ts";
import { assertSameBits, nanFilled, normals, SPECIAL, specialValues } from "../helpers/numbers.ts";

const kernels = { ...arithmetic, ...elementwise };
const LENGTHS = [...Array.from({ length: 20 }, (_, n) => n), 63, 64, 65, 1000];

/** Each kernel with one signature: (a, b, out); b is the second operand where there is one. */
const ELEMENTWISE: [
  name: string,
  run: (
    from: typeof kernels | typeof reference,
  ) => (a: Float64Array, b: Float64Array, out: Float64Array) => void,
][] = [
  ["add", (from) => (a, b, out) => from.add(a, b, out)],
  ["sub", (from) => (a, b, out) => from.sub(a, b, out)],
  ["mul", (from) => (a, b, out) => from.mul(a, b, out)],
  ["scale", (from) => (a, _b, out) => from.scale(a, -1.25, out)],
  ["addScaled", (from) => (a, b, out) => from.addScaled(a, b, -0.3, out)],
  ["relu", (from) => (a, _b, out) => from.relu(a, out)],
  ["reluMask", (from) => (a, _b, out) => from.reluMask(a, out)],
];

for (const [name, run] of ELEMENTWISE) {
  test(`${name} has the reference's bits at every small length, whatever the values`, () => {
    for (const n of LENGTHS) {
      for (const make of [normals, specialValues]) {
        const a = make(n, 1);
        const b = make(n, 2);
        const expected = nanFilled(n);
        run(reference)(a, b, expected);
        const out = nanFilled(n);
        run(kernels)(a, b, out);
        assertSameBits(out, expected, `${name}, ${n} elements`);
      }
    }
  });

  test(`${name} may write over either operand`, () => {
    for (const n of LENGTHS) {
      const a = specialValues(n, 3);
      const b = specialValues(n, 4);
      const expected = nanFilled(n);
      run(reference)(a, b, expected);
      for (const which of [0, 1]) {
        const operands = [a.slice(), b.slice()];
        const out = operands[which];
        // these have one operand
        if (which === 1 && (name === "scale" || name.startsWith("relu"))) continue;
        run(kernels)(operands[0], operands[1], out);
        assertSameBits(out, expected, `${name} over operand ${which}, ${n} elements`);
      }
    }
  });

  test(`${name} meets every pair of special values as the reference does`, () => {
    const a = Float64Array.from(SPECIAL.flatMap((x) => SPECIAL.map(() => x)));
    const b = Float64Array.from(SPECIAL.flatMap(() => SPECIAL));
    const expected = nanFilled(a.length);
    run(reference)(a, b, expected);
    const out = nanFilled(a.length);
    run(kernels)(a, b, out);
    assertSameBits(out, expected, name);
  });
}

test("relu keeps NaN, clears −0 and −∞, and passes the largest and smallest numbers whole", () => {
  const out = nanFilled(9);
  kernels.relu(
    Float64Array.of(NaN, -0, 0, -Infinity, Infinity, 1.7e308, -1.7e308, 5e-324, -5e-324),
    out,
  );
  assertSameBits(out, [NaN, 0, 0, 0, Infinity, 1.7e308, 0, 5e-324, 0], "relu");
});

test("reluMask is 1 for positive numbers only, not for zeros or NaN", () => {
  const out = nanFilled(7);
  kernels.reluMask(Float64Array.of(NaN, -0, 0, -Infinity, Infinity, 5e-324, -5e-324), out);
  assertSameBits(out, [0, 0, 0, 0, 1, 1, 0], "reluMask");
});

test("sum and sumOfSquares add in the order of the reference at every small length", () => {
  for (const n of LENGTHS) {
    for (const make of [normals, specialValues]) {
      for (let seed = 0; seed < 5; seed++) {
        const a = make(n, seed);
        assertSameBits([kernels.sum(a)], [reference.sum(a)], `sum of ${n}, seed ${seed}`);
        assertSameBits(
          [kernels.sumOfSquares(a)],
          [reference.sumOfSquares(a)],
          `sumOfSquares of ${n}, seed ${seed}`,
        );
      }
    }
  }
  // not 2: the ones are lost on the way
  assert.equal(kernels.sum(Float64Array.of(1, 1e100, 1, -1e100)), 0);
  // the fifth meets the first before all others
  assert.equal(kernels.sum(Float64Array.of(1e100, 1, 2, 3, -1e100)), 6);
  assertSameBits(
    [kernels.sum(new Float64Array(0)), kernels.sum(Float64Array.of(-0, -0))],
    [0, 0],
    "sum",
  );
});

test("allFinite finds one NaN or infinity at any place, and only those", () => {
  for (const n of LENGTHS) {
    const a = specialValues(n, 5).map((value) => (Number.isFinite(value) ? value : 7));
    assert.equal(kernels.allFinite(a), true);
    for (let i = 0; i < Math.min(n, 66); i++) {
      for (const bad of [NaN, Infinity, -Infinity]) {
        const b = a.slice();
        b[i] = bad;
        assert.equal(kernels.allFinite(b), false, `${bad} at ${i} of ${n}`);
      }
    }
  }
});
