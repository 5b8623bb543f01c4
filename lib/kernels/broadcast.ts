// A row or a column combined with every row or column of a matrix (m, n), element by element. These
// plain loops are the definition; unrolled ones were not faster at 10 columns and at 100. `out` may
// be `a`, and shares no element with the row or column.

/** out (m, n) = a + row: (m, n) and (n). */
export function addRow(
  m: number,
  n: number,
  a: Float64Array,
  row: Float64Array,
  out: Float64Array,
): void {
  for (let start = 0; start < m * n; start += n)
    for (let j = 0; j < n; j = (j + 1) | 0) {
      const p = (start + j) | 0;
      out[p] = a[p] + row[j];
    }
}

/** out (m, n) = a − row: (m, n) and (n). */
export function subRow(
  m: number,
  n: number,
  a: Float64Array,
  row: Float64Array,
  out: Float64Array,
): void {
  for (let start = 0; start < m * n; start += n)
    for (let j = 0; j < n; j = (j + 1) | 0) {
      const p = (start + j) | 0;
      out[p] = a[p] - row[j];
    }
}

/** out (m, n) = a·row: (m, n) and (n). */
export function mulRow(
  m: number,
  n: number,
  a: Float64Array,
  row: Float64Array,
  out: Float64Array,
): void {
  for (let start = 0; start < m * n; start += n)
    for (let j = 0; j < n; j = (j + 1) | 0) {
      const p = (start + j) | 0;
      out[p] = a[p] * row[j];
    }
}

/** out (m, n) = a / row: (m, n) and (n). */
export function divRow(
  m: number,
  n: number,
  a: Float64Array,
  row: Float64Array,
  out: Float64Array,
): void {
  for (let start = 0; start < m * n; start += n)
    for (let j = 0; j < n; j = (j + 1) | 0) {
      const p = (start + j) | 0;
      out[p] = a[p] / row[j];
    }
}

/** out (m, n) = a + column: (m, n) and (m). */
export function addColumn(
  m: number,
  n: number,
  a: Float64Array,
  column: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0, p = 0; i < m; i++) {
    const value = column[i];
    for (const end = p + n; p < end; p = (p + 1) | 0) out[p] = a[p] + value;
  }
}

/** out (m, n) = a − column: (m, n) and (m). */
export function subColumn(
  m: number,
  n: number,
  a: Float64Array,
  column: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0, p = 0; i < m; i++) {
    const value = column[i];
    for (const end = p + n; p < end; p = (p + 1) | 0) out[p] = a[p] - value;
  }
}

/** out (m, n) = a·column: (m, n) and (m). */
export function mulColumn(
  m: number,
  n: number,
  a: Float64Array,
  column: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0, p = 0; i < m; i++) {
    const value = column[i];
    for (const end = p + n; p < end; p = (p + 1) | 0) out[p] = a[p] * value;
  }
}

/** out (m, n) = a / column: (m, n) and (m). */
export function divColumn(
  m: number,
  n: number,
  a: Float64Array,
  column: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0, p = 0; i < m; i++) {
    const value = column[i];
    for (const end = p + n; p < end; p = (p + 1) | 0) out[p] = a[p] / value;
  }
}
