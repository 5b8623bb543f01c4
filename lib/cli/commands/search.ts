// twolayer search: many trainings with different settings, on all cores, and the best net of them.

import { configuration } from "../../kernels/configuration.ts";
import type { RunOptions } from "../../model/checkpoint-file.ts";
import { Classifier } from "../../model/classifier.ts";
import { serializeModel } from "../../model/model-file.ts";
import { parseRecordedCommand } from "../../model/training-record.ts";
import { formatPercent, shortNumber } from "../../report/text.ts";
import { type Search, type SearchResult, search as searchNets } from "../../search/search.ts";
import type { Candidate } from "../../search/space.ts";
import { completeOptions } from "../../training/complete-options.ts";
import { type Arguments, type Command, UsageError } from "../arguments.ts";
import { Checkpoint } from "../checkpoints.ts";
import { checkCompute, KERNEL_OPTION, useCompute } from "../compute.ts";
import { inModelFile } from "../model.ts";
import { writeFile } from "../output-file.ts";
import { checkOutputs } from "../outputs.ts";
import { DATA_OPTIONS, type PreparedSource, readPrepared } from "../prepared-source.ts";
import { commandAndHistory } from "../provenance.ts";
import { writeResult } from "../rescue.ts";
import { readResumed, resumeCommand, runOptions } from "../resume.ts";
import { readSearchSettings, usualSpace } from "../search-options.ts";
import { type BestTrial, candidateOf, outcomeText, SearchProgress } from "../search-progress.ts";
import { printResults, resultHeatmap } from "../search-results.ts";
import { watchSignals } from "../signals.ts";
import { readSource, SOURCE_OPTIONS, type Source } from "../source.ts";
import { note } from "../terminal.ts";
import { TRAINING_OPTIONS, TRAINING_USAGE } from "../training-options.ts";

// search has lists instead of these options of train
const {
  hidden: _h,
  "learning-rate": _l,
  reg: _r,
  decay: _d,
  batch: _b,
  epochs: _e,
  optimizer: _o,
  ...FIXED_OPTIONS
} = TRAINING_OPTIONS;

export const search: Command = {
  name: "search",
  usage: [...TRAINING_USAGE, "DATA --resume FILE [options]"],
  positionals: 1,
  options: {
    "learning-rate": [
      "LIST",
      "Try these values, 0.001,0.01, or a range, 1e-4..1e-1 (with --samples). " +
        "Default: a third of, once and three times train's default for each optimizer.",
    ],
    hidden: ["LIST", "Try nets with these numbers of hidden units. Default: 32,100."],
    ...KERNEL_OPTION,
    reg: [
      "LIST",
      "Try these strengths of the L2 penalty. Default: train's default and a tenth of it.",
    ],
    decay: [
      "LIST",
      "Try these factors per epoch. Default: let the learning rate fall to 0 along a cosine.",
    ],
    batch: ["LIST", "Try these numbers of rows per step. Default: as train."],
    epochs: [
      "LIST",
      "Try these numbers of passes over the data. " +
        "Default: train's default and a third of it, without --iterations.",
    ],
    optimizer: ["LIST", "Try these of sgd, momentum, nesterov, adam. Default: adam."],
    samples: ["N", "Draw N candidates at random instead of trying every combination."],
    workers: [
      "N",
      "Train on N threads; the results do not depend on N. Default: one for each core.",
    ],
    out: ["FILE", "Write the best net to this model file."],
    heatmap: ["FILE", "Draw accuracy by learning rate and hidden units to this SVG file."],
    checkpoint: ["FILE", "Save what became of the candidates to this file, after each of them."],
    resume: [
      "FILE",
      "Continue the search of a checkpoint; its finished candidates are not trained again.",
    ],
    ...FIXED_OPTIONS,
    ...DATA_OPTIONS,
    ...SOURCE_OPTIONS,
  },
  examples: [
    "twolayer search iris.csv --label species --learning-rate 0.001,0.01 --hidden 16,64 " +
      "--out iris.safetensors",
    "twolayer search iris.csv --label species --learning-rate 1e-4..1e-1 --hidden 8..128 " +
      "--samples 20",
  ],
  async run(args) {
    const session = args.has("resume") ? await resume(args) : await begin(args);
    const { effective, progress, results } = session;
    useCompute(effective, 0);
    const stopped = await collect(session);
    const { best, trials } = progress;
    const out = effective.text("out");
    const model =
      best !== undefined && out !== undefined
        ? await writeResult(out, modelOf(session, best))
        : undefined;
    const heatmap = effective.text("heatmap");
    const tried = trials.map((trial) => ({
      trial,
      candidate: candidateOf(results.candidates, trial),
    }));
    if (heatmap !== undefined && tried.length > 0) await writeFile(heatmap, resultHeatmap(tried));
    if (tried.length > 0) await printResults(args, tried, best?.trial, model);
    if (stopped !== undefined) return stopped;
    if (best !== undefined) return 0;
    note("no candidate was trained to its end; try smaller learning rates");
    return 1;
  },
};

