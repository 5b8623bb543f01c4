// Reading a model file or checkpoint from the disk, and how results describe its net.

import { FormatError } from "../base/errors.ts";
import { recognize } from "../formats/recognize.ts";
import { parseCheckpoint, type RunOptions } from "../model/checkpoint-file.ts";
import type { Classifier } from "../model/classifier.ts";
import { parseModel } from "../model/model-file.ts";
import type { TrainingRecord } from "../model/training-record.ts";
import type { TwoLayerNet } from "../net/two-layer-net.ts";
import type { TrainerState } from "../training/trainer-state.ts";
import { FileError, inFile, readFile } from "./files.ts";

/** The contents of a model file; a checkpoint also has `state` and `run`. */
export type Model = {
  classifier: Classifier;
  training: TrainingRecord;
  state?: TrainerState;
  run?: RunOptions;
};

/** Reads a model file or checkpoint. Throws a FileError, or a FormatError that names the file. */
export async function readModel(path: string): Promise<Model> {
  const bytes = await readFile(path);
  const found = recognize(bytes);
  if (found?.kind === "onnx" || found?.kind === "npz") {
    const advice = "twolayer import makes one of it";
    throw new FileError(`${path}: expected a model file, got ${found.description}; ${advice}`);
  }
  if (found?.kind === "gzip" || (found === undefined && isText(bytes))) {
    const order = "MODEL comes before DATA on the command line";
    const what = found?.description ?? "a text file";
    throw new FileError(`${path}: expected a model file, got ${what}; ${order}`);
  }
  return inModelFile(path, () => {
    const { classifier, training, isCheckpoint } = parseModel(bytes);
    return { ...(isCheckpoint && parseCheckpoint(bytes)), classifier, training };
  });
}

/**
 * Whether bytes are text, as those of a CSV file: they begin with no control characters, or with
 * the mark of UTF-16.
 */
function isText(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, 64);
  if (start.length >= 2 && start[0] + start[1] === 0xff + 0xfe) return start[0] >= 0xfe;
  return (
    start.length > 0 &&
    start.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13)
  );
}

/**
 * Calls `parse`; a FormatError that it throws gets the name of the file. If the bytes are not even
 * safetensors, the message says that the file may not be a model, as when arguments are swapped.
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

/** "4 inputs, 8 hidden units, 3 classes" */
export function netSizes({ inputSize, hiddenSize, outputSize }: TwoLayerNet): string {
  return `${inputSize} inputs, ${hiddenSize} hidden units, ${outputSize} classes`;
}

/** The sizes of the net as members of a JSON result. */
export function netSizesJson(net: TwoLayerNet): {
  inputs: number;
  hidden: number;
  outputs: number;
} {
  return { inputs: net.inputSize, hidden: net.hiddenSize, outputs: net.outputSize };
}
