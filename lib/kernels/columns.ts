// What is computed down the columns.

/**
 * out (n) = ((0 + a0) + a1) + … of each column, in the order of the rows. 0 when m = 0.
 *
 * Four rows a turn load and store each sum a quarter as often: 0.6 / 0.5 ns per element on Node 20
 * / 24 at every shape (row by row 1.3 / 1.05). Four columns down all rows take 0.4 in cache but 1.4
 * on 4096×512, where every element walked along maps to the same few cache sets. `npm run bench --
 * kernels`
 */
export function columnSum(m: number, n: number, a: Float64Array, out: Float64Array): void {
  out.fill(0);
  let i = 0;
  for (; i < m - 3; i += 4) {
    const p = i * n;
    const q = p + n;
    const r = q + n;
    const s = r + n;
    for (let j = 0; j < n; j = (j + 1) | 0)
      out[j] = out[j] + a[(p + j) | 0] + a[(q + j) | 0] + a[(r + j) | 0] + a[(s + j) | 0];
  }
  for (; i < m; i++) {
    for (let j = 0, p = i * n; j < n; j++, p++) out[j] += a[p];
  }
}
