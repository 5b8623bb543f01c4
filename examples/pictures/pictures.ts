// The pictures in README.md: what is trained for each, and how it is drawn. `npm run docs` draws
// them again; a test compares them with the files.

import { readFileSync } from "node:fs";
import {
  adam,
  decisionBoundary,
  Matrix,
  parseCsv,
  Random,
  spiral,
  TwoLayerNet,
  train,
  trainingCurves,
} from "../../lib/index.ts";

/** File name to SVG. */
export function drawPictures(): Record<string, string> {
  return { "digits-curves.svg": drawDigits(), "spiral-boundary.svg": drawSpiral() };
}

/** The training of `npm start`: 64→100→10 on handwritten digits. */
function drawDigits(): string {
  const digits = parseCsv(readFileSync(new URL("../digits/digits.csv", import.meta.url)), {
    name: "digits.csv",
  });
  const rowsWhere = (wanted: (fold: number) => boolean): { X: Matrix; y: number[] } => {
    const rows = Array.from({ length: digits.rowCount }, (_, i) => i).filter((i) => wanted(i % 5));
    return {
      X: new Matrix(rows.length, 64).map((_, i, j) => digits.number(rows[i], j) / 16),
      y: rows.map((row) => digits.number(row, 64)),
    };
  };
  const random = new Random(0);
  const net = TwoLayerNet.create({ inputSize: 64, hiddenSize: 100, outputSize: 10 }, { random });
  const history = train(
    net,
    rowsWhere((fold) => fold < 3),
    {
      learningRate: 0.5,
      learningRateDecay: 0.98,
      reg: 1e-4,
      batchSize: 32,
      epochs: 60,
      random,
      validation: rowsWhere((fold) => fold === 3),
    },
  );
  return trainingCurves(history, { title: "1797 handwritten digits, 64→100→10" });
}

/** Three arms of a spiral, which no straight lines tell apart. */
function drawSpiral(): string {
  const { X, y } = spiral({ count: 300, random: new Random(1) });
  const random = new Random(0);
  const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 100, outputSize: 3 }, { random });
  train(
    net,
    { X, y },
    {
      optimizer: adam(),
      learningRate: 0.01,
      learningRateDecay: 0.995,
      reg: 1e-4,
      batchSize: 50,
      epochs: 300,
      random,
    },
  );
  return decisionBoundary(net, X, y, { title: "A spiral, 2→100→3", resolution: 100 });
}
