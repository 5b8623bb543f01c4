import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { checkMatrixLike, columnOf, rowOf } from "../../lib/report/matrix-like.ts";

test("rowOf and columnOf copy a row and a column", () => {
  const matrix = { rows: 2, cols: 3, data: [1, 2, 3, 4, 5, 6] };
  assert.deepEqual(rowOf(matrix, 1), Float64Array.of(4, 5, 6));
  assert.deepEqual(columnOf(matrix, 1), Float64Array.of(2, 5));
  assert.deepEqual(rowOf({ rows: 1, cols: 0, data: [] }, 0), new Float64Array());
});

test("checkMatrixLike takes a Matrix and refuses what has not rows times cols numbers", () => {
  checkMatrixLike("f", "X", new Matrix(2, 3));
  for (const value of [null, {}, { rows: 1, cols: 2, data: [1] }, { rows: 1.5, cols: 2, data: [] }])
    assert.throws(() => checkMatrixLike("f", "X", value), {
      name: "TypeError",
      message: /^f: X expected a matrix with rows, cols and data, got /,
    });
});
