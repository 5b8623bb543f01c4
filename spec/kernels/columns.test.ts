import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { columnSum } from "../../lib/kernels/columns.ts";
import * as reference from "../../lib/kernels/reference.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../helpers/numbers.ts";

const SIZES = [...Array.from({ length: 10 }, (_, n) => n), 17, 100];

test("columnSum has the reference's bits at every small size, whatever the values", () => {
  for (const m of SIZES) {
    for (const n of SIZES) {
      for (const make of [normals, specialValues]) {
        const a = make(m * n, m + 20 * n);
        const expected = nanFilled(n);
        reference.columnSum(m, n, a, expected);
        const out = nanFilled(n);
        columnSum(m, n, a, out);
        assertSameBits(out, expected, `${m}×${n}`);
      }
    }
  }
});

test("columnSum gives the stored sums of the rows in order, to the bit", () => {
  // `columnSumsSequential` was computed with NumPy 1.24.2 (see `source` in the file).
  const { cases } = JSON.parse(
    readFileSync(new URL("../fixtures/reference/reduction-cases.json", import.meta.url), "utf8"),
  );
  for (const { name, A, columnSumsSequential } of cases) {
    const [m, n] = A.shape;
    const out = nanFilled(n);
    columnSum(m, n, Float64Array.from(A.data, Number), out);
    assertSameBits(out, columnSumsSequential.data.map(Number), name);
  }
  assert.ok(cases.length >= 10, `only ${cases.length} cases`);
});
