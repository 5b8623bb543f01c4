// One training step of the two-layer net, written by hand on each of the other packages in the way
// that was fastest there: forward, softmax cross-entropy + reg·(ΣW1² + ΣW2²), backward, plain SGD
// in place. What the package does not do well is a plain loop over the elements.

import type { NetShape } from "../shapes.ts";

/** The data of a step: weights as they start, one batch. */
export type Problem = {
  W1: Float64Array;
  b1: Float64Array;
  W2: Float64Array;
  b2: Float64Array; // (D, H) (H) (H, C) (C)
  X: Float64Array;
  y: Int32Array; // (N, D) (N)
  reg: number;
  learningRate: number;
};

export type Step = {
  /** Takes one step; returns the loss. */
  run: () => number;
  /** W1 as it is now. (D, H) */
  weights: () => ArrayLike<number>;
};

export type StepPeer = {
  name: string;
  precision: "f64" | "f32";
  packages: string[];
  node?: number;
  step: (modules: any[], shape: NetShape, problem: Problem) => Step;
};

/**
 * Softmax of scores (N, C) in place, turned into dscores; returns the mean cross-entropy. `row(i)`
 * is the array that row i lies in, from i·stride on.
 */
function softmaxLossRows(
  N: number,
  C: number,
  y: Int32Array,
  row: (i: number) => Float64Array,
  stride: number,
): number {
  let loss = 0;
  for (let i = 0; i < N; i++) {
    const scores = row(i);
    const start = i * stride;
    let max = -Infinity;
    for (let j = start; j < start + C; j++) max = Math.max(max, scores[j]);
    let sum = 0;
    for (let j = start; j < start + C; j++) sum += scores[j] = Math.exp(scores[j] - max);
    loss -= Math.log(scores[start + y[i]] / sum);
    for (let j = start; j < start + C; j++) scores[j] /= sum * N;
    scores[start + y[i]] -= 1 / N;
  }
  return loss / N;
}

/** param −= learningRate·(dparam + 2·reg·param); returns the sum of squares before. */
function descend(
  param: Float64Array,
  dparam: Float64Array,
  reg: number,
  learningRate: number,
): number {
  let squares = 0;
  for (let i = 0; i < param.length; i++) {
    const w = param[i];
    squares += w * w;
    param[i] = w - learningRate * (dparam[i] + 2 * reg * w);
  }
  return squares;
}

/**
 * numpy-ts: its products; loops over `data` for the rest. Its products of transposed views are
 * slow, and of copies, made by `copy`, fast.
 */
function numpyStep(
  np: any,
  { D, H, C, N }: NetShape,
  problem: Problem,
  copy?: (view: any) => any,
): Step {
  const { y, reg, learningRate } = problem;
  const matrix = (data: Float64Array, rows: number, cols: number): any =>
    np.array(data).reshape([rows, cols]);
  const [W1, W2, X] = [matrix(problem.W1, D, H), matrix(problem.W2, H, C), matrix(problem.X, N, D)];
  const [b1, b2] = [problem.b1.slice(), problem.b2.slice()];
  const run = (): number => {
    const hidden = np.matmul(X, W1); // (N, H)
    const h: Float64Array = hidden.data;
    for (let i = 0; i < N; i++)
      for (let j = 0; j < H; j++) h[i * H + j] = Math.max(h[i * H + j] + b1[j], 0);
    const scores = np.matmul(hidden, W2); // (N, C)
    const s: Float64Array = scores.data;
    for (let i = 0; i < N; i++) for (let j = 0; j < C; j++) s[i * C + j] += b2[j];
    let loss = softmaxLossRows(N, C, y, () => s, C); // s is dscores now
    const views = [hidden.T, W2.T, X.T];
    const copies = copy === undefined ? [] : views.map(copy);
    const [hiddenT, W2T, XT] = copy === undefined ? views : copies;
    const dW2 = np.matmul(hiddenT, scores); // (H, C)
    const dhidden = np.matmul(scores, W2T); // (N, H)
    const dh: Float64Array = dhidden.data;
    const [db1, db2] = [new Float64Array(H), new Float64Array(C)];
    for (let i = 0; i < N; i++) for (let j = 0; j < C; j++) db2[j] += s[i * C + j];
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < H; j++) {
        const d = h[i * H + j] > 0 ? dh[i * H + j] : 0;
        dh[i * H + j] = d;
        db1[j] += d;
      }
    }
    const dW1 = np.matmul(XT, dhidden); // (D, H)
    loss +=
      reg *
      (descend(W1.data, dW1.data, reg, learningRate) +
        descend(W2.data, dW2.data, reg, learningRate));
    descend(b1, db1, 0, learningRate);
    descend(b2, db2, 0, learningRate);
    for (const array of [...views, ...copies, hidden, scores, dW2, dhidden, dW1]) array.dispose();
    return loss;
  };
  return { run, weights: () => W1.data };
}

