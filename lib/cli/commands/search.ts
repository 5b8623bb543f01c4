// twolayer search: many trainings with different settings, on all cores, and the best net of them.

import { Classifier } from "../../model/classifier.ts";
import { serializeModel } from "../../model/model-file.ts";
import type { Prepared } from "../../model/prepare.ts";
import { searchHeatmap } from "../../report/search-heatmap.ts";
import { formatTable } from "../../report/table.ts";
import { formatPercent, shortNumber } from "../../report/text.ts";
import { bestResult, type SearchResult, search as searchNets } from "../../search/search.ts";
import type { Candidate } from "../../search/space.ts";
import {
  recommendedBatchSize,
  recommendedEpochs,
  recommendedReg,
} from "../../training/defaults.ts";
import { type Arguments, type Command, UsageError } from "../arguments.ts";
import { writeFile } from "../output-file.ts";
import { checkOutputs } from "../outputs.ts";
import { commandAndHistory, recordedCommand } from "../provenance.ts";
import { writeResult } from "../rescue.ts";
import { readSearchSettings, type SearchSettings } from "../search-options.ts";
import { watchSignals } from "../signals.ts";
import { readSource, SOURCE_OPTIONS, type Source } from "../source.ts";
import { note, print, printJson } from "../terminal.ts";
import { DATA_OPTIONS, readPrepared, TRAINING_OPTIONS } from "../training-options.ts";

// search has lists instead of these options of train
const {
  hidden: _h,
  "learning-rate": _l,
  reg: _r,
  decay: _d,
  batch: _b,
  optimizer: _o,
  ...FIXED_OPTIONS
} = TRAINING_OPTIONS;

export const search: Command = {
  name: "search",
  usage: [
    "DATA --label COLUMN [options]",
    "--images FILE --labels FILE [options]",
    "--cifar10 DIR [options]",
  ],
  positionals: 1,
  options: {
    "learning-rate": {
      value: "LIST",
      help:
        "Try these values, 0.001,0.01, or a range, 1e-4..1e-1 (with --samples). " +
        "Default: a third of, once and three times train's default for each optimizer.",
    },
    hidden: {
      value: "LIST",
      help: "Try nets with these numbers of hidden units. Default: 32,100.",
    },
    reg: { value: "LIST", help: "Try these strengths of the L2 penalty. Default: 0.001." },
    decay: {
      value: "LIST",
      help: "Try these factors per epoch. Default: let the learning rate fall to 0 along a cosine.",
    },
    batch: { value: "LIST", help: "Try these numbers of rows per step. Default: as train." },
    optimizer: {
      value: "LIST",
      help: "Try these of sgd, momentum, nesterov, adam. Default: adam.",
    },
    samples: {
      value: "N",
      help: "Draw N candidates at random instead of trying every combination.",
    },
    workers: {
      value: "N",
      help: "Train on N threads; the results do not depend on N. Default: one for each core.",
    },
    out: { value: "FILE", help: "Write the best net to this model file." },
    heatmap: {
      value: "FILE",
      help: "Draw accuracy by learning rate and hidden units to this SVG file.",
    },
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
    checkOutputs(args, ["out", "heatmap"]);
    const settings = readSearchSettings(args);
    const source = await readSource(args, 0, "train");
    const prepared = readPrepared(args, source, { hidden: 1 });
    const results = start(args, settings, prepared);
    const { found, stopped } = await collect(
      results,
      results.candidates.length,
      settings.workers > 0,
    );
    const best = bestResult(found);
    const out = args.text("out");
    const model =
      best !== undefined && out !== undefined
        ? await writeResult(out, modelOf(args, source, prepared, best, found.length))
        : undefined;
    const heatmap = args.text("heatmap");
    if (heatmap !== undefined && found.length > 0) await writeFile(heatmap, drawHeatmap(found));
    if (found.length > 0) await report(args, found, best, model);
    if (stopped !== undefined) process.exit(stopped); // workers would go on with their candidates
    if (best !== undefined) return 0;
    note("every candidate diverged; try smaller learning rates");
    return 1;
  },
};

type Completed = SearchResult & { status: "done" };

function start(
  args: Arguments,
  { space, samples, iterations, epochs, workers }: SearchSettings,
  { classifier, data, validation }: Prepared,
): ReturnType<typeof searchNets> {
  if (validation === undefined)
    throw new UsageError(`--validation expected at least one row of ${data.X.rows}`);
  const rows = data.X.rows;
  const batchSize = recommendedBatchSize(rows);
  const usualReg = recommendedReg(rows);
  const regs = [usualReg / 10, usualReg].map((reg) => Number(reg.toPrecision(2)));
  const usualEpochs = epochs ?? recommendedEpochs(rows, batchSize);
  return searchNets(data, {
    validation,
    space: { reg: regs, batchSize: [batchSize], ...space },
    samples,
    ...(space.learningRateDecay === undefined ? { schedule: { name: "cosine", final: 0 } } : {}),
    ...(iterations === undefined ? { epochs: usualEpochs } : { iterations }),
    sampling: args.choice("sampling", ["shuffle", "replacement"]),
    clipNorm: args.number("clip-norm", { min: 0, open: true }),
    // each candidate ends with its best epoch, so that the length of the training varies, too
    ...(args.has("patience") ? { patience: args.integer("patience", 1) } : { keepBest: true }),
    outputSize: classifier.net.outputSize,
    seed: args.integer("seed", 0) ?? 0,
    workers,
  });
}

