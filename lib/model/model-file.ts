// How a classifier is spelt in a file: a safetensors file (formats/safetensors.ts), so that Python
// reads the weights with no help from this package.
//
//   tensors    W1 (D, H), b1 (1, H), W2 (H, C), b2 (1, C), all F64
//   metadata   "twolayer": JSON { version: 1, encoding, mean: [D numbers], std: [D numbers],
//              training?: { … } }
//
// `encoding` is data/encoding.ts's; `training` says how the net came about, for people and reports:
// settings, accuracies, the command, the history to five digits. No prediction depends on it.
//
// Refused: what safetensors refuses, tensors that are no such net, metadata that is no such JSON or
// does not fit the net.

import { checkOptions, show } from "../base/checks.ts";
import { ArgumentTypeError, FormatError, isArgumentError } from "../base/errors.ts";
import type { Encoding } from "../data/encoding.ts";
import { parseSafetensors, serializeSafetensors } from "../formats/safetensors.ts";
import type { StoredTensor, Tensor } from "../formats/tensor.ts";
import { Matrix } from "../matrix/matrix.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import { Classifier } from "./classifier.ts";
import { checkPlain, isObject } from "./json.ts";
import { findParams, netToTensors } from "./net-tensors.ts";
import { parseTrainingRecord, type TrainingRecord } from "./training-record.ts";

/** The key under which a file describes a classifier. */
export const METADATA_KEY = "twolayer";
const VERSION = 1;

/**
 * The bytes of a model file, which is a safetensors file; the same classifier and notes give the
 * same bytes. Throws a TypeError for what is no classifier or no plain JSON.
 * @example
 * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
 * const { classifier } = prepareTable(fruit, { label: "kind", hiddenSize: 4 });
 * const bytes = serializeModel(classifier, { training: { file: "fruit.csv" } });
 * console.log([...parseSafetensors(bytes).tensors.keys()].join()); // W1,b1,W2,b2
 */
export function serializeModel(
  classifier: Classifier,
  options: { training?: TrainingRecord } = {},
): Uint8Array {
  checkClassifier("serializeModel", classifier);
  checkOptions("serializeModel", options, ["training"]);
  if (options.training !== undefined) checkPlain("serializeModel", "training", options.training);
  return serializeClassifier(classifier, new Map(), {
    training: options.training,
  });
}

/**
 * The classifier in a model file (or a checkpoint), and its notes. Throws FormatError when the file
 * is damaged, or holds a net without the description of a classifier: `netFromTensors`
 * reads that.
 * @example
 * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
 * const { classifier } = prepareTable(fruit, { label: "kind", hiddenSize: 4 });
 * const bytes = serializeModel(classifier, { training: { file: "fruit.csv" } });
 * console.log(parseModel(bytes).classifier.classes.join(), parseModel(bytes).training.file); // pear,plum fruit.csv
 */
export function parseModel(bytes: Uint8Array): {
  classifier: Classifier;
  training: TrainingRecord;
  isCheckpoint: boolean;
} {
  const { classifier, description } = parseClassifier(bytes);
  const { training = {} } = description;
  if (!isObject(training)) throw refuse(`training expected an object, got ${show(training)}`);
  return {
    classifier,
    training: parseTrainingRecord(training),
    isCheckpoint: description.checkpoint !== undefined,
  };
}

/**
 * What model files and checkpoints have in common: the classifier, more tensors, and more members
 * of the description.
 */
export function serializeClassifier(
  classifier: Classifier,
  more: ReadonlyMap<string, Tensor | Matrix>,
  members: { readonly [key: string]: unknown },
): Uint8Array {
  const metadata = classifierMetadata(classifier, members);
  return serializeSafetensors(new Map([...netToTensors(classifier.net), ...more]), { metadata });
}

/** Throws a TypeError unless `value` is a Classifier, whichever copy of the class made it. */
export function checkClassifier(where: string, value: unknown): void {
  const { net, encoding, predict } = (value ?? {}) as Partial<Classifier>;
  if (net === undefined || encoding === undefined || typeof predict !== "function")
    throw new ArgumentTypeError(`${where}: classifier expected a Classifier, got ${show(value)}`);
}

/** The metadata that makes a classifier of a net; other formats may carry it as well. */
export function classifierMetadata(
  { encoding, mean, std }: Classifier,
  members: { readonly [key: string]: unknown } = {},
): { [key: string]: string } {
  return {
    [METADATA_KEY]: JSON.stringify({
      version: VERSION,
      encoding,
      mean: Array.from(mean.data),
      std: Array.from(std.data),
      ...members,
    }),
  };
}

export function parseClassifier(bytes: Uint8Array): {
  classifier: Classifier;
  description: { readonly [key: string]: unknown };
  tensors: ReadonlyMap<string, StoredTensor>;
} {
  const { tensors, metadata } = parseSafetensors(bytes);
  const net = new TwoLayerNet(findParams("model", tensors, { layout: "twolayer" }));
  return { ...classifierFromMetadata(net, metadata), tensors };
}

/**
 * The classifier that `net` and a description in `metadata` make. Throws FormatError when there is
 * none or it does not fit.
 */
export function classifierFromMetadata(
  net: TwoLayerNet,
  metadata: ReadonlyMap<string, string>,
): { classifier: Classifier; description: { readonly [key: string]: unknown } } {
  const text = metadata.get(METADATA_KEY);
  if (text === undefined)
    throw refuse(
      `expected metadata "${METADATA_KEY}" that describes the columns and labels, got weights alone`,
    );
  const description = parseDescription(text);
  if (description.version !== VERSION)
    throw refuse(
      `expected version ${VERSION}, got ${show(description.version)}; a later release may read it`,
    );
  const classifier = asFormatError(
    () =>
      new Classifier({
        net,
        encoding: withClasses(description.encoding) as Encoding,
        mean: row("mean", description.mean),
        std: row("std", description.std),
      }),
  );
  return { classifier, description };
}

/** The encoding under today's names: files of version 1.0.0 call the classes labels. */
function withClasses(encoding: unknown): unknown {
  if (!isObject(encoding) || "classes" in encoding || !("labels" in encoding)) return encoding;
  const { labels, ...rest } = encoding;
  return { ...rest, classes: labels };
}

function parseDescription(text: string): { readonly [key: string]: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse(`metadata "${METADATA_KEY}" expected JSON, got ${show(text)}`);
  }
  if (!isObject(value))
    throw refuse(`metadata "${METADATA_KEY}" expected an object, got ${show(value)}`);
  return value;
}

function row(name: string, value: unknown): Matrix {
  if (!Array.isArray(value) || !value.every(Number.isFinite))
    throw refuse(`${name} expected an array of finite numbers, got ${show(value)}`);
  return new Matrix(1, value.length, Float64Array.from(value));
}

/** Whether `metadata` holds a description, right or wrong. */
export function hasClassifierMetadata(metadata: ReadonlyMap<string, string>): boolean {
  return metadata.has(METADATA_KEY);
}

/** What `make` makes; its errors are about a file's contents, so they become FormatErrors. */
export function asFormatError<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw isArgumentError(error) ? refuse(error.message) : error;
  }
}

export function refuse(message: string): FormatError {
  return new FormatError("model", message);
}
