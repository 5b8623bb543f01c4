// Matrix alone.
import { Matrix } from "twolayer";

globalThis.answer = Matrix.fromRows([
  [1, 2],
  [3, 4],
])
  .matmul(
    Matrix.fromRows([
      [5, 6],
      [7, 8],
    ]),
  )
  .toRows();
