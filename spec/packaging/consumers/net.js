// A net and its training.
import { Matrix, Random, TwoLayerNet, train } from "twolayer";

const X = Matrix.fromRows([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const y = [0, 1, 1, 0];
const net = TwoLayerNet.create(
  { inputSize: 2, hiddenSize: 16, outputSize: 2 },
  { random: new Random(1) },
);
train(net, { X, y }, { learningRate: 1, reg: 0, iterations: 200 });
globalThis.answer = Array.from(net.predict(X));
