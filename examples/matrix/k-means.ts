// k-means: three centers, each the mean of the points that are nearest to it.
import { blobs, Matrix } from "twolayer";

const { X } = blobs({ count: 300, classes: 3, noise: 0.5 }); // (N, D)
let centers = X.takeRows([0, 10, 20]); // (K, D)
let distances = Matrix.zeros(X.rows, 3);
for (let step = 0; step < 10; step++) {
  // |x − c|² = |x|² − 2·x·c + |c|²
  distances = X.matmul(centers, { transB: true })
    .scale(-2)
    .addColumn(X.square().rowSum())
    .addRow(centers.square().rowSum().transpose()); // (N, K)
  const nearest = Matrix.zeros(X.rows, 3).addAt(distances.rowArgmin(), 1); // (N, K) of 0 and 1
  const sums = nearest.matmul(X, { transA: true }); // (K, D)
  centers = sums.divColumn(nearest.columnSum().transpose());
}

for (const [x1, x2] of centers) console.log("center", x1.toFixed(2), x2.toFixed(2));
console.log("mean squared distance", distances.rowMin().mean().toFixed(3));
// center 1.98 0.00
// center -1.02 1.86
// center -1.04 -1.74
// mean squared distance 0.492
