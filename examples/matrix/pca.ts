// Principal components by power iteration: the directions in which points vary most.
import { Matrix, Random } from "twolayer";

const random = new Random(0);
const stretch = Matrix.fromRows([
  [3, 0, 0],
  [1, 1, 0],
  [0, 0, 0.2],
]);
const points = Matrix.randomNormal(500, 3, random).matmul(stretch); // (N, D)
const X = points.subRow(points.columnMean());
const covariance = X.matmul(X, { transA: true }).div(X.rows); // (D, D)

for (let component = 0; component < 2; component++) {
  let v = Matrix.randomNormal(3, 1, random);
  for (let step = 0; step < 100; step++) {
    const next = covariance.matmul(v);
    v = next.div(next.norm());
  }
  const variance = v.dot(covariance.matmul(v));
  const share = variance / X.square().columnMean().sum();
  console.log(`component ${component + 1}`, `${(100 * share).toFixed(1)}%`);
  // what is left without this direction: C − λ·v·vᵀ
  covariance.addScaled(v.matmul(v, { transB: true }), -variance, covariance);
}
// component 1 90.5%
// component 2 9.1%
