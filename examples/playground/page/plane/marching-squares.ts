// Where a function given on a grid is zero: line segments, one or two for each cell whose corners
// differ in sign.

/**
 * Calls `segment(x1, y1, x2, y2)` in grid units for the zero line of `value(i, j)`, i across
 * 0..columns−1 and j down 0..rows−1, linear along the edges of each cell.
 */
export function zeroLine(
  columns: number,
  rows: number,
  value: (i: number, j: number) => number,
  segment: (x1: number, y1: number, x2: number, y2: number) => void,
): void {
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      // clockwise from top left
      const [a, b, c, d] = [value(i, j), value(i + 1, j), value(i + 1, j + 1), value(i, j + 1)];
      const above = Number(a > 0) + Number(b > 0) + Number(c > 0) + Number(d > 0);
      if (above === 0 || above === 4) continue;
      const ends: number[] = [];
      if (a > 0 !== b > 0) ends.push(i + a / (a - b), j);
      if (b > 0 !== c > 0) ends.push(i + 1, j + b / (b - c));
      if (c > 0 !== d > 0) ends.push(i + d / (d - c), j + 1);
      if (d > 0 !== a > 0) ends.push(i, j + a / (a - d));
      if (ends.length === 4) segment(ends[0], ends[1], ends[2], ends[3]);
      // a saddle: the middle belongs with a and c, so b and d are cut off
      else if (a > 0 === a + b + c + d > 0) {
        segment(ends[0], ends[1], ends[2], ends[3]);
        segment(ends[4], ends[5], ends[6], ends[7]);
      } else {
        segment(ends[0], ends[1], ends[6], ends[7]);
        segment(ends[2], ends[3], ends[4], ends[5]);
      }
    }
  }
}
