// npm run bench: how fast this package is here, alone. (Beside other packages: npm --prefix
// bench/peers run bench.)

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { adam, momentum, nesterov, sgd } from "../lib/training/optimizer.ts";
import type { Kernel } from "./matmul.ts";
import { report } from "./report.ts";
import { MATMUL_SHAPES, NET_SHAPES, parseNetShape, parseShape } from "./shapes.ts";

const USAGE = `usage: npm run bench -- [WHAT] [options], where WHAT is one of

  matmul      C = A·B on every path beside the plain loop, in GFLOP/s (default)
  train       training steps per second, and their share of the speed of a 512³ product
  parts       where the time of a training step goes, in µs
  matrix      elementwise methods and reductions of Matrix beside a plain copy, in ns per element
  kernels     elementwise and reduction kernels, in ns per element
  thresholds  where one way to compute a product overtakes another, for lib/kernels/sizes.ts

  --sizes LIST        separated by spaces or commas; matmul: 64 (cube), 5x4x10 (m×k×n),
                      t5x4x10 (A stored transposed); train and parts: 64-100-10/32
                      (inputs-hidden-classes/batch); matrix: 1000x100
  --kernel NAME       auto, reference, simd or fma; matmul races all the engine has unless told
  --threads N         default 1; matmul adds N to 1 unless --kernel is given
  --optimizer NAME    of parts: sgd (default), momentum, nesterov or adam
  --numpy PYTHON      matrix: also time NumPy in this Python, python3 say
  --seconds S         of samples for each contender, default 0.5
  --node-options=OPT  run in a Node started with these options
  --json              one JSON object instead of a table
  --help`;

const OPTIMIZERS = { sgd, momentum, nesterov, adam };
const KERNELS: readonly string[] = ["auto", "reference", "simd", "fma"];

function usageError(message: string): never {
  console.error(`bench: ${message} (npm run bench -- --help)`);
  process.exit(2);
}

function parseCommand(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        sizes: { type: "string" },
        kernel: { type: "string" },
        numpy: { type: "string" },
        threads: { type: "string", default: "1" },
        optimizer: { type: "string", default: "sgd" },
        seconds: { type: "string", default: "0.5" },
        "node-options": { type: "string" },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    usageError((error as Error).message);
  }
}

const { values, positionals } = parseCommand(process.argv.slice(2));
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
if (values["node-options"] !== undefined) {
  const args = process.argv
    .slice(2)
    .filter((arg, i, all) => !arg.startsWith("--node-options") && all[i - 1] !== "--node-options");
  const options = values["node-options"].split(/\s+/).filter((option) => option !== "");
  const { status } = spawnSync(
    process.execPath,
    [...options, ...process.execArgv, fileURLToPath(import.meta.url), ...args],
    { stdio: "inherit" },
  );
  process.exit(status ?? 1);
}

const [name = "matmul", ...rest] = positionals;
const threads = Number(values.threads);
const seconds = Number(values.seconds);
const sizes = values.sizes?.split(/[\s,]+/).filter((size) => size !== "");
if (rest.length > 0)
  usageError(
    `expected one of matmul, train, parts, matrix, kernels, thresholds, got also "${rest[0]}"`,
  );
if (!Number.isInteger(threads) || threads < 1)
  usageError(`--threads expected an integer >= 1, got "${values.threads}"`);
if (!(seconds > 0 && seconds < Infinity))
  usageError(`--seconds expected a number > 0, got "${values.seconds}"`);
if (values.kernel !== undefined && !KERNELS.includes(values.kernel))
  usageError(`--kernel expected ${KERNELS.join(", ")}, got "${values.kernel}"`);
if (!(values.optimizer in OPTIMIZERS))
  usageError(
    `--optimizer expected ${Object.keys(OPTIMIZERS).join(", ")}, got "${values.optimizer}"`,
  );
const kernel = values.kernel as Kernel | undefined;

if (name === "matmul") {
  const { benchMatmul } = await import("./matmul.ts");
  const shapes = readSizes(sizes ?? MATMUL_SHAPES.split(" "), parseShape);
  await report(
    name,
    benchMatmul(shapes, kernel, threads, seconds),
    {
      product: "product",
      path: "path",
      best: "best GFLOP/s",
      median: "median",
      ratio: "× plain loop",
    },
    values.json,
  );
} else if (name === "train") {
  const { benchTrain } = await import("./train.ts");
  const shapes = readSizes(sizes ?? NET_SHAPES.split(" "), parseNetShape);
  await report(
    name,
    benchTrain(shapes, kernel ?? "auto", threads, seconds),
    {
      net: "net",
      step: "step",
      best: "best steps/s",
      median: "median",
      gflops: "GFLOP/s",
      share: "share of 512³",
      bestShare: "best of best",
    },
    values.json,
  );
} else if (name === "parts") {
  const { benchParts } = await import("./parts.ts");
  const shapes = readSizes(sizes ?? NET_SHAPES.split(" "), parseNetShape);
  const optimizer = OPTIMIZERS[values.optimizer as keyof typeof OPTIMIZERS]();
  await report(
    name,
    benchParts(shapes, kernel ?? "auto", threads, seconds, optimizer),
    { net: "net", part: "part", best: "best µs", median: "median", share: "share of best" },
    values.json,
  );
} else if (name === "matrix") {
  const { benchMatrix, MATRIX_SHAPES, parseMatrixShape } = await import("./matrix.ts");
  const shapes = readSizes(sizes ?? MATRIX_SHAPES.split(" "), parseMatrixShape);
  await report(
    name,
    benchMatrix(shapes, seconds, values.numpy),
    {
      method: "method",
      size: "rows×cols",
      best: "best ns/element",
      median: "median",
      share: "share of copy",
      numpy: "NumPy",
    },
    values.json,
  );
} else if (name === "kernels") {
  const { benchKernels } = await import("./kernels.ts");
  if (sizes !== undefined) usageError("kernels takes no --sizes");
  await report(
    name,
    benchKernels(seconds),
    {
      kernel: "kernel",
      size: "rows×cols",
      best: "best ns/element",
      median: "median",
      plain: "plain loop",
    },
    values.json,
  );
} else if (name === "thresholds") {
  const { benchThresholds } = await import("./thresholds.ts");
  if (sizes !== undefined) usageError("thresholds takes no --sizes");
  await report(
    name,
    benchThresholds(seconds),
    {
      threshold: "threshold",
      size: "size",
      first: "first, µs",
      second: "second, µs",
      ratio: "first ÷ second",
      chosen: "chosen",
    },
    values.json,
  );
} else {
  usageError(`expected matmul, train, parts, matrix, kernels or thresholds, got "${name}"`);
}
function readSizes<T>(texts: string[], parse: (text: string) => T): T[] {
  try {
    return texts.map(parse);
  } catch (error) {
    usageError((error as Error).message.replace(/^bench: /, ""));
  }
}
