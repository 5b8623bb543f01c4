// twolayer train: from rows to a model file, with checkpoints on the way.

import { isAbsolute } from "node:path";
import { show } from "../../base/checks.ts";
import type { Dataset } from "../../matrix/dataset.ts";
import { parseCheckpoint, type RunOptions } from "../../model/checkpoint-file.ts";
import { Classifier } from "../../model/classifier.ts";
import { serializeModel, type TrainingRecord } from "../../model/model-file.ts";
import { formatTable } from "../../report/table.ts";
import { trainingCurves } from "../../report/training-curves.ts";
import { Trainer } from "../../training/trainer.ts";
import { Arguments, type Command, UsageError } from "../arguments.ts";
import { readFile, writeFile } from "../files.ts";
import { inModelFile } from "../model.ts";
import { recordedCommand, trainingRecord } from "../provenance.ts";
import { csvPath, readSource, SOURCE_OPTIONS, type Source } from "../source.ts";
import { print, printJson } from "../terminal.ts";
import {
  type Checkpoints,
  checkOutputs,
  checkSameData,
  DATA_OPTIONS,
  readPrepared,
  readTrainOptions,
  runTraining,
  TRAINING_OPTIONS,
} from "../training.ts";
import { percent } from "../words.ts";

export const train: Command = {
  name: "train",
  usage: [
    "DATA --label COLUMN [options]",
    "--images FILE --labels FILE [options]",
    "--cifar10 DIR [options]",
    "DATA --resume FILE [options]",
  ],
  positionals: 1,
  options: {
    ...DATA_OPTIONS,
    ...TRAINING_OPTIONS,
    out: { value: "FILE", help: "the model file; default: model.safetensors" },
    curves: { value: "FILE", help: "draw loss and accuracies as an SVG" },
    checkpoint: { value: "FILE", help: "keep the state of the training here" },
    every: {
      value: "N",
      help: "write the checkpoint after every N steps; default: after every epoch",
    },
    resume: { value: "FILE", help: "go on from a checkpoint, with the options it was made with" },
    ...SOURCE_OPTIONS,
  },
  examples: [
    "twolayer train iris.csv --label species --out iris.safetensors",
    "twolayer train --images train-images-idx3-ubyte.gz --labels train-labels-idx1-ubyte.gz --epochs 5 --checkpoint run.safetensors",
  ],
  async run(args) {
    const { classifier, trainer, source, checkpoints, effective, accuracies, run } = args.has(
      "resume",
    )
      ? await resume(args)
      : await begin(args);
    const outcome = await runTraining(classifier, trainer, checkpoints);
    if (outcome !== true) return outcome;
    const notes = notesOf(trainer, source, accuracies);
    const out = outOf(effective);
    writeFile(
      out,
      serializeModel(classifier, {
        training: { ...notes, ...trainingRecord(run.command, trainer.history) },
      }),
    );
    const curves = effective.text("curves");
    if (curves !== undefined)
      writeFile(curves, trainingCurves(trainer.history, { title: `Training on ${source.name}` }));
    await report(args, { classifier, trainer, notes, out, curves });
    return 0;
  },
};

function outOf(args: Arguments): string {
  return args.text("out") ?? "model.safetensors";
}

/** Before the data is read and all that follows. */
function checkTargets(args: Arguments): void {
  checkOutputs(args.with({ out: outOf(args) }), ["out", "curves", "checkpoint"]);
}

/** Options that belong to the run and not to the training: a resumed run may have others. */
const RESUMABLE_OPTIONS = [
  "out",
  "curves",
  "checkpoint",
  "every",
  "resume",
  "json",
  "images",
  "labels",
  "cifar10",
];

type Training = {
  classifier: Classifier;
  trainer: Trainer;
  source: Source;
  checkpoints: Checkpoints | undefined;
  effective: Arguments;
  run: RunOptions;
  /** Of the net as it is when called. */
  accuracies: () => { trainAccuracy: number; validationAccuracy: number | null };
};

function measure(
  { net }: Trainer,
  data: Dataset,
  validation: Dataset | undefined,
): Training["accuracies"] {
  return () => ({
    trainAccuracy: net.accuracy(data.X, data.y),
    validationAccuracy: validation === undefined ? null : net.accuracy(validation.X, validation.y),
  });
}

async function begin(args: Arguments): Promise<Training> {
  if (args.has("every") && !args.has("checkpoint"))
    throw new UsageError("--every expected --checkpoint FILE, got none");
  const every = args.integer("every", 1);
  readTrainOptions(args, 1000); // refuses wrong options before the data is read
  csvPath(args, 0); // and none
  checkTargets(args);
  const source = await readSource(args, 0, "train");
  const { classifier, data, validation, random } = readPrepared(args, source);
  const trainer = new Trainer(classifier.net, data, {
    ...readTrainOptions(args, data.X.rows),
    validation,
    random,
  });
  const run: RunOptions = {
    options: args.pick(args.given.filter((name) => !RESUMABLE_OPTIONS.includes(name))),
    outputs: args.pick(["out", "curves", "every"]),
    data: source.hash,
    command: recordedCommand(args),
  };
  return {
    run,
    classifier,
    trainer,
    source,
    checkpoints: checkpointsOf(args, run, every, trainer, data.X.rows),
    effective: args,
    accuracies: measure(trainer, data, validation),
  };
}