/** ml-matrix: its products and transposes; loops over its rows for the rest. */
function mlMatrixStep([{ Matrix }]: any[], { D, H, C, N }: NetShape, problem: Problem): Step {
  const { y, reg, learningRate } = problem;
  const matrix = (data: Float64Array, rows: number, cols: number): any =>
    new Matrix(
      Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * cols, (i + 1) * cols))),
    );
  const [W1, W2, X] = [matrix(problem.W1, D, H), matrix(problem.W2, H, C), matrix(problem.X, N, D)];
  const [b1, b2] = [problem.b1.slice(), problem.b2.slice()];
  const run = (): number => {
    const hidden = X.mmul(W1); // (N, H)
    for (const row of hidden.data) for (let j = 0; j < H; j++) row[j] = Math.max(row[j] + b1[j], 0);
    const scores = hidden.mmul(W2); // (N, C)
    for (const row of scores.data) for (let j = 0; j < C; j++) row[j] += b2[j];
    let loss = softmaxLossRows(N, C, y, (i) => scores.data[i], 0);
    const dW2 = hidden.transpose().mmul(scores); // (H, C)
    const dhidden = scores.mmul(W2.transpose()); // (N, H)
    const [db1, db2] = [new Float64Array(H), new Float64Array(C)];
    for (let i = 0; i < N; i++) {
      const [ds, dh, h] = [scores.data[i], dhidden.data[i], hidden.data[i]];
      for (let j = 0; j < C; j++) db2[j] += ds[j];
      for (let j = 0; j < H; j++) {
        const d = h[j] > 0 ? dh[j] : 0;
        dh[j] = d;
        db1[j] += d;
      }
    }
    const dW1 = X.transpose().mmul(dhidden); // (D, H)
    for (let i = 0; i < D; i++) loss += reg * descend(W1.data[i], dW1.data[i], reg, learningRate);
    for (let i = 0; i < H; i++) loss += reg * descend(W2.data[i], dW2.data[i], reg, learningRate);
    descend(b1, db1, 0, learningRate);
    descend(b2, db2, 0, learningRate);
    return loss;
  };
  return { run, weights: () => W1.to1DArray() };
}

/** tfjs: everything stays in its memory; only the loss is read. */
function tensorflowStep([tf]: any[], { D, H, C, N }: NetShape, problem: Problem): Step {
  const { reg, learningRate } = problem;
  const tensor = (data: Float64Array, shape: number[]): any =>
    tf.tensor(Float32Array.from(data), shape);
  const X = tensor(problem.X, [N, D]);
  const oneHot = tf.tidy(() => tf.oneHot(tf.tensor1d(problem.y, "int32"), C).toFloat());
  let params: any[] = [
    tensor(problem.W1, [D, H]),
    tensor(problem.b1, [1, H]),
    tensor(problem.W2, [H, C]),
    tensor(problem.b2, [1, C]),
  ];
  const run = (): number => {
    const [loss, ...next] = tf.tidy(() => {
      const [W1, b1, W2, b2] = params;
      const hidden = tf.relu(tf.add(tf.matMul(X, W1), b1)); // (N, H)
      const scores = tf.add(tf.matMul(hidden, W2), b2); // (N, C)
      const shifted = tf.sub(scores, tf.max(scores, 1, true));
      const logSum = tf.log(tf.sum(tf.exp(shifted), 1, true));
      const logProbabilities = tf.sub(shifted, logSum);
      const penalty = tf.mul(reg, tf.add(tf.sum(tf.square(W1)), tf.sum(tf.square(W2))));
      const loss = tf.sub(penalty, tf.div(tf.sum(tf.mul(oneHot, logProbabilities)), N));
      const dscores = tf.div(tf.sub(tf.exp(logProbabilities), oneHot), N);
      const dW2 = tf.add(tf.matMul(hidden, dscores, true, false), tf.mul(2 * reg, W2));
      const dhidden = tf.mul(tf.matMul(dscores, W2, false, true), tf.step(hidden)); // (N, H)
      const dW1 = tf.add(tf.matMul(X, dhidden, true, false), tf.mul(2 * reg, W1));
      const [db1, db2] = [tf.sum(dhidden, 0, true), tf.sum(dscores, 0, true)];
      const down = (param: any, dparam: any): any => tf.sub(param, tf.mul(learningRate, dparam));
      return [loss, down(W1, dW1), down(b1, db1), down(W2, dW2), down(b2, db2)];
    });
    tf.dispose(params);
    params = next;
    const [value] = loss.dataSync();
    loss.dispose();
    return value;
  };
  return { run, weights: () => params[0].dataSync() };
}

const numpyViews: StepPeer["step"] = ([np], shape, problem) => numpyStep(np, shape, problem);
const numpyCopies: StepPeer["step"] = ([np], shape, problem) =>
  numpyStep(np, shape, problem, (view) => np.ascontiguousarray(view));

export const STEP_PEERS: StepPeer[] = [
  { name: "numpy-ts", precision: "f64", packages: ["numpy-ts"], step: numpyViews },
  {
    name: "numpy-ts, transposes copied",
    precision: "f64",
    packages: ["numpy-ts"],
    step: numpyCopies,
  },
  {
    name: "numpy-ts (Node 22 on)",
    precision: "f64",
    packages: ["numpy-ts-node22"],
    node: 22,
    step: numpyViews,
  },
  {
    name: "numpy-ts (Node 22 on), transposes copied",
    precision: "f64",
    packages: ["numpy-ts-node22"],
    node: 22,
    step: numpyCopies,
  },
  { name: "ml-matrix", precision: "f64", packages: ["ml-matrix"], step: mlMatrixStep },
  {
    name: "tfjs, wasm backend",
    precision: "f32",
    packages: ["@tensorflow/tfjs", "@tensorflow/tfjs-backend-wasm"],
    step: tensorflowStep,
  },
];
