// twolayer search: many trainings with different settings, on all cores, and the best net of them.

import { availableParallelism } from "node:os";
import { Classifier } from "../../model/classifier.ts";
import { serializeModel } from "../../model/model-file.ts";
import { searchHeatmap } from "../../report/search-heatmap.ts";
import { formatTable } from "../../report/table.ts";
import { bestResult, type SearchResult, search as searchNets } from "../../search/search.ts";
import type { Candidate, Range, SearchSpace } from "../../search/space.ts";
import {
  RECOMMENDED_REG,
  recommendedBatchSize,
  recommendedEpochs,
  recommendedLearningRate,
} from "../../training/defaults.ts";
import type { Optimizer } from "../../training/optimizer.ts";
import { type Arguments, type Command, readNumber, UsageError } from "../arguments.ts";
import { writeFile } from "../files.ts";
import { recordedCommand, trainingRecord } from "../provenance.ts";
import { watchSignals } from "../signals.ts";
import { readSource, SOURCE_OPTIONS } from "../source.ts";
import { note, print, printJson } from "../terminal.ts";
import {
  checkMomentum,
  checkOutputs,
  DATA_OPTIONS,
  readOptimizer,
  readPrepared,
  TRAINING_OPTIONS,
} from "../training.ts";
import { percent, short } from "../words.ts";

const {
  hidden: _h,
  "learning-rate": _l,
  reg: _r,
  decay: _d,
  batch: _b,
  optimizer: _o,
  ...FIXED
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
      help: "values as 0.001,0.01, or a range as 1e-4..1e-1 (with --samples); default: a third, one and three times each optimizer's usual one",
    },
    hidden: { value: "LIST", help: "hidden units; default: 32,100" },
    reg: { value: "LIST", help: "default: 0.001" },
    decay: { value: "LIST", help: "per epoch; default: fall to 0 along a cosine" },
    batch: { value: "LIST", help: "rows a step; default: as train's" },
    optimizer: { value: "LIST", help: "sgd, momentum, nesterov, adam; default: adam" },
    samples: {
      value: "N",
      help: "draw N candidates at random instead of trying every combination",
    },
    workers: { value: "N", help: "threads; default: one for each core. The results are the same" },
    out: { value: "FILE", help: "write the best net there as a model file" },
    heatmap: { value: "FILE", help: "draw accuracy by learning rate and hidden units as an SVG" },
    ...FIXED,
    ...DATA_OPTIONS,
    ...SOURCE_OPTIONS,
  },
  examples: [
    "twolayer search iris.csv --label species --learning-rate 0.001,0.01 --hidden 16,64 --out iris.safetensors",
    "twolayer search iris.csv --label species --learning-rate 1e-4..1e-1 --hidden 8..128 --samples 20",
  ],
  async run(args) {
    checkOutputs(args, ["out", "heatmap"]);
    const optimizers = (args.list("optimizer") ?? ["adam"]).map((name) =>
      readOptimizer(args.with({ optimizer: name })),
    );
    checkMomentum(args, optimizers);
    const space = readSpace(args, optimizers);
    const samples = args.integer("samples", 1);
    const ranged = Object.entries(space).find(([, values]) => !Array.isArray(values));
    if (ranged !== undefined && samples === undefined)
      throw new UsageError("a range expected --samples N, the number of draws from it");
    const iterations = args.integer("iterations", 1);
    const epochs = args.integer("epochs", 1);
    if (iterations !== undefined && epochs !== undefined)
      throw new UsageError("expected --iterations or --epochs, got both");
    if (args.number("validation", { min: 0 }) === 0)
      throw new UsageError("--validation expected rows to compare by, got 0");
    const workers = args.integer("workers", 0) ?? availableParallelism();
    const source = await readSource(args, 0, "train");
    const { classifier, data, validation } = readPrepared(args, source, { hidden: 1 });
    if (validation === undefined)
      throw new UsageError(`--validation expected at least one row of ${data.X.rows}`);
    const batchSize = recommendedBatchSize(data.X.rows);
    const results = searchNets(data, {
      validation,
      space: { batchSize: [batchSize], ...space },
      samples,
      ...(space.learningRateDecay === undefined ? { schedule: { name: "cosine", final: 0 } } : {}),
      ...(iterations === undefined
        ? { epochs: epochs ?? recommendedEpochs(data.X.rows, batchSize) }
        : { iterations }),
      sampling: args.choice("sampling", ["shuffle", "replacement"]),
      clipNorm: args.number("clip-norm", { min: 0, open: true }),
      patience: args.integer("patience", 1),
      outputSize: classifier.net.outputSize,
      seed: args.integer("seed", 0) ?? 0,
      workers,
    });
    const { found, stopped } = await collect(results, results.candidates.length, workers > 0);
    const best = bestResult(found);
    const { encoding, mean, std } = classifier;
    const out = args.text("out");
    if (best !== undefined && out !== undefined) {
      const notes = {
        ...trainingRecord(recordedCommand(args), best.history),
        data: source.name,
        rows: data.X.rows,
        validationRows: validation.X.rows,
        candidate: best.candidate,
        candidates: found.length,
        trainAccuracy: best.trainAccuracy,
        validationAccuracy: best.valAccuracy,
      };
      writeFile(
        out,
        serializeModel(new Classifier({ net: best.net, encoding, mean, std }), { training: notes }),
      );
    }
    const heatmap = args.text("heatmap");
    if (heatmap !== undefined && found.length > 0) writeFile(heatmap, drawHeatmap(found));
    if (found.length > 0) await report(args, found, best, out);
    if (stopped !== undefined) process.exit(stopped); // the workers are in the middle of something
    if (best !== undefined) return 0;
    note("every candidate diverged; try smaller learning rates");
    return 1;
  },
};

