// Softmax regression: the probabilities of three classes from a linear layer.
import { blobs, Matrix } from "twolayer";

const { X, y } = blobs({ count: 300, classes: 3, noise: 0.5 }); // (N, D), (N)
const W = Matrix.zeros(2, 3);
const b = Matrix.zeros(1, 3);

function probabilities(): Matrix {
  const scores = X.matmul(W).addRow(b); // (N, C)
  const p = scores.subColumn(scores.rowMax()).exp();
  return p.divColumn(p.rowSum());
}

for (let step = 0; step < 100; step++) {
  const dscores = probabilities().addAt(y, -1).div(X.rows); // (N, C)
  W.addScaled(X.matmul(dscores, { transA: true }), -1, W);
  b.addScaled(dscores.columnSum(), -1, b);
}

const p = probabilities();
const right = p.rowArgmax().filter((label, i) => label === y[i]).length;
console.log("loss", (-p.pick(y).log().mean()).toFixed(4));
console.log("accuracy", (right / X.rows).toFixed(3));
// loss 0.0093
// accuracy 1.000
