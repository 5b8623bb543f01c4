// twolayer train: from rows to a model file, with checkpoints on the way.

import type { SplitRows } from "../../data/split.ts";
import { parseCheckpoint, type RunOptions } from "../../model/checkpoint-file.ts";
import { Classifier } from "../../model/classifier.ts";
import { crossValidateAnalyzed } from "../../model/cross-validate.ts";
import { serializeModel } from "../../model/model-file.ts";
import { parseRecordedCommand, type TrainingRecord } from "../../model/training-record.ts";
import type { TwoLayerNet } from "../../net/two-layer-net.ts";
import { formatTable } from "../../report/table.ts";
import { formatPercent } from "../../report/text.ts";
import { trainingCurves } from "../../report/training-curves.ts";
import { completeOptions } from "../../training/complete-options.ts";
import type { TrainOptions } from "../../training/train-options.ts";
import { Trainer } from "../../training/trainer.ts";
import { type Arguments, type Command, UsageError } from "../arguments.ts";
import { Checkpoint } from "../checkpoints.ts";
import { COMPUTE_OPTIONS, checkCompute, useCompute } from "../compute.ts";
import { netSizes, netSizesJson } from "../model.ts";
import { writeFile } from "../output-file.ts";
import { checkOutputs } from "../outputs.ts";
import { DATA_OPTIONS, type PreparedSource, readPrepared } from "../prepared-source.ts";
import { commandAndHistory } from "../provenance.ts";
import { writeResult } from "../rescue.ts";
import { readResumed, resumeCommand, runOptions, validationShare } from "../resume.ts";
import { measure, scoreLines } from "../scores.ts";
import { csvPath, readSource, SOURCE_OPTIONS, type Source } from "../source.ts";
import { note, printResult } from "../terminal.ts";
import { CHECKPOINT_INTERVAL, type Checkpoints, runTraining } from "../training.ts";
import { readGivenOptions, TRAINING_OPTIONS, TRAINING_USAGE } from "../training-options.ts";

export const train: Command = {
  name: "train",
  usage: [...TRAINING_USAGE, "DATA --resume FILE [options]"],
  positionals: 1,
  options: {
    ...DATA_OPTIONS,
    ...TRAINING_OPTIONS,
    ...COMPUTE_OPTIONS,
    out: ["FILE", "Write the model to this file. Default: model.safetensors."],
    curves: ["FILE", "Draw the loss and the accuracies to this SVG file."],
    checkpoint: ["FILE", "Save the state of the training to this file."],
    every: [
      "N",
      "Write the checkpoint after every N steps. " +
        "Default: after every epoch, at most once a second.",
    ],
    resume: ["FILE", "Continue the training of a checkpoint, with the options it was made with."],
    folds: ["K", "Also train and test K nets, each on a K-th of the rows that it has not seen."],
    "split-out": [
      "FILE",
      "Write which row went into which part to this CSV file; rows count from 1.",
    ],
    ...SOURCE_OPTIONS,
  },
  examples: [
    "twolayer train iris.csv --label species --out iris.safetensors",
    "twolayer train --images train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz " +
      "--epochs 5 --checkpoint run.safetensors",
  ],
  async run(args) {
    const training = args.has("resume") ? await resume(args) : await begin(args);
    const { classifier, trainer, source, effective, run } = training;
    const outcome = await runTraining(classifier, trainer, training.checkpoints);
    if (outcome !== true) return outcome;
    if (trainer.history.note !== undefined) note(trainer.history.note);
    const folds = await foldScores(effective, training);
    const record = { ...recordOf(training), ...(folds && { folds }) };
    const out = outOf(effective);
    const command = parseRecordedCommand(run.command);
    const kept = { ...record, ...commandAndHistory(command, trainer.history) };
    const written = await writeResult(out, serializeModel(classifier, { training: kept }));
    const splitOut = effective.text("split-out");
    if (splitOut !== undefined) await writeFile(splitOut, splitCsv(training.prepared.rows));
    const curves = effective.text("curves");
    if (curves !== undefined)
      await writeFile(
        curves,
        trainingCurves(trainer.history, { title: `Training on ${source.name}` }),
      );
    await report(args, training, record, { out: written, curves });
    return 0;
  },
};

type Training = {
  classifier: Classifier;
  trainer: Trainer;
  prepared: PreparedSource;
  source: Source;
  checkpoints: Checkpoints | undefined;
  /** The arguments in force: with --resume the checkpoint's and the given ones. */
  effective: Arguments;
  run: RunOptions;
};

function outOf(args: Arguments): string {
  return args.text("out") ?? "model.safetensors";
}

function checkTargets(args: Arguments): void {
  checkOutputs(args.with({ out: outOf(args) }), ["out", "curves", "checkpoint", "split-out"]);
}

async function begin(args: Arguments): Promise<Training> {
  if (args.has("every") && !args.has("checkpoint"))
    throw new UsageError("--every expected --checkpoint FILE, got none");
  // these throw for wrong arguments, which should not wait until the data are read
  args.integer("every", 1);
  checkCompute(args);
  readGivenOptions(args);
  csvPath(args, 0);
  checkTargets(args);
  const source = await readSource(args, 0, "train");
  const prepared = readPrepared(args, source);
  const { classifier, data, random } = prepared;
  const { validation } = prepared.options;
  const options = completeOptions(data.X.rows, readGivenOptions(args), validation);
  useCompute(args, trainingWork(classifier.net, data.X.rows, options));
  const trainer = new Trainer(classifier.net, data, { ...options, random });
  const share = String(prepared.split.validation); // the bits that the model file records
  const run = runOptions(args, source, { validation: share });
  const checkpoints = checkpointsOf(args, run, trainer);
  return { classifier, trainer, prepared, source, checkpoints, effective: args, run };
}

