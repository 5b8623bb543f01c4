// Linear regression by gradient descent: y = X·w + b.
import { Matrix, Random } from "twolayer";

const random = new Random(0);
const X = Matrix.randomNormal(200, 3, random); // (N, D)
const noise = Matrix.randomNormal(200, 1, random, { std: 0.1 });
const y = X.matmul(Matrix.columnVector([2, -1, 0.5]))
  .addScalar(4)
  .add(noise); // (N, 1)

const w = Matrix.zeros(3, 1);
let b = 0;
for (let step = 0; step < 100; step++) {
  const error = X.matmul(w).addScalar(b).sub(y); // (N, 1)
  const dw = X.matmul(error, { transA: true }).div(X.rows); // (D, 1)
  w.addScaled(dw, -0.2, w);
  b -= 0.2 * error.mean();
}

const residual = X.matmul(w).addScalar(b).sub(y);
console.log("w", Array.from(w.data, (value) => value.toFixed(2)).join(" "), "b", b.toFixed(2));
console.log("root mean square error", Math.sqrt(residual.square().mean()).toFixed(3));
// w 2.00 -1.00 0.49 b 4.00
// root mean square error 0.095