/** A search in a terminal. */
type Session = {
  /** The arguments in force: with --resume the checkpoint's and the given ones. */
  effective: Arguments;
  source: Source;
  prepared: PreparedSource;
  progress: SearchProgress;
  results: Search;
  checkpoint: Checkpoint | undefined;
  run: RunOptions;
};

const OUTPUTS = ["out", "heatmap", "checkpoint"];

const checkTargets = (args: Arguments): void => checkOutputs(args, OUTPUTS);

async function begin(args: Arguments): Promise<Session> {
  checkTargets(args);
  checkCompute(args);
  readSearchSettings(args); // throws for wrong arguments before the data are read
  const source = await readSource(args, 0, "train");
  return start(args, source, runOptions(args, source), new SearchProgress());
}

async function resume(args: Arguments): Promise<Session> {
  const { path, saved, effective, source } = await readResumed(
    args,
    SearchProgress.parse,
    checkTargets,
  );
  const session = start(effective, source, saved.run, saved.progress);
  // before anything is trained: a file may name candidates that there are not
  for (const trial of saved.progress.trials)
    inModelFile(path, () => candidateOf(session.results.candidates, trial));
  return session;
}

function start(
  effective: Arguments,
  source: Source,
  run: RunOptions,
  progress: SearchProgress,
): Session {
  const { space, samples, shared, workers } = readSearchSettings(effective);
  const prepared = readPrepared(effective, source, { hidden: 1 });
  const { classifier, data } = prepared;
  const { validation } = prepared.options;
  if (validation === undefined)
    throw new UsageError(`--validation expected at least one row of ${data.X.rows}`);
  const {
    learningRateDecay: _,
    optimizer: __,
    epochs: ___,
    ...options
  } = completeOptions(data.X.rows, shared, validation);
  const usual = usualSpace(data.X.rows, options.batchSize, shared.iterations);
  const results = searchNets(data, {
    ...options,
    ...(space.learningRateDecay === undefined ? {} : { schedule: undefined }),
    validation,
    space: { ...usual, ...space },
    samples,
    outputSize: classifier.net.outputSize,
    seed: effective.integer("seed", 0) ?? 0,
    workers,
    skip: progress.trials.map(({ index }) => index),
  });
  const path = effective.text("checkpoint");
  const checkpoint = path === undefined ? undefined : new Checkpoint(path);
  return { effective, source, prepared, progress, results, checkpoint, run };
}

function modelOf(
  { source, prepared, progress, results, run }: Session,
  { trial, net, history }: BestTrial,
): Uint8Array {
  const { classifier, data, validation, split } = prepared;
  const { encoding, mean, std } = classifier;
  const training = {
    ...commandAndHistory(parseRecordedCommand(run.command), history),
    data: source.name,
    dataHash: source.hash,
    split,
    rows: data.X.rows,
    validationRows: validation!.X.rows,
    settings: candidateOf(results.candidates, trial),
    candidates: progress.trials.length,
    trainAccuracy: trial.trainAccuracy,
    valAccuracy: trial.valAccuracy,
  };
  return serializeModel(new Classifier({ net, encoding, mean, std }), { training });
}

/**
 * Collects the results, with a line for each candidate on standard error, and saves each. A signal
 * ends the search with what there is; returns its exit code then.
 */
async function collect(session: Session): Promise<number | undefined> {
  const { progress, results, checkpoint, prepared, run, effective } = session;
  const count = results.candidates.length;
  const signals = watchSignals();
  try {
    for (let isFirst = true; ; isFirst = false) {
      const next = await Promise.race([results.next(), signals.came]);
      if (next === undefined) {
        note(`stopped after ${progress.trials.length} of ${count} candidates`);
        if (checkpoint !== undefined && progress.trials.length > 0) {
          const command = resumeCommand(effective, checkpoint.path);
          note(`they are saved; continue the search with: ${command}`);
        }
        await results.return();
        return signals.code;
      }
      const missing = configuration().notes.find((each) => each.startsWith("search: "));
      if (isFirst && missing !== undefined) note(missing);
      if (next.done) return undefined;
      progress.add(next.value);
      note(progressText(next.value, progress, count));
      const isLast = progress.trials.length === count;
      await checkpoint?.save(progress.serialize(prepared.classifier, run), isLast);
    }
  } finally {
    signals.end();
  }
}

function progressText(result: SearchResult, { trials }: SearchProgress, count: number): string {
  const outcome = outcomeText(trials.at(-1)!, formatPercent);
  return `${trials.length}/${count}  ${settingsText(result.candidate)}  ${outcome}`;
}

function settingsText(candidate: Candidate): string {
  const { learningRate, hiddenSize, reg, batchSize, epochs, optimizer } = candidate;
  return (
    `${optimizer.name} rate ${shortNumber(learningRate)} hidden ${hiddenSize} ` +
    `reg ${shortNumber(reg)} batch ${batchSize}${epochs === undefined ? "" : ` epochs ${epochs}`}`
  );
}
