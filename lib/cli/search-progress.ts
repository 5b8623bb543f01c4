// The candidates that a search has tried so far, and how a checkpoint keeps them: a model file of
// the best net with a member `search`. Only the best net is kept, of the others their accuracies.

import { isRecord } from "../base/checks.ts";
import type { RunOptions } from "../model/checkpoint-file.ts";
import { Classifier } from "../model/classifier.ts";
import { parseClassifier, refuse, serializeClassifier } from "../model/model-file.ts";
import { isHistory } from "../model/training-record.ts";
import type { TwoLayerNet } from "../net/two-layer-net.ts";
import type { SearchResult } from "../search/search.ts";
import type { Candidate } from "../search/space.ts";
import type { History } from "../training/loop.ts";

/** What became of a candidate. */
export type Trial = { readonly index: number } & (
  | { readonly status: "done"; readonly trainAccuracy: number; readonly valAccuracy: number }
  | { readonly status: "diverged"; readonly iteration: number }
  | { readonly status: "failed"; readonly message: string }
);

/** The trial with the greatest validation accuracy, the first of equal ones, and its net. */
export type BestTrial = {
  readonly trial: Trial & { status: "done" };
  readonly net: TwoLayerNet;
  readonly history: History;
};

/** The trials of a search in the order of the candidates. */
export class SearchProgress {
  readonly trials: Trial[] = [];
  best: BestTrial | undefined;

  /** Notes a result. */
  add(result: SearchResult): void {
    const { index } = result;
    if (result.status === "diverged")
      this.trials.push({ index, status: "diverged", iteration: result.error.iteration });
    else if (result.status === "failed")
      this.trials.push({ index, status: "failed", message: result.error.message });
    else {
      const { trainAccuracy, valAccuracy, net, history } = result;
      const trial = { index, status: "done", trainAccuracy, valAccuracy } as const;
      this.trials.push(trial);
      if (this.best === undefined || valAccuracy > this.best.trial.valAccuracy)
        this.best = { trial, net, history };
    }
  }

  /** The bytes of a checkpoint. The net of `classifier` is written while there is no best one. */
  serialize({ net, encoding, mean, std }: Classifier, run: RunOptions): Uint8Array {
    const { best, trials } = this;
    const classifier = new Classifier({ net: best?.net ?? net, encoding, mean, std });
    const bestMember = best && { index: best.trial.index, history: best.history };
    return serializeClassifier(classifier, new Map(), {
      search: { trials, best: bestMember ?? null, run },
    });
  }

  /** The progress in a checkpoint, and its run. Throws a FormatError for any other file. */
  static parse(bytes: Uint8Array): { progress: SearchProgress; run: RunOptions } {
    const { classifier, description } = parseClassifier(bytes);
    const { search } = description;
    if (search === undefined) throw refuse("expected a checkpoint of a search, got another model");
    if (!isRecord(search) || !isRecord(search.run) || !areTrials(search.trials))
      throw refuse("search expected { trials, best, run }");
    const progress = new SearchProgress();
    progress.trials.push(...search.trials);
    const { best } = search;
    if (best !== null) {
      const index = isRecord(best) ? best.index : undefined;
      const trial = search.trials.find((each) => each.index === index);
      if (!isRecord(best) || trial?.status !== "done" || !isHistory(best.history))
        throw refuse("search.best expected the index of a finished trial and its history");
      progress.best = { trial, net: classifier.net, history: best.history };
    }
    return { progress, run: search.run };
  }
}

function areTrials(value: unknown): value is Trial[] {
  if (!Array.isArray(value)) return false;
  const indices = new Set(value.map((trial) => trial?.index));
  return indices.size === value.length && value.every(isTrial);
}

function isTrial(value: unknown): value is Trial {
  if (!isRecord(value) || !Number.isSafeInteger(value.index) || Number(value.index) < 0)
    return false;
  const { status, trainAccuracy, valAccuracy, iteration, message } = value;
  if (status === "done") return Number.isFinite(trainAccuracy) && Number.isFinite(valAccuracy);
  if (status === "diverged") return Number.isSafeInteger(iteration);
  return status === "failed" && typeof message === "string";
}

/** What became of the candidate, in words for a line of text. */
export function outcomeText(trial: Trial, percent: (fraction: number) => string): string {
  if (trial.status === "done") return `validation ${percent(trial.valAccuracy)}`;
  if (trial.status === "diverged") return `diverged at iteration ${trial.iteration}`;
  return `failed: ${trial.message}`;
}

/** The settings that the trial tried. */
export function candidateOf(candidates: readonly Candidate[], { index }: Trial): Candidate {
  const candidate = candidates[index];
  if (candidate === undefined)
    throw refuse(`search.trials expected indices below ${candidates.length}, got ${index}`);
  return candidate;
}
