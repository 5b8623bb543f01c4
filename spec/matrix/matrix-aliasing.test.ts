// Three small matrices over one buffer in every position to each other: a call either refuses and
// changes nothing, or gives what it gives with matrices that share nothing, and writes nowhere
// else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { assertSameBits, normals } from "../helpers/numbers.ts";

type Call = (a: Matrix, b: Matrix, out: Matrix) => Matrix;

// Shapes of the operands and the out of each method: 2×2 throughout, but for the row.
const CALLS: [string, Call, [number, number]][] = [
  ["add", (a, b, out) => a.add(b, out), [2, 2]],
  ["sub", (a, b, out) => a.sub(b, out), [2, 2]],
  ["mul", (a, b, out) => a.mul(b, out), [2, 2]],
  ["addScaled", (a, b, out) => a.addScaled(b, 0.3, out), [2, 2]],
  ["addRow", (a, b, out) => a.addRow(b, out), [1, 2]],
  ["scale", (a, _, out) => a.scale(-2, out), [2, 2]],
  ["relu", (a, _, out) => a.relu(out), [2, 2]],
  ["reluMask", (a, _, out) => a.reluMask(out), [2, 2]],
  ["map", (a, _, out) => a.map((value, i, j) => value + i + 10 * j, out), [2, 2]],
  ["transpose", (a, _, out) => a.transpose(out), [2, 2]],
  ["takeRows", (a, _, out) => a.takeRows([1, 0], out), [2, 2]],
  ["matmul", (a, b, out) => a.matmul(b, { out }), [2, 2]],
  ["matmul of transposes", (a, b, out) => a.matmul(b, { transA: true, transB: true, out }), [2, 2]],
];

const LENGTH = 13; // room for three matrices of four elements beside each other

for (const [name, call, [rows, cols]] of CALLS) {
  test(`${name} with operands and out anywhere in one buffer refuses or is right`, () => {
    const fill = normals(LENGTH, 5);
    const usesB = call.toString().includes("b,") || call.toString().includes("(b");
    let allowed = 0;
    let refused = 0;
    for (let p = 0; p + 4 <= LENGTH; p++) {
      for (let q = 0; q + rows * cols <= LENGTH; q++) {
        for (let r = 0; r + 4 <= LENGTH; r++) {
          const buffer = fill.slice();
          const a = new Matrix(2, 2, buffer.subarray(p, p + 4));
          const b = new Matrix(rows, cols, buffer.subarray(q, q + rows * cols));
          const out = new Matrix(2, 2, buffer.subarray(r, r + 4));
          const apart = new Matrix(2, 2);
          call(a.clone(), b.clone(), apart);
          const expected = fill.slice();
          try {
            call(a, b, out);
            expected.set(apart.data, r);
            allowed++;
          } catch (error) {
            assert.ok(error instanceof RangeError, `${error}`);
            assert.match(
              error.message,
              /: expected an out (with memory of its own|that is (this|b) itself or apart from it)/,
            );
            const touches = (start: number, size: number): boolean =>
              r < start + size && start < r + 4;
            assert.ok(
              touches(p, 4) || (usesB && touches(q, rows * cols)),
              `refused though apart: ${p}, ${q}, ${r}`,
            );
            refused++;
          }
          assertSameBits(buffer, expected, `${name} at ${p}, ${q}, ${r}`);
        }
      }
    }
    assert.ok(allowed > 100 && refused > 100, `${allowed} allowed, ${refused} refused`);
  });
}
