// The transpose as a copy. Products do not need it (gemm reads an operand along either axis at no
// extra cost).

// 16×16 doubles: two lines of each of 16 rows, read and written while both are in cache
const TILE = 16;

/** out (n, m) = transpose of a (m, n). */
export function transpose(m: number, n: number, a: Float64Array, out: Float64Array): void {
  for (let top = 0; top < m; top += TILE) {
    const bottom = Math.min(top + TILE, m);
    for (let left = 0; left < n; left += TILE) {
      const right = Math.min(left + TILE, n);
      for (let j = left; j < right; j++) {
        let from = (top * n + j) | 0;
        let to = (j * m + top) | 0;
        for (let i = top; i < bottom; i++) {
          out[to] = a[from];
          to = (to + 1) | 0;
          from = (from + n) | 0;
        }
      }
    }
  }
}
