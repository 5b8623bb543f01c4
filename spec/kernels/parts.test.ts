import { test } from "node:test";
import { putColumns, sliceColumns, takeColumns } from "../../lib/kernels/parts.ts";
import { SHORT_ROW } from "../../lib/kernels/sizes.ts";
import { assertSameBits, nanFilled, specialValues } from "../helpers/numbers.ts";

const SIZES = [0, 1, 2, 3, 5, 8];

test("takeColumns copies the named columns of every row in their order", () => {
  for (const m of SIZES) {
    for (const n of SIZES.slice(1)) {
      const a = specialValues(m * n, m + n);
      for (const indices of [[], [0], [n - 1, 0, n - 1]]) {
        const out = nanFilled(m * indices.length);
        takeColumns(m, n, a, indices, out);
        const expected = Array.from({ length: m }, (_, i) => indices.map((j) => a[i * n + j]));
        assertSameBits(out, expected.flat(), `${m}×${n} ${indices}`);
      }
    }
  }
});

test("sliceColumns and putColumns copy rows longer than SHORT_ROW as they copy short ones", () => {
  for (const count of [SHORT_ROW - 1, SHORT_ROW, SHORT_ROW + 1, 200]) {
    const n = count + 3;
    const a = specialValues(3 * n, count);
    const out = nanFilled(3 * count);
    sliceColumns(3, n, a, { start: 2, end: 2 + count, out });
    const row = (i: number): Float64Array => a.subarray(i * n + 2, i * n + 2 + count);
    assertSameBits(out, [...row(0), ...row(1), ...row(2)], `sliceColumns of ${count}`);
    const back = a.slice().fill(0);
    putColumns(3, count, out, { start: 2, cols: n, out: back });
    const expected = a.map((value, p) => (p % n >= 2 && p % n < 2 + count ? value : 0));
    assertSameBits(back, expected, `putColumns of ${count}`);
  }
});

test("sliceColumns copies a range of columns, and putColumns puts it back", () => {
  for (const m of SIZES) {
    for (const n of SIZES) {
      const a = specialValues(m * n, m + n);
      for (let start = 0; start <= n; start++) {
        for (let end = start; end <= n; end++) {
          const out = nanFilled(m * (end - start));
          sliceColumns(m, n, a, { start, end, out });
          const columns = Array.from({ length: end - start }, (_, k) => start + k);
          const expected = Array.from({ length: m }, (_, i) => columns.map((j) => a[i * n + j]));
          assertSameBits(out, expected.flat(), `${m}×${n} ${start}..${end}`);
          const whole = a.slice();
          for (let i = 0; i < m; i++) whole.fill(NaN, i * n + start, i * n + end);
          putColumns(m, end - start, out, { start, cols: n, out: whole });
          assertSameBits(whole, a, `${m}×${n} ${start}..${end} back`);
        }
      }
    }
  }
});
