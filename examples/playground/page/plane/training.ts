// From the settings to points, net and trainer. One generator, begun at the seed, makes the data,
// the split, the weights and the batches in this order, as a program in Node would.

import {
  adam,
  blobs,
  circles,
  columnStatistics,
  encodeLabels,
  Matrix,
  momentum,
  nesterov,
  parseCsv,
  Random,
  sgd,
  spiral,
  split,
  standardize,
  Trainer,
  TwoLayerNet,
  twoMoons,
  xor,
} from "twolayer";
import type { Settings } from "../settings.ts";
import { MOST_CLASSES } from "../theme.ts";
import { type Input, inputMatrix, inputsOf } from "./inputs.ts";

const MOST_CSV_ROWS = 5000; // more could not be told apart in the picture

/** Points (N, 2) of the plane, the net's inputs X (N, F) at them, and their labels. */
export type Part = { points: Matrix; X: Matrix; y: Int32Array };
export type PlaneData = {
  X: Matrix;
  y: Int32Array;
  classNames: string[];
  columns: [string, string];
};
export type PlaneTraining = {
  data: PlaneData;
  inputs: Input[];
  train: Part;
  heldOut: Part;
  net: TwoLayerNet;
  trainer: Trainer;
  iterationsPerEpoch: number;
  /** A value v of column j lies at (v − mean[j]) / std[j] in the plane. */
  mean: [number, number];
  std: [number, number];
};

const SAMPLES = { moons: twoMoons, circles, spiral, xor, blobs };
const OPTIMIZERS = { sgd, momentum, nesterov, adam };

export type SampleName = keyof typeof SAMPLES;
export const SAMPLE_NAMES = Object.keys(SAMPLES) as SampleName[];

/** What suits each data set and each optimizer, to start from. */
export const USUAL_NOISE = {
  moons: 0.15,
  circles: 0.1,
  spiral: 0.2,
  xor: 0.05,
  blobs: 0.5,
  csv: 0,
};
export const USUAL_RATE = { sgd: 0.3, momentum: 0.03, nesterov: 0.03, adam: 0.01 };

/** Throws a FormatError with a message for the reader when the settings hold an unusable CSV. */
export function createPlaneTraining(settings: Settings["plane"]): PlaneTraining {
  const random = new Random(settings.seed);
  const data =
    settings.data === "csv" ? csvData(settings.csv) : sampleData(settings.data, settings, random);
  const parts = split(data, { validation: settings.heldOut / 100, random });
  const scaled =
    settings.data === "csv"
      ? columnStatistics(parts.train.X)
      : { mean: new Matrix(1, 2), std: Matrix.filled(1, 2, 1) };
  const inputs = inputsOf(settings.inputs);
  const partOf = ({ X, y }: { X: Matrix; y: Int32Array }): Part => {
    const points = standardize(X, scaled);
    return { points, X: inputMatrix(points, inputs), y };
  };
  const [train, heldOut] = [partOf(parts.train), partOf(parts.validation)];
  const outputSize = data.classNames.length;
  const sizes = { inputSize: inputs.length, hiddenSize: settings.hidden, outputSize };
  const net = TwoLayerNet.create(sizes, { random });
  return {
    data,
    inputs,
    train,
    heldOut,
    net,
    trainer: createTrainer(net, { train, heldOut }, settings, random),
    iterationsPerEpoch: Math.ceil(train.X.rows / settings.batch),
    mean: [scaled.mean.data[0], scaled.mean.data[1]],
    std: [scaled.std.data[0], scaled.std.data[1]],
  };
}

function createTrainer(
  net: TwoLayerNet,
  { train, heldOut }: { train: Part; heldOut: Part },
  settings: Settings["plane"],
  random: Random,
): Trainer {
  return new Trainer(
    net,
    { X: train.X, y: train.y },
    {
      optimizer: OPTIMIZERS[settings.optimizer](),
      learningRate: settings.rate,
      learningRateDecay: 1,
      reg: settings.reg,
      batchSize: settings.batch,
      iterations: settings.iterations,
      random,
      validation: { X: heldOut.X, y: heldOut.y },
    },
  );
}

/** The points and labels of a data set made by rule. */
export function sampleData(
  name: SampleName,
  { points, noise }: { points: number; noise: number },
  random: Random,
): PlaneData {
  const { X, y } = SAMPLES[name]({ count: points, noise, random });
  const classes = Math.max(...y) + 1;
  return {
    X,
    y,
    classNames: Array.from({ length: classes }, (_, c) => String(c)),
    columns: ["x₁", "x₂"],
  };
}

/** The first two columns of a CSV as the points and the last one as the class. */
export function csvData(csv: string): PlaneData {
  const table = parseCsv(csv, { name: "pasted" });
  const last = table.columns.length - 1;
  if (last < 2) {
    const problem = "expected two columns of numbers and one of classes";
    throw table.error(`${problem}, got ${table.columns.length} in all`);
  }
  if (table.rowCount > MOST_CSV_ROWS)
    throw table.error(`expected at most ${MOST_CSV_ROWS} rows, got ${table.rowCount}`);
  const X = new Matrix(table.rowCount, 2).map((_, row, column) => {
    const value = table.number(row, column);
    if (Number.isFinite(value)) return value;
    const got = JSON.stringify(table.text(row, column));
    throw table.error(`expected a number, got ${got}`, row, column);
  });
  const { y, classes } = encodeLabels(
    Array.from({ length: table.rowCount }, (_, row) => table.text(row, last)),
  );
  if (classes.length < 2 || classes.length > MOST_CLASSES) {
    const column = JSON.stringify(table.columns[last]);
    const problem = `expected 2 to ${MOST_CLASSES} classes in column ${column}`;
    throw table.error(`${problem}, got ${classes.length}`);
  }
  return { X, y, classNames: classes.map(String), columns: [table.columns[0], table.columns[1]] };
}
