import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Arguments, UsageError } from "../../lib/cli/arguments.ts";
import type { Source } from "../../lib/cli/source.ts";
import {
  checkOutputs,
  readPrepared,
  readTrainOptions,
  runTraining,
} from "../../lib/cli/training.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { parseCheckpoint } from "../../lib/model/checkpoint-file.ts";
import { Trainer } from "../../lib/training/trainer.ts";
import { inFolder, shapesCsv } from "../helpers/cli.ts";
import { assertThrows } from "../helpers/throws.ts";

const args = (options: Record<string, string | true> = {}): Arguments =>
  new Arguments("train", [], new Map(Object.entries(options)));
const source: Source = {
  kind: "table",
  table: parseCsv(shapesCsv(60)),
  name: "shapes.csv",
  hash: "",
};

test("readTrainOptions gives the recommended options where nothing is said", () => {
  assert.deepEqual(readTrainOptions(args(), 120), {
    optimizer: { name: "adam", beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
    learningRate: 0.003,
    schedule: { name: "cosine", final: 0 },
    reg: 0.001,
    batchSize: 32,
    epochs: 500,
    sampling: undefined,
    clipNorm: undefined,
    patience: undefined,
  });
});

test("options become those of train", () => {
  const { optimizer, learningRate, learningRateDecay, schedule, iterations, epochs } =
    readTrainOptions(
      args({ optimizer: "momentum", momentum: "0.5", decay: "0.9", iterations: "7" }),
      120,
    );
  assert.deepEqual(
    [optimizer, learningRate, learningRateDecay, schedule, iterations, epochs],
    [{ name: "momentum", momentum: 0.5 }, 0.03, 0.9, undefined, 7, undefined],
  );
  assertThrows(
    () => readTrainOptions(args({ momentum: "1" }), 120),
    UsageError,
    "--momentum expected a number below 1, got 1",
  );
});

test("readPrepared wants a label and refuses CSV's options for images", () => {
  assertThrows(
    () => readPrepared(args(), source),
    UsageError,
    "expected --label COLUMN, one of id, size, color, shape",
  );
  const images: Source = {
    kind: "images",
    images: { shape: [2, 1], data: Uint8Array.of(1, 2) },
    y: Int32Array.of(0, 1),
    labels: [0, 1],
    name: "i",
    hash: "",
  };
  assertThrows(
    () => readPrepared(args({ label: "x" }), images),
    UsageError,
    "--label is for CSV, got images",
  );
  assertThrows(
    () => readPrepared(args({ label: "shape", validation: "1" }), source),
    UsageError,
    "--validation expected a share below 1, got 1",
  );
});

test("two outputs in one file, or none at all, are refused", () => {
  assertThrows(
    () => checkOutputs(args({ out: "a", curves: "a" }), ["out", "curves"]),
    UsageError,
    "--out and --curves expected different files, got a for both",
  );
  assertThrows(
    () => checkOutputs(args({ out: "a", curves: "./b/../a" }), ["out", "curves"]),
    UsageError,
    "--out and --curves expected different files, got ./b/../a for both",
  );
  assertThrows(
    () => checkOutputs(args({ out: "-" }), ["out"]),
    UsageError,
    '--out expected a file\'s name, got "-"',
  );
});

test("an output that is an input is refused, but for a checkpoint that goes on", () => {
  const words = new Arguments("train", ["x.csv"], new Map([["out", "./x.csv"]]));
  assertThrows(
    () => checkOutputs(words, ["out"]),
    UsageError,
    "--out expected a file other than the input, got ./x.csv",
  );
  assertThrows(
    () => checkOutputs(args({ images: "i", checkpoint: "i" }), ["checkpoint"]),
    UsageError,
    "--checkpoint expected a file other than the input, got i",
  );
  assertThrows(
    () => checkOutputs(args({ resume: "r", out: "r" }), ["out"]),
    UsageError,
    "--out expected a file other than the input, got r",
  );
  checkOutputs(args({ resume: "r", checkpoint: "r", out: "m" }), ["out", "checkpoint"]);
  assert.ok(!existsSync("r") && !existsSync("m"));
});

test("--momentum without an optimizer that has any is refused", () => {
  assertThrows(
    () => readTrainOptions(args({ momentum: "0.5" }), 120),
    UsageError,
    "--momentum is for --optimizer momentum or nesterov, got adam",
  );
  assert.deepEqual(
    readTrainOptions(args({ optimizer: "nesterov", momentum: "0.5" }), 120).optimizer,
    { name: "nesterov", momentum: 0.5 },
  );
});

test("runTraining writes the checkpoint every so many steps and at the end, without changing the training", async () => {
  await inFolder(async (folder) => {
    const start = (): ReturnType<typeof readPrepared> & { trainer: Trainer } => {
      const prepared = readPrepared(args({ label: "shape", ignore: "id,color" }), source);
      return {
        ...prepared,
        trainer: new Trainer(prepared.classifier.net, prepared.data, {
          iterations: 11,
          random: prepared.random,
          validation: prepared.validation,
        }),
      };
    };
    const alone = start();
    assert.equal(await runTraining(alone.classifier, alone.trainer, undefined), true);
    const kept = start();
    const path = join(folder, "run.safetensors");
    assert.equal(
      await runTraining(kept.classifier, kept.trainer, { path, every: 4, run: { note: "x" } }),
      true,
    );
    assert.ok(existsSync(path));
    const { state, run } = parseCheckpoint(readFileSync(path));
    assert.deepEqual([state.iteration, run], [11, { note: "x" }]);
    assert.ok(state.params.W1.equals(alone.classifier.net.params.W1));
  });
});
