// How long a whole training takes, accuracies included: 60 000 rows of 784 numbers in 10 classes,
// as MNIST has, 128 hidden units, batches of 100, 10 epochs. training.py is the same with NumPy or
// PyTorch.
//
//   node --import tsx bench/training.ts --threads 2 --kernel fma
//   node --import tsx bench/training.ts --package ../other/dist/index.js

import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { machine } from "./harness.ts";

const { values } = parseArgs({
  options: {
    package: { type: "string" },
    threads: { type: "string", default: "1" },
    kernel: { type: "string", default: "auto" },
    rows: { type: "string", default: "60000" },
    epochs: { type: "string", default: "10" },
    /** Training rows that are measured after an epoch; "": as the package has it. */
    measured: { type: "string", default: "all" },
  },
});

const [D, H, C, N] = [784, 128, 10, 100];
const own = new URL("../lib/index.ts", import.meta.url);
const address = values.package === undefined ? own : pathToFileURL(values.package);
const library: typeof import("../lib/index.ts") = await import(address.href);
const { configuration, configure, Matrix, Random, Trainer, TwoLayerNet } = library;

/** Rows around the middles of their classes. */
function data(rows: number, random: InstanceType<typeof Random>) {
  const y = random.integers(rows, C);
  const middles = new Random(7).normal(C * D);
  const X = new Matrix(rows, D, random.normal(rows * D));
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < D; j++) X.data[i * D + j] += 0.15 * middles[y[i] * D + j];
  return { X, y };
}

const random = new Random(1);
const train = data(Number(values.rows), random);
const validation = data(Number(values.rows) / 6, random);
configure({
  kernel: values.kernel as "auto" | "reference" | "simd" | "fma",
  threads: Number(values.threads),
});
const sizes = { inputSize: D, hiddenSize: H, outputSize: C };
const net = TwoLayerNet.create(sizes, { random });
const { measured } = values;
const trainAccuracy = measured === "all" ? measured : Number(measured);
const start = performance.now();
const trainer = new Trainer(net, train, {
  learningRate: 0.01,
  learningRateDecay: 1,
  reg: 1e-4,
  batchSize: N,
  epochs: Number(values.epochs),
  validation,
  random,
  ...(measured === "" ? {} : { trainAccuracy }),
});
for (const _ of trainer);
const seconds = (performance.now() - start) / 1000;
const { kernel, threads, notes } = configuration();
console.log(
  [
    machine(),
    `${kernel}, ${threads} threads, ${notes.join("; ")}`,
    `${seconds.toFixed(2)} s, validation accuracy ${trainer.history.valAccuracy.at(-1)}`,
  ].join("\n"),
);
process.exit(0);
