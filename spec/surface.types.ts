// The documented signatures, written the way users write them. `npm run typecheck` compiles this
// file; nothing runs it. `is<T>(value)` compiles when `value` is a T, and
// `@ts-expect-error` fails when the line below it compiles.
import {
  checkGradients,
  type Dataset,
  DivergenceError,
  FormatError,
  type History,
  type Labels,
  Matrix,
  numericGradient,
  type Params,
  type Progress,
  Random,
  relativeError,
  softmaxLoss,
  Trainer,
  type TrainOptions,
  TwoLayerNet,
  toyData,
  train,
} from "../lib/index.ts";

declare function is<T>(value: T): void;

// Random

const random = new Random();
new Random(7);
is<Float64Array>(random.uniform(2));
is<Float64Array>(random.normal(2));
is<Float64Array>(random.normal(2, { precision: "float32" }));
is<Int32Array>(random.integers(2, 3));
is<Int32Array>(random.permutation(2));
is<{ seed: number; offset: number }>(random.state);
is<Random>(Random.fromState(random.state));

// Matrix

const m = new Matrix(2, 2, Float64Array.of(1, 2, 3, 4));
const out = new Matrix(2, 2);
is<number>(m.rows);
is<number>(m.cols);
is<Float64Array>(m.data);
// @ts-expect-error the sizes of a matrix cannot be changed
m.rows = 3;
is<Matrix>(Matrix.fromRows([[1, 2], Float64Array.of(3, 4)]));
is<Matrix>(Matrix.rowVector([1, 2]));
is<Matrix>(Matrix.identity(2));
is<Matrix>(Matrix.filled(2, 2, 1));
is<Matrix>(Matrix.randomNormal(2, 2, random));
is<Matrix>(Matrix.randomNormal(2, 2, random, { mean: 1, std: 2 }));
is<Matrix>(m.sliceRows(0, 1));
is<Matrix>(m.takeRows([1, 0]));
is<Matrix>(m.takeRows([1, 0], out));
is<Matrix>(m.clone());
is<Matrix>(m.matmul(m));
is<Matrix>(m.matmul(m, { transA: true, transB: true, out }));
// @ts-expect-error an unknown option
m.matmul(m, { transpose: true });
is<Matrix>(m.transpose());
is<Matrix>(m.transpose(out));
is<Matrix>(m.add(m));
is<Matrix>(m.add(m, out));
is<Matrix>(m.sub(m, out));
is<Matrix>(m.mul(m, out));
is<Matrix>(m.scale(2, out));
is<Matrix>(m.addScaled(m, 2, out));
is<Matrix>(m.addRow(Matrix.rowVector([1, 2]), out));
is<Matrix>(m.relu());
is<Matrix>(m.relu(out));
is<Matrix>(m.reluMask(out));
is<Matrix>(m.map((value: number, i: number, j: number) => value + i + j, out));
is<Matrix>(m.rowMax());
is<Matrix>(m.rowSum());
is<Matrix>(m.columnSum());
m.set(0, 0, 1);
is<number>(m.get(0, 0));
is<Float64Array>(m.row(0));
is<number[][]>(m.toRows());
is<Int32Array>(m.rowArgmax());
is<number>(m.sum());
is<boolean>(m.equals(m));
is<boolean>(m.equals(m, 1e-9));
is<string>(m.toString());

// The net

const params: Params = {
  W1: new Matrix(2, 3),
  b1: new Matrix(1, 3),
  W2: new Matrix(3, 2),
  b2: new Matrix(1, 2),
};
const sizes = { inputSize: 2, hiddenSize: 3, outputSize: 2 };
const net = new TwoLayerNet(params);
is<TwoLayerNet>(TwoLayerNet.create(sizes));
is<TwoLayerNet>(TwoLayerNet.create(sizes, { random, std: 0.1 }));
is<TwoLayerNet>(TwoLayerNet.create(sizes, { std: "he" }));
is<[number, number, number]>([net.inputSize, net.hiddenSize, net.outputSize]);
is<{ hidden: Matrix; scores: Matrix }>(net.forward(m));
const y: Labels = [0, 1];
is<Labels>(Int32Array.of(0, 1));
// @ts-expect-error labels are integers; encodeLabels makes them from names
is<Labels>(["cat", "dog"]);
is<{ loss: number; grads: Params }>(net.loss(m, y, { reg: 0.1 }));
net.loss(m, Int32Array.of(0, 1));
net.step(params, 0.1);
is<Int32Array>(net.predict(m));
is<Matrix>(net.predictProba(m));
is<number>(net.accuracy(m, y));
is<{ loss: number; dscores: Matrix; probabilities: Matrix }>(softmaxLoss(m, y));

// Training

const data: Dataset = { X: m, y };
const options: TrainOptions = {
  learningRate: 1e-3,
  learningRateDecay: 0.95,
  reg: 5e-6,
  batchSize: 200,
  iterations: 2,
  sampling: "replacement",
  random,
  validation: data,
  onEpoch: (progress: Progress) => void progress.valAccuracy,
};
const trainer = new Trainer(net, data, options);
const progress: Progress = trainer.step();
is<number>(progress.iteration);
is<number>(progress.epoch);
is<number>(progress.loss);
is<number>(progress.learningRate);
is<number | undefined>(progress.trainAccuracy);
is<number | undefined>(progress.valAccuracy);
for (const each of trainer) is<Progress>(each);
is<boolean>(trainer.done);
is<History>(trainer.history);
const history: History = train(net, data, { epochs: 1, sampling: "shuffle" });
is<number[]>(history.loss);
is<number[]>(history.trainAccuracy);
is<number[]>(history.valAccuracy);

// Gradient checks and the toy data

is<Matrix>(numericGradient(() => m.sum(), m));
is<Matrix>(numericGradient(() => m.sum(), m, 1e-5));
is<number>(relativeError(m, m));
is<{ W1: number; b1: number; W2: number; b2: number }>(checkGradients(net, data));
is<{ X: Matrix; y: Int32Array; params: Params }>(toyData("float64"));

// Errors

const diverged = new DivergenceError("train: …", 3, NaN);
is<[number, number]>([diverged.iteration, diverged.loss]);
const broken = new FormatError("npy", "…", { offset: 128 });
is<[string, string, number]>([broken.format, broken.reason, broken.offset]);
is<[number | undefined, number | undefined]>([broken.line, broken.column]);
