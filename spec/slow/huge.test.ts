// Matrices of more than 2^31 elements, 17 GB each: nobody's index may wrap around. Memory that is
// only read is never really there (every page of it is one page of zeros), so this needs room for
// addresses only; where there is none it says so.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { configuration, configure } from "../../lib/kernels/configuration.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";

const K = 2 ** 31 + 40;
const PLACES = [0, 2 ** 31 - 1, 2 ** 31, K - 1];
afterEach(() => configure({ kernel: "auto" }));

/** (1, K): zeros but for `value` at PLACES; undefined where there is no room. */
function sparse(value: number): Matrix | undefined {
  try {
    const row = new Matrix(1, K);
    for (const i of PLACES) row.data[i] = value;
    return row;
  } catch (error) {
    assert.match(String(error), /no room/);
    return undefined;
  }
}

test("Products, sums and rows of matrices of more than 2^31 elements use every element", (t) => {
  const [a, b] = [sparse(2), sparse(3)];
  if (a === undefined || b === undefined) {
    console.error("SKIPPED: matrices of 17 GB are not tested, since there is no room for them");
    t.skip("no room for 17 GB twice");
    return;
  }
  const column = new Matrix(K, 1, b.data);
  for (const kernel of configuration().supported.simd
    ? (["simd", "reference"] as const)
    : (["reference"] as const)) {
    configure({ kernel });
    assert.equal(a.matmul(column).get(0, 0), 24, `row by column, ${kernel}`);
    const tail = a.sliceRows(0, 1).matmul(b, { transB: true });
    assert.equal(tail.get(0, 0), 24, `row by row, ${kernel}`);
  }
  assert.equal(a.sum(), 8);
  assert.equal(a.rowSum().get(0, 0), 8);
  assert.equal(column.columnSum().get(0, 0), 12);
  assert.equal(column.get(K - 1, 0), 3);
  assert.equal(column.sliceRows(2 ** 31, K).sum(), 6);
  assert.deepEqual(Array.from(column.takeRows([2 ** 31, 5, K - 1]).data), [3, 0, 3]);
});
