// `npm start`: trains a 64→100→10 net on 1797 real handwritten digits, shows how it goes and where
// it errs, and draws the training curves and a report page. Of every five rows the first three are
// for training, the fourth for validation and the fifth for testing.

import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import {
  confusionTable,
  countConfusion,
  type Dataset,
  formatTable,
  Matrix,
  parseCsv,
  progressLine,
  Random,
  reportPage,
  Trainer,
  TwoLayerNet,
  trainingCurves,
} from "../../lib/index.ts";

const SIDE = 8; // pixels
const GREY = 16; // the brightest pixel
const CLASSES = 10;
const EPOCHS = 60;
const CURVES = "training-curves.svg";
const REPORT = "report.html";

// as in `npm start | head`
process.stdout.on("error", (error: NodeJS.ErrnoException) =>
  process.exit(error.code === "EPIPE" ? 0 : 1),
);

const digits = parseCsv(readFileSync(new URL("digits.csv", import.meta.url)), {
  name: "digits.csv",
});
const training = rowsWhere((fold) => fold < 3);
const validation = rowsWhere((fold) => fold === 3);
const test = rowsWhere((fold) => fold === 4);
console.log(
  `${digits.rowCount} digits of ${SIDE}×${SIDE} pixels: ${training.X.rows} to learn from, ` +
    `${validation.X.rows} to validate, ${test.X.rows} to test\n`,
);

const random = new Random(0);
const net = TwoLayerNet.create(
  { inputSize: SIDE * SIDE, hiddenSize: 100, outputSize: CLASSES },
  { random },
);
const settings = {
  learningRate: 0.5,
  learningRateDecay: 0.98,
  reg: 1e-4,
  batchSize: 32,
  epochs: EPOCHS,
};
const trainer = new Trainer(net, training, { ...settings, random, validation });
trainWithProgress();

const accuracy = {
  training: net.accuracy(training.X, training.y),
  validation: net.accuracy(validation.X, validation.y),
  test: net.accuracy(test.X, test.y),
};
console.log(
  formatTable(
    Object.entries(accuracy).map(([rows, share]) => [rows, share.toFixed(4)]),
    { header: ["rows", "accuracy"] },
  ),
);

const predicted = net.predict(test.X);
console.log(`\nThe ${test.X.rows} test digits:`);
console.log(confusionTable(countConfusion(test.y, predicted, CLASSES)));
drawMistakes(3);

console.log();
save(
  "Training curves",
  CURVES,
  trainingCurves(trainer.history, { title: "64→100→10 on handwritten digits" }),
);
save(
  "Report",
  REPORT,
  reportPage({
    title: "64→100→10 on handwritten digits",
    about: {
      "training rows": training.X.rows,
      "validation rows": validation.X.rows,
      "test rows": test.X.rows,
      inputs: net.inputSize,
      "hidden units": net.hiddenSize,
      classes: net.outputSize,
    },
    settings,
    accuracy,
    history: trainer.history,
    evaluation: {
      name: "test",
      actual: test.y,
      predicted,
      probabilities: net.predictProba(test.X),
      inputs: test.X,
      rowNumbers: test.rows,
    },
    weights: net.params.W1,
    image: { width: SIDE, height: SIDE },
    command: "npm start",
  }),
);

/** Writes a file into the current folder and prints its path, or why it could not be written. */
function save(what: string, file: string, text: string): void {
  const path = resolve(file);
  try {
    writeFileSync(path, text);
    console.log(`${`${what}:`.padEnd(16)} ${path}`);
  } catch (error) {
    console.error(`${`${what}:`.padEnd(16)} not written, ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

/** The rows whose index % 5 satisfies `wanted`, scaled to 0..1. */
function rowsWhere(wanted: (fold: number) => boolean): Dataset & { rows: number[] } {
  const rows = Array.from({ length: digits.rowCount }, (_, i) => i).filter((i) => wanted(i % 5));
  const X = new Matrix(rows.length, SIDE * SIDE).map((_, i, j) => digits.number(rows[i], j) / GREY);
  const y = rows.map((row) => digits.number(row, SIDE * SIDE));
  return { X, y, rows };
}

/** Trains; on a terminal one line is redrawn, elsewhere a line is printed every ten epochs. */
function trainWithProgress(): void {
  const terminal = process.stderr.isTTY;
  const start = performance.now();
  let drawn = 0;
  for (const { iteration, epoch, loss, trainAccuracy, valAccuracy } of trainer) {
    const elapsed = performance.now() - start;
    const done = iteration + 1;
    const state = {
      done,
      total: trainer.iterations,
      elapsed,
      epoch: epoch + 1,
      loss,
      trainAccuracy,
      valAccuracy,
    };
    if (terminal && (elapsed - drawn > 50 || done === trainer.iterations)) {
      process.stderr.write(`\r\x1b[K${progressLine(state, (process.stderr.columns || 80) - 1)}`);
      drawn = elapsed;
    } else if (!terminal && trainAccuracy !== undefined && (epoch + 1) % 10 === 0) {
      const shares = `train ${trainAccuracy.toFixed(4)}  val ${valAccuracy!.toFixed(4)}`;
      console.error(`epoch ${epoch + 1}/${EPOCHS}  loss ${loss.toFixed(4)}  ${shares}`);
    }
  }
  console.error(terminal ? "\n" : "");
}

/** Prints the first `count` test digits that were mistaken, side by side, in characters. */
function drawMistakes(count: number): void {
  const mistakes = test.rows.map((_, i) => i).filter((i) => predicted[i] !== test.y[i]);
  const drawn = mistakes.slice(0, count);
  if (drawn.length === 0) return;
  const shades = " .:-=+*#%@";
  const pixel = (value: number): string =>
    shades[Math.round(value * (shades.length - 1))].repeat(2);
  const width = 2 * SIDE + 4;
  console.log(`\nMistaken (${drawn.length} of ${mistakes.length}):`);
  console.log(
    drawn
      .map((i) => `${test.y[i]} taken for ${predicted[i]}`.padEnd(width))
      .join("")
      .trimEnd(),
  );
  for (let y = 0; y < SIDE; y++) {
    const line = drawn.map((i) =>
      Array.from(test.X.row(i).subarray(y * SIDE, (y + 1) * SIDE), pixel)
        .join("")
        .padEnd(width),
    );
    console.log(line.join("").trimEnd());
  }
}
