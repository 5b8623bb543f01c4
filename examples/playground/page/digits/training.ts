// From the digits' CSV to a trained net: 64 → hidden → 10, all from one seed.
//
// What people draw with a mouse differs from what the writers of the data wrote with a pen on
// paper, so the net also learns from three copies of every digit, each slightly stretched, slanted
// and moved, and from drawn 4s with an open top, which the data lacks. Of 1500 drawn digits (25
// ways to write the ten, each with 20 wobbles, for three nets; spec/examples/drawn-digits.ts) it
// misreads 48 instead of 183 without and 122 with the copies alone.

import { Matrix, parseCsv, Random, split, Trainer, TwoLayerNet } from "twolayer";
import type { Settings } from "../settings.ts";
import { GREY, SIDE } from "./image.ts";
import { openFours } from "./open-fours.ts";

export const CLASSES = 10;
const PIXELS = SIDE * SIDE;
const COPIES = 3;
const OPEN_FOURS = 60;
const HELD_OUT = 0.2;
const WARP = 0.2;
const EPOCHS = { plain: 52, warped: 13 }; // close to 1200 iterations either way: about a second

type Labelled = { X: Matrix; y: Int32Array };
export type DigitTraining = {
  train: Labelled;
  heldOut: Labelled;
  net: TwoLayerNet;
  trainer: Trainer;
  epochs: number;
};

/** X (1797, 64) in 0..1 and y (1797). */
export function readDigits(csv: string): Labelled {
  const table = parseCsv(csv, { name: "digits.csv" });
  return {
    X: new Matrix(table.rowCount, PIXELS).map((_, i, j) => table.number(i, j) / GREY),
    y: Int32Array.from({ length: table.rowCount }, (_, i) => table.number(i, PIXELS)),
  };
}

export function createDigitTraining(
  digits: Labelled,
  { hidden, warp, seed }: Settings["digits"],
): DigitTraining {
  const random = new Random(seed);
  const { train, validation } = split(digits, { validation: HELD_OUT, random });
  const net = TwoLayerNet.create(
    { inputSize: PIXELS, hiddenSize: hidden, outputSize: CLASSES },
    { random },
  );
  const epochs = warp ? EPOCHS.warped : EPOCHS.plain;
  const data = warp ? withCopies(withOpenFours(train, random), random) : train;
  const trainer = new Trainer(net, data, {
    learningRate: 0.5,
    learningRateDecay: warp ? 0.9 : 0.98,
    reg: 1e-4,
    batchSize: 64,
    epochs,
    random,
    validation,
  });
  return { train, heldOut: validation, net, trainer, epochs };
}

/** The digits followed by drawn 4s with an open top. */
function withOpenFours({ X, y }: Labelled, random: Random): Labelled {
  const all = new Matrix(X.rows + OPEN_FOURS, X.cols);
  all.data.set(X.data);
  all.data.set(openFours(OPEN_FOURS, random).data, X.data.length);
  const labels = new Int32Array(all.rows).fill(4);
  labels.set(y);
  return { X: all, y: labels };
}

/** The digits followed by COPIES warped copies of them all. */
function withCopies({ X, y }: Labelled, random: Random): Labelled {
  const all = new Matrix((1 + COPIES) * X.rows, X.cols);
  const labels = new Int32Array(all.rows);
  const amounts = random.normal(5 * COPIES * X.rows);
  for (let row = 0; row < all.rows; row++) {
    const source = row % X.rows;
    const copy = row - X.rows;
    labels[row] = y[source];
    if (copy < 0) all.row(row).set(X.row(source));
    else warpDigit(X.row(source), amounts.subarray(5 * copy, 5 * copy + 5), all.row(row));
  }
  return { X: all, y: labels };
}

/**
 * `image` stretched in both directions, slanted and moved by five amounts, resampled between its
 * pixels.
 */
function warpDigit(
  image: Float64Array,
  [width, height, slant, right, down]: Float64Array,
  out: Float64Array,
): void {
  const middle = (SIDE - 1) / 2;
  const pixel = (x: number, y: number): number =>
    x >= 0 && x < SIDE && y >= 0 && y < SIDE ? image[y * SIDE + x] : 0;
  for (let i = 0; i < SIDE; i++) {
    for (let j = 0; j < SIDE; j++) {
      const x =
        middle + (1 + WARP * width) * (j - middle) + WARP * slant * (i - middle) + 2 * WARP * right;
      const y = middle + (1 + (WARP / 2) * height) * (i - middle) + 2 * WARP * down;
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [u, v] = [x - left, y - top];
      out[i * SIDE + j] =
        (1 - v) * ((1 - u) * pixel(left, top) + u * pixel(left + 1, top)) +
        v * ((1 - u) * pixel(left, top + 1) + u * pixel(left + 1, top + 1));
    }
  }
}
