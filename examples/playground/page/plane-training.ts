// From the settings of the 2-D tab to a training: data, net and trainer, all from one seed. The
// same lines run in Node and end at the same weights, bit for bit.

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
import type { Settings } from "./settings.ts";
import { MOST_CLASSES } from "./theme.ts";

const HELD_OUT = 0.3; // of the points: the net never learns from them
const MOST_CSV_ROWS = 5000; // more than the page could draw

type Labelled = { X: Matrix; y: Int32Array };
export type PlaneData = Labelled & {
  classNames: string[];
  columns: [string, string];
};
export type PlaneTraining = {
  data: PlaneData;
  train: Labelled;
  heldOut: Labelled;
  net: TwoLayerNet;
  trainer: Trainer;
  iterationsPerEpoch: number;
  /** Where value v of input j lies in the plane the net sees: (v − mean[j]) / std[j]. */
  mean: [number, number];
  std: [number, number];
};

const SAMPLES = { moons: twoMoons, circles, spiral, xor, blobs };
const OPTIMIZERS = { sgd, momentum, nesterov, adam };

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

/**
 * Throws a FormatError or RangeError whose message is for the reader, when the settings hold a CSV
 * that will not do.
 */
export function createPlaneTraining(settings: Settings["plane"]): PlaneTraining {
  const random = new Random(settings.seed);
  const data =
    settings.data === "csv" ? csvData(settings.csv) : sampleData(settings, settings.data, random);
  const parts = split(data, { validation: HELD_OUT, random });
  const scaled =
    settings.data === "csv"
      ? columnStatistics(parts.train.X)
      : { mean: new Matrix(1, 2), std: Matrix.filled(1, 2, 1) };
  const train = { X: standardize(parts.train.X, scaled), y: parts.train.y };
  const heldOut = { X: standardize(parts.validation.X, scaled), y: parts.validation.y };
  const sizes = { inputSize: 2, hiddenSize: settings.hidden, outputSize: data.classNames.length };
  const net = TwoLayerNet.create(sizes, { random });
  const trainer = new Trainer(net, train, {
    optimizer: OPTIMIZERS[settings.optimizer](),
    learningRate: settings.rate,
    learningRateDecay: 1,
    reg: settings.reg,
    batchSize: settings.batch,
    iterations: settings.iterations,
    random,
    validation: heldOut,
  });
  const pair = ({ data: [first, second] }: Matrix): [number, number] => [first, second];
  const iterationsPerEpoch = Math.ceil(train.X.rows / settings.batch);
  return {
    data,
    train,
    heldOut,
    net,
    trainer,
    iterationsPerEpoch,
    mean: pair(scaled.mean),
    std: pair(scaled.std),
  };
}

function sampleData(
  { points, noise }: Settings["plane"],
  name: keyof typeof SAMPLES,
  random: Random,
): PlaneData {
  const { X, y } = SAMPLES[name]({ count: points, noise, random });
  const classes = Math.max(...y) + 1;
  return {
    X,
    y,
    classNames: Array.from({ length: classes }, (_, c) => String(c)),
    columns: ["x1", "x2"],
  };
}

/** The first two columns as inputs and the last as the class. */
export function csvData(text: string): PlaneData {
  const table = parseCsv(text, { name: "pasted" });
  const last = table.columns.length - 1;
  if (last < 2)
    throw table.error(
      `expected two columns of numbers and one of classes, got ${table.columns.length} in all`,
    );
  if (table.rowCount > MOST_CSV_ROWS)
    throw table.error(`expected at most ${MOST_CSV_ROWS} rows, got ${table.rowCount}`);
  const X = new Matrix(table.rowCount, 2).map((_, row, column) => {
    const value = table.number(row, column);
    if (!Number.isFinite(value))
      throw table.error(
        `expected a number, got ${JSON.stringify(table.text(row, column))}`,
        row,
        column,
      );
    return value;
  });
  const { y, classes } = encodeLabels(
    Array.from({ length: table.rowCount }, (_, row) => table.text(row, last)),
  );
  if (classes.length < 2 || classes.length > MOST_CLASSES) {
    throw table.error(
      `expected 2 to ${MOST_CLASSES} classes in column ${JSON.stringify(table.columns[last])}, got ${classes.length}`,
    );
  }
  return { X, y, classNames: classes.map(String), columns: [table.columns[0], table.columns[1]] };
}