function modelOf(
  args: Arguments,
  source: Source,
  { classifier, data, validation }: Prepared,
  best: Completed,
  candidates: number,
): Uint8Array {
  const { encoding, mean, std } = classifier;
  const training = {
    ...commandAndHistory(recordedCommand(args), best.history),
    data: source.name,
    rows: data.X.rows,
    validationRows: validation!.X.rows,
    settings: best.candidate,
    candidates,
    trainAccuracy: best.trainAccuracy,
    valAccuracy: best.valAccuracy,
  };
  return serializeModel(new Classifier({ net: best.net, encoding, mean, std }), { training });
}

/**
 * Collects the results, with a line for each candidate on stderr. A signal ends the search with what
 * there is; `stopped` is then the exit code. Without workers this thread cannot handle signals while
 * it trains a candidate, so they end the process.
 */
async function collect(
  results: AsyncIterator<SearchResult>,
  count: number,
  workers: boolean,
): Promise<{ found: SearchResult[]; stopped: number | undefined }> {
  const found: SearchResult[] = [];
  const signals = workers ? watchSignals() : undefined;
  let stopped: number | undefined;
  for (;;) {
    const next = await (signals === undefined
      ? results.next()
      : Promise.race([results.next(), signals.came]));
    if (next === undefined) {
      stopped = signals!.code;
      note(`stopped after ${found.length} of ${count} candidates`);
      break;
    }
    if (next.done) break;
    found.push(next.value);
    note(`${found.length}/${count}  ${settingsText(next.value.candidate)}  ${outcome(next.value)}`);
  }
  signals?.end();
  return { found, stopped };
}

function settingsText(candidate: Candidate): string {
  const { learningRate, hiddenSize, reg, batchSize, optimizer } = candidate;
  return (
    `${optimizer.name} rate ${shortNumber(learningRate)} hidden ${hiddenSize} ` +
    `reg ${shortNumber(reg)} batch ${batchSize}`
  );
}

function outcome(result: SearchResult): string {
  return result.status === "done"
    ? `validation ${formatPercent(result.valAccuracy)}`
    : `diverged at iteration ${result.error.iteration}`;
}

async function report(
  args: Arguments,
  found: SearchResult[],
  best: Completed | undefined,
  model: string | undefined,
): Promise<void> {
  if (args.has("json")) {
    await printJson({
      command: "search",
      candidates: found.map(resultJson),
      best: best?.index ?? null,
      model,
    });
    return;
  }
  await print(`${resultTable(found, best, args.has("decay"))}\n`);
  if (model !== undefined) await print(`\nmodel  ${model}\n`);
}

function resultJson(result: SearchResult): unknown {
  return {
    ...result.candidate,
    status: result.status,
    ...(result.status === "done"
      ? { trainAccuracy: result.trainAccuracy, valAccuracy: result.valAccuracy }
      : { iteration: result.error.iteration }),
  };
}

type Column = {
  header: string;
  align?: "left" | "right";
  cell: (candidate: Candidate, result: SearchResult) => string | number;
};

function resultTable(
  found: readonly SearchResult[],
  best: Completed | undefined,
  withDecay: boolean,
): string {
  const columns: Column[] = [
    { header: "optimizer", align: "left", cell: ({ optimizer }) => optimizer.name },
    { header: "rate", cell: ({ learningRate }) => shortNumber(learningRate) },
    { header: "hidden", cell: ({ hiddenSize }) => hiddenSize },
    { header: "reg", cell: ({ reg }) => shortNumber(reg) },
    { header: "decay", cell: ({ learningRateDecay }) => shortNumber(learningRateDecay) },
    { header: "batch", cell: ({ batchSize }) => batchSize },
    {
      header: "train",
      cell: (_, result) =>
        result.status === "done" ? formatPercent(result.trainAccuracy) : "diverged",
    },
    {
      header: "validation",
      cell: (_, result) => (result.status === "done" ? formatPercent(result.valAccuracy) : ""),
    },
    { header: "", align: "left", cell: (_, result) => (result === best ? "best" : "") },
  ];
  const shown = columns.filter(({ header }) => withDecay || header !== "decay");
  return formatTable(
    found.map((result) => shown.map(({ cell }) => cell(result.candidate, result))),
    {
      header: shown.map(({ header }) => header),
      align: shown.map(({ align = "right" }) => align),
    },
  );
}

function drawHeatmap(found: readonly SearchResult[]): string {
  const trials = found.map((result) => ({
    x: result.candidate.learningRate,
    y: result.candidate.hiddenSize,
    score: result.status === "done" ? result.valAccuracy : NaN,
  }));
  return searchHeatmap(trials, { xLabel: "learning rate", yLabel: "hidden units" });
}
