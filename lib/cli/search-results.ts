// The results of a search as JSON, as a table and as a figure.

import { searchHeatmap } from "../report/search-heatmap.ts";
import { formatTable } from "../report/table.ts";
import { formatPercent, shortNumber } from "../report/text.ts";
import type { Candidate } from "../search/space.ts";
import type { Arguments } from "./arguments.ts";
import type { Trial } from "./search-progress.ts";
import { printResult } from "./terminal.ts";

/** A candidate and what became of it. */
export type TriedCandidate = { trial: Trial; candidate: Candidate };

/** Prints the candidates and what became of them, and the path of the model. */
export async function printResults(
  args: Arguments,
  tried: readonly TriedCandidate[],
  best: Trial | undefined,
  model: string | undefined,
): Promise<void> {
  const candidates = tried.map(({ candidate, trial: { index: _, ...rest } }) => ({
    ...candidate,
    ...rest,
  }));
  const table = resultTable(tried, best, args.has("decay"));
  const written = model === undefined ? "" : `\nmodel  ${model}\n`;
  const result = { candidates, best: best?.index ?? null, model };
  await printResult(args, result, `${table}\n${written}`);
}

type Column = {
  header: string;
  align?: "left" | "right";
  cell: (candidate: Candidate, trial: Trial) => string | number;
};

function resultTable(
  tried: readonly TriedCandidate[],
  best: Trial | undefined,
  withDecay: boolean,
): string {
  const columns: Column[] = [
    { header: "optimizer", align: "left", cell: ({ optimizer }) => optimizer.name },
    { header: "rate", cell: ({ learningRate }) => shortNumber(learningRate) },
    { header: "hidden", cell: ({ hiddenSize }) => hiddenSize },
    { header: "reg", cell: ({ reg }) => shortNumber(reg) },
    { header: "decay", cell: ({ learningRateDecay }) => shortNumber(learningRateDecay) },
    { header: "batch", cell: ({ batchSize }) => batchSize },
    { header: "epochs", cell: ({ epochs }) => epochs ?? "" },
    {
      header: "train",
      cell: (_, trial) =>
        trial.status === "done" ? formatPercent(trial.trainAccuracy) : trial.status,
    },
    {
      header: "validation",
      cell: (_, trial) => (trial.status === "done" ? formatPercent(trial.valAccuracy) : ""),
    },
    { header: "", align: "left", cell: (_, trial) => (trial === best ? "best" : "") },
  ];
  const withEpochs = tried.some(({ candidate }) => candidate.epochs !== undefined);
  const shown = columns.filter(
    ({ header }) => (withDecay || header !== "decay") && (withEpochs || header !== "epochs"),
  );
  return formatTable(
    tried.map(({ candidate, trial }) => shown.map(({ cell }) => cell(candidate, trial))),
    {
      header: shown.map(({ header }) => header),
      align: shown.map(({ align = "right" }) => align),
    },
  );
}

/** The accuracies by learning rate and hidden units, as an SVG document. */
export function resultHeatmap(tried: readonly TriedCandidate[]): string {
  const trials = tried.map(({ candidate, trial }) => ({
    x: candidate.learningRate,
    y: candidate.hiddenSize,
    score: trial.status === "done" ? trial.valAccuracy : NaN,
  }));
  return searchHeatmap(trials, { xLabel: "learning rate", yLabel: "hidden units" });
}
