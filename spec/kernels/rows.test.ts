import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import * as broadcast from "../../lib/kernels/broadcast.ts";
import * as reductions from "../../lib/kernels/reductions.ts";
import * as reference from "../../lib/kernels/reference.ts";
import * as rows from "../../lib/kernels/rows.ts";
import { SHORT_ROW } from "../../lib/kernels/sizes.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../helpers/numbers.ts";

const kernels = { ...broadcast, ...reductions, ...rows };
const SIZES = [...Array.from({ length: 10 }, (_, n) => n), 17, 100];

// Answers of NumPy 1.24.2 (see `source` and `notes` in the file).
const { cases } = JSON.parse(
  readFileSync(new URL("../fixtures/reference/reduction-cases.json", import.meta.url), "utf8"),
);

test("takeRows has the reference's bits around UNROLL and SHORT_ROW, repeats included", () => {
  for (const m of [0, 1, 2, 9]) {
    for (const n of [...SIZES, SHORT_ROW - 1, SHORT_ROW, SHORT_ROW + 1]) {
      const a = specialValues(7 * n, n);
      for (const indices of [
        new Random(m).integers(m, 7),
        Array.from({ length: m }, (_, i) => (6 * i) % 7),
      ]) {
        const expected = nanFilled(m * n);
        reference.takeRows(m, n, a, indices, expected);
        const larger = nanFilled(m * n + 8);
        kernels.takeRows(m, n, a, indices, larger.subarray(0, m * n));
        assertSameBits(larger.subarray(0, m * n), expected, `takeRows ${m}×${n}`);
        assert.ok(
          larger.subarray(m * n).every(Number.isNaN),
          `takeRows ${m}×${n} wrote over what follows`,
        );
      }
    }
  }
});

test("addRow has the reference's bits at every small size, also over its operand", () => {
  for (const m of SIZES) {
    for (const n of SIZES) {
      const a = specialValues(m * n, m);
      const row = specialValues(n, n + 100);
      const expected = nanFilled(m * n);
      reference.addRow(m, n, a, row, expected);
      const out = nanFilled(m * n);
      kernels.addRow(m, n, a, row, out);
      assertSameBits(out, expected, `addRow ${m}×${n}`);
      kernels.addRow(m, n, a, row, a);
      assertSameBits(a, expected, `addRow ${m}×${n} in place`);
    }
  }
});

test("rowMax, rowArgmax and rowSum have the reference's bits at every small size", () => {
  for (const m of SIZES) {
    for (const n of SIZES) {
      for (const make of [normals, specialValues]) {
        const a = make(m * n, m + 20 * n);
        const expected = nanFilled(m);
        const out = nanFilled(m);
        reference.rowSum(m, n, a, expected);
        kernels.rowSum(m, n, a, out);
        assertSameBits(out, expected, `rowSum ${m}×${n}`);
        if (n === 0) continue; // no maximum of nothing
        reference.rowMax(m, n, a, expected);
        kernels.rowMax(m, n, a, out);
        assertSameBits(out, expected, `rowMax ${m}×${n}`);
        const expectedColumns = new Int32Array(m).fill(-1);
        const columns = new Int32Array(m).fill(-1);
        reference.rowArgmax(m, n, a, expectedColumns);
        kernels.rowArgmax(m, n, a, columns);
        assertSameBits(columns, expectedColumns, `rowArgmax ${m}×${n}`);
      }
    }
  }
});

test("rowMax and rowArgmax treat ties, NaN, infinities and signed zeros as documented", () => {
  const rows = [
    [1, 3, 3, 2],
    [NaN, 5, NaN, 1],
    [2, NaN, 7, NaN],
    [-Infinity, -Infinity, -Infinity, -Infinity],
    [-Infinity, NaN, Infinity, 0],
    [0, -0, 0, -0],
    [-0, 0, -0, 0],
    [-1, Infinity, NaN, Infinity],
    [-3, -2, -1, NaN],
    [-Infinity, -Number.MAX_VALUE, -Infinity, -Number.MAX_VALUE],
  ];
  const max = nanFilled(rows.length);
  const columns = new Int32Array(rows.length).fill(-1);
  kernels.rowMax(rows.length, 4, Float64Array.from(rows.flat()), max);
  kernels.rowArgmax(rows.length, 4, Float64Array.from(rows.flat()), columns);
  assertSameBits(max, [3, NaN, NaN, -Infinity, NaN, 0, -0, NaN, NaN, -Number.MAX_VALUE], "rowMax");
  assertSameBits(columns, [1, 0, 1, 0, 1, 0, 0, 2, 3, 1], "rowArgmax");
});

test("rowMax and rowArgmax give NumPy's answers", () => {
  let seen = 0;
  for (const { name, A, rowMax, rowArgmax } of cases) {
    const [m, n] = A.shape;
    if (n === 0) continue;
    const a = Float64Array.from(A.data, Number);
    const max = nanFilled(m);
    const columns = new Int32Array(m).fill(-1);
    kernels.rowMax(m, n, a, max);
    kernels.rowArgmax(m, n, a, columns);
    assertSameBits(max, rowMax.data.map(Number), name);
    assertSameBits(columns, rowArgmax, name);
    seen++;
  }
  assert.ok(seen >= 5, `only ${seen} cases`);
});
