// A model file or checkpoint from the disk.

import { FormatError } from "../base/errors.ts";
import { parseCheckpoint, type RunOptions } from "../model/checkpoint-file.ts";
import type { Classifier } from "../model/classifier.ts";
import { parseModel, type TrainingRecord } from "../model/model-file.ts";
import type { TrainerState } from "../training/trainer-state.ts";
import { readFile } from "./files.ts";
import { inFile } from "./source.ts";

/** `state` and `run` are there when the file is a checkpoint. */
export type Model = {
  classifier: Classifier;
  training: TrainingRecord;
  state?: TrainerState;
  run?: RunOptions;
};

/** Reads it from a path. Throws a FileError, or a FormatError that names the file. */
export async function readModel(path: string): Promise<Model> {
  const bytes = await readFile(path);
  return inModelFile(path, () => {
    const { classifier, training, isCheckpoint } = parseModel(bytes);
    return { ...(isCheckpoint && parseCheckpoint(bytes)), classifier, training };
  });
}

/**
 * What `parse` returns; its error names the file, and says that it may be no model at all, as when
 * words are swapped.
 */
export function inModelFile<T>(path: string, parse: () => T): T {
  return inFile(path, () => {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof FormatError) || error.format !== "safetensors") throw error;
      throw error.inFile("not a model file, or damaged");
    }
  });
}