function readSpace(args: Arguments, optimizers: Optimizer[]): SearchSpace {
  const usual = optimizers.flatMap((optimizer) =>
    [1 / 3, 1, 3].map((factor) =>
      Number((recommendedLearningRate(optimizer) * factor).toPrecision(1)),
    ),
  );
  const rates = [...new Set(usual)].sort((a, b) => a - b);
  const decay = readDimension(args, "decay", 0, true);
  const batchSize = readDimension(args, "batch", 1, false, true);
  return {
    learningRate: readDimension(args, "learning-rate", 0, true) ?? rates,
    hiddenSize: readDimension(args, "hidden", 1, false, true) ?? [32, 100],
    reg: readDimension(args, "reg", 0, false) ?? [RECOMMENDED_REG],
    ...(decay === undefined ? {} : { learningRateDecay: decay }),
    ...(batchSize === undefined ? {} : { batchSize }),
    optimizer: optimizers,
  };
}

/** `a,b,c` as a list, `a..b` as a range, in its logarithms where it spans a factor of ten. */
function readDimension(
  args: Arguments,
  name: string,
  least: number,
  open: boolean,
  integer = false,
): number[] | Range | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  const read = (part: string): number => {
    const value = readNumber(name, part.trim(), least, open);
    if (integer && !Number.isInteger(value))
      throw new UsageError(`--${name} expected integers, got ${part}`);
    return value;
  };
  const ends = text.split("..");
  if (ends.length === 1) return text.split(",").map(read);
  const [min, max] = ends.map(read);
  if (ends.length > 2 || !(min < max))
    throw new UsageError(
      `--${name} expected a range from less to more, as 0.001..0.1, got "${text}"`,
    );
  return { min, max, scale: min > 0 && max / min >= 10 ? "log" : "linear" };
}

/**
 * Drains the search, with a line for each candidate on stderr. A signal ends it with what there is:
 * `stopped` is then its exit code. Without workers this thread has no time for signals between two
 * candidates, and they end the process.
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
    const result = next.value;
    found.push(result);
    const outcome =
      result.status === "done"
        ? `validation ${percent(result.valAccuracy)}`
        : `diverged at iteration ${result.error.iteration}`;
    note(`${found.length}/${count}  ${settings(result.candidate)}  ${outcome}`);
  }
  signals?.end();
  return { found, stopped };
}

function settings({ learningRate, hiddenSize, reg, batchSize, optimizer }: Candidate): string {
  return `${optimizer.name} rate ${short(learningRate)} hidden ${hiddenSize} reg ${short(reg)} batch ${batchSize}`;
}

async function report(
  args: Arguments,
  found: SearchResult[],
  best: (SearchResult & { status: "done" }) | undefined,
  out: string | undefined,
): Promise<void> {
  if (args.has("json")) {
    const plain = found.map((result) => ({
      ...result.candidate,
      status: result.status,
      ...(result.status === "done"
        ? { trainAccuracy: result.trainAccuracy, validationAccuracy: result.valAccuracy }
        : { iteration: result.error.iteration }),
    }));
    await printJson({
      command: "search",
      candidates: plain,
      best: best?.index ?? null,
      model: best === undefined ? undefined : out,
    });
    return;
  }
  const rows = found.map((result) => {
    const { learningRate, hiddenSize, reg, learningRateDecay, batchSize, optimizer } =
      result.candidate;
    const accuracies =
      result.status === "done"
        ? [percent(result.trainAccuracy), percent(result.valAccuracy)]
        : ["diverged", ""];
    return [
      optimizer.name,
      short(learningRate),
      hiddenSize,
      short(reg),
      short(learningRateDecay),
      batchSize,
      ...accuracies,
      result === best ? "best" : "",
    ];
  });
  const header = [
    "optimizer",
    "rate",
    "hidden",
    "reg",
    "decay",
    "batch",
    "train",
    "validation",
    "",
  ];
  const used = args.has("decay")
    ? header.map((_, j) => j)
    : header.flatMap((_, j) => (j === 4 ? [] : [j]));
  const align = header.map((_, j) => (j === 0 || j === 8 ? ("left" as const) : ("right" as const)));
  await print(
    `${formatTable(
      rows.map((row) => used.map((j) => row[j])),
      { header: used.map((j) => header[j]), align: used.map((j) => align[j]) },
    )}\n`,
  );
  if (best !== undefined && out !== undefined) await print(`\nmodel  ${out}\n`);
}

function drawHeatmap(found: SearchResult[]): string {
  const trials = found.map((result) => ({
    x: result.candidate.learningRate,
    y: result.candidate.hiddenSize,
    score: result.status === "done" ? result.valAccuracy : NaN,
  }));
  return searchHeatmap(trials, { xLabel: "learning rate", yLabel: "hidden units" });
}