async function resume(args: Arguments): Promise<Training> {
  const path = args.required("resume", "FILE");
  const every = args.integer("every", 1);
  const bytes = await readFile(path);
  const { classifier, state, run } = inModelFile(path, () => parseCheckpoint(bytes));
  const options = new Arguments(
    args.command,
    args.positionals,
    new Map(
      Object.entries(savedOptions(run.options)).filter(
        ([name]) => !RESUMABLE_OPTIONS.includes(name),
      ),
    ),
  );
  const changed = args.given.find(
    (name) =>
      !RESUMABLE_OPTIONS.includes(name) &&
      !(options.has(name) && options.text(name) === args.text(name)),
  );
  if (changed !== undefined)
    throw new UsageError(
      `--${changed} cannot be changed with --resume: the training goes on with the options it began with`,
    );
  const effective = options.with({
    ...savedOutputs(args, path, run.outputs),
    ...args.pick(args.given),
  });
  const target = args.has("checkpoint") ? effective : effective.with({ checkpoint: path });
  checkTargets(target);
  const source = await readSource(effective, 0, "train");
  checkSameData(source, run.data, path);
  const { data, validation } = readPrepared(effective, source);
  const trainer = Trainer.fromState(state, data, { validation });
  const { encoding, mean, std } = classifier;
  const resumed = new Classifier({ net: trainer.net, encoding, mean, std });
  return {
    run,
    classifier: resumed,
    trainer,
    source,
    effective,
    accuracies: measure(trainer, data, validation),
    checkpoints: checkpointsOf(
      target,
      run,
      every ?? effective.integer("every", 1),
      trainer,
      data.X.rows,
    ),
  };
}

/** Options as a checkpoint holds them; whatever else there may be is left out. */
function savedOptions(value: unknown): Record<string, string | true> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(([, each]) => typeof each === "string" || each === true),
  );
}

const ENDINGS = { out: ".safetensors", curves: ".svg" } as const;

/**
 * Where a checkpoint says that results go. It may come from a stranger, who must not choose what
 * else is overwritten.
 */
function savedOutputs(
  args: Arguments,
  path: string,
  value: unknown,
): Record<string, string | true> {
  const { out, curves, every } = savedOptions(value);
  for (const [name, file] of Object.entries({ out, curves })) {
    if (typeof file !== "string" || args.has(name)) continue;
    const ending = ENDINGS[name as keyof typeof ENDINGS];
    if (
      !isAbsolute(file) &&
      !/^[a-z]:/i.test(file) &&
      !file.split(/[\\/]/).includes("..") &&
      file.endsWith(ending)
    )
      continue;
    throw new UsageError(
      `${path} names ${show(file)} for --${name}, which is no ${ending} file in or below this folder; say --${name} FILE`,
    );
  }
  return { ...(out && { out }), ...(curves && { curves }), ...(every && { every }) };
}

function checkpointsOf(
  args: Arguments,
  run: RunOptions,
  every: number | undefined,
  trainer: Trainer,
  rows: number,
): Checkpoints | undefined {
  const path = args.text("checkpoint");
  if (path === undefined) return undefined;
  return { path, every: every ?? Math.ceil(rows / trainer.state.settings.batchSize), run };
}

/** What the model file says of its training: nothing that an interruption changes. */
function notesOf(
  trainer: Trainer,
  source: Source,
  accuracies: Training["accuracies"],
): TrainingRecord {
  const { settings, rows, validationRows } = trainer.state;
  const { history, best } = trainer;
  return {
    data: source.name,
    rows,
    validationRows,
    iterations: trainer.iteration,
    settings,
    bestEpoch: best?.epoch ?? null,
    finalLoss: history.loss.at(-1) ?? null,
    ...accuracies(),
  };
}

async function report(
  args: Arguments,
  {
    classifier,
    trainer,
    notes,
    out,
    curves,
  }: {
    classifier: Classifier;
    trainer: Trainer;
    notes: TrainingRecord;
    out: string;
    curves: string | undefined;
  },
): Promise<void> {
  const { inputSize, hiddenSize, outputSize } = classifier.net;
  if (args.has("json")) {
    await printJson({
      command: "train",
      model: out,
      curves,
      inputs: inputSize,
      hidden: hiddenSize,
      classes: outputSize,
      ...notes,
    });
    return;
  }
  const { rows, validationRows } = trainer.state;
  const rowsText =
    validationRows === 0
      ? `${rows} rows`
      : `${rows} rows, ${validationRows} held back for validation`;
  const best =
    trainer.best === undefined
      ? ""
      : ` (best of ${trainer.history.valAccuracy.length} epochs: ${trainer.best.epoch + 1})`;
  await print(
    `${formatTable(
      [
        ["net", `${inputSize} inputs, ${hiddenSize} hidden units, ${outputSize} classes`],
        ["trained on", rowsText],
        ["steps", `${trainer.iteration}${best}`],
        ["train accuracy", percent(notes.trainAccuracy)],
        ...(validationRows === 0
          ? []
          : [["validation accuracy", percent(notes.validationAccuracy)]]),
        ["model", out],
        ...(curves === undefined ? [] : [["curves", curves]]),
      ],
      { align: ["left", "left"] },
    )}\n`,
  );
}