/** Multiplications of a training: two products of a batch with W1 a step. */
function trainingWork(
  { inputSize, hiddenSize }: TwoLayerNet,
  rows: number,
  { batchSize = 1, iterations, epochs = 1 }: TrainOptions,
): number {
  const trained = iterations === undefined ? epochs * rows : iterations * batchSize;
  return 2 * trained * inputSize * hiddenSize;
}

async function resume(args: Arguments): Promise<Training> {
  args.integer("every", 1);
  const resumed = await readResumed(args, parseCheckpoint, checkTargets);
  const { effective, source } = resumed;
  const { classifier, state, run } = resumed.saved;
  const test = effective.number("test", 0) ?? 0;
  const prepared = readPrepared(effective, source, { validation: validationShare(state, test) });
  const { data } = prepared;
  const { validation } = prepared.options;
  const { batchSize, iterations } = state.settings;
  useCompute(effective, trainingWork(classifier.net, data.X.rows, { batchSize, iterations }));
  const trainer = Trainer.fromState(state, data, { validation });
  const { encoding, mean, std } = classifier;
  return {
    classifier: new Classifier({ net: trainer.net, encoding, mean, std }),
    trainer,
    prepared,
    source,
    checkpoints: checkpointsOf(effective, run, trainer),
    effective,
    run,
  };
}

function checkpointsOf(
  args: Arguments,
  run: RunOptions,
  trainer: Trainer,
): Checkpoints | undefined {
  const path = args.text("checkpoint");
  if (path === undefined) return undefined;
  const { settings, rows } = trainer.state;
  const file = new Checkpoint(path);
  const every = args.integer("every", 1);
  return {
    file,
    every: every ?? Math.ceil(rows / settings.batchSize),
    interval: every === undefined ? CHECKPOINT_INTERVAL : 0,
    run,
    resume: resumeCommand(args, path),
  };
}

/** The scores of --folds. */
async function foldScores(
  args: Arguments,
  { source, prepared }: Training,
): Promise<TrainingRecord["folds"]> {
  const folds = args.integer("folds", 2);
  if (folds === undefined) return undefined;
  const { analysis, net = {}, split } = prepared;
  if (source.kind !== "table" || analysis === undefined) {
    args.refuse("folds", "CSV", "images");
    return undefined;
  }
  const train = readGivenOptions(args);
  const settings = { net: { ...net, test: 0 }, folds, seed: split.seed, train, signal: undefined };
  const { accuracy, logLoss } = await crossValidateAnalyzed(source.table, analysis, settings);
  return { count: folds, accuracy, logLoss };
}

/** Which row is in which part, as CSV. */
function splitCsv({ train, validation, test }: SplitRows): string {
  const parts = Object.entries({ train, validation, test }).flatMap(([part, rows]) =>
    Array.from(rows, (row): [number, string] => [row + 1, part]),
  );
  const lines = parts.sort(([a], [b]) => a - b).map((line) => line.join(","));
  return `row,part\n${lines.join("\n")}\n`;
}

/** The record of a finished training; an interruption does not change it. */
function recordOf({ trainer, source, prepared, classifier }: Training): TrainingRecord {
  const { settings, rows, validationRows } = trainer.state;
  const { history, best, net } = trainer;
  const { data, validation, test, split } = prepared;
  const remarks = source.kind === "table" ? source.table.remarks.map(({ text }) => text) : [];
  return {
    data: source.name,
    dataHash: source.hash,
    split,
    ...(remarks.length > 0 && { remarks }),
    rows,
    validationRows,
    testRows: test?.X.rows ?? 0,
    iterations: trainer.iteration,
    settings,
    bestEpoch: best?.epoch ?? null,
    finalLoss: history.loss.at(-1) ?? null,
    ...(history.note !== undefined && { note: history.note }),
    trainAccuracy: net.accuracy(data.X, data.y),
    valAccuracy: validation === undefined ? null : net.accuracy(validation.X, validation.y),
    ...measure(classifier, validation ?? data),
    ...(test !== undefined && { test: measure(classifier, test) }),
  };
}

async function report(
  args: Arguments,
  { classifier, trainer }: Training,
  record: TrainingRecord,
  { out, curves }: { out: string; curves: string | undefined },
): Promise<void> {
  const { net, encoding } = classifier;
  const sizes = netSizesJson(net);
  const { decisions = [] } = encoding;
  const { rows, validationRows = 0, testRows = 0, trainAccuracy, valAccuracy } = record;
  const heldBack = validationRows === 0 ? "" : `, ${validationRows} held back for validation`;
  const heldOut = testRows === 0 ? "" : `, ${testRows} held out as a test set`;
  const epochs = trainer.history.valAccuracy.length;
  const best =
    trainer.best === undefined || trainer.best.epoch + 1 === epochs
      ? ""
      : ` (best of ${epochs} epochs: ${trainer.best.epoch + 1})`;
  const lines = [
    ["net", netSizes(net)],
    ["trained on", `${rows} rows${heldBack}${heldOut}`],
    ["steps", `${trainer.iteration}${best}`],
    ["accuracy on training rows", formatPercent(trainAccuracy!)],
    ...(valAccuracy == null ? [] : [["validation accuracy", formatPercent(valAccuracy)]]),
    ...scoreLines(record),
    ["model", out],
    ...(curves === undefined ? [] : [["curves", curves]]),
  ];
  const text = `${formatTable(lines, { align: ["left", "left"] })}\n`;
  await printResult(args, { model: out, curves, ...sizes, decisions, ...record }, text);
}
