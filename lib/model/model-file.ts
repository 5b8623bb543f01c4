// A classifier as a file: a safetensors file (formats/safetensors.ts), so that Python reads the
// weights without this package.
//
//   tensors    W1 (D, H), b1 (1, H), W2 (H, C), b2 (1, C), all F64
//   metadata   "twolayer": JSON { version: 1, sha256, encoding, mean: [D numbers],
//              std: [D numbers], training?: { … } }
//
// `sha256` is the SHA-256 of the bytes after the safetensors header, which are the tensors; files
// of version 1.0.0 have none. `encoding` is an Encoding (data/encoding.ts). `training` is a
// TrainingRecord (training-record.ts), on which predictions do not depend.
//
// Refused: what safetensors refuses; tensors of another shape or SHA-256; metadata that is not such
// JSON or does not fit the net.

import { checkOptions, isRecord, show } from "../base/checks.ts";
import { ArgumentTypeError, asFormatError, FormatError } from "../base/errors.ts";
import { sha256 } from "../base/sha256.ts";
import type { Encoding } from "../data/encoding.ts";
import { parseSafetensors, serializeSafetensors } from "../formats/safetensors.ts";
import type { StoredTensor, Tensor } from "../formats/tensor.ts";
import { Matrix } from "../matrix/matrix.ts";
import { TwoLayerNet } from "../net/two-layer-net.ts";
import { Classifier } from "./classifier.ts";
import { checkFiniteNet, findParams, netToTensors } from "./net-tensors.ts";
import { parseTrainingRecord, type TrainingRecord } from "./training-record.ts";

/** The key under which a file describes a classifier. */
export const METADATA_KEY = "twolayer";
const VERSION = 1;

/**
 * The bytes of a model file, which is a safetensors file. The same classifier and record give the
 * same bytes. Throws a TypeError unless they are a Classifier and an object of plain JSON, and a
 * RangeError for weights that are not finite.
 * @example
 * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
 * const { classifier } = prepareTable(fruit, { label: "kind", hiddenSize: 4 });
 * const bytes = serializeModel(classifier, { training: { file: "fruit.csv" } });
 * console.log([...parseSafetensors(bytes).tensors.keys()].join()); // W1,b1,W2,b2
 */
export function serializeModel(
  classifier: Classifier,
  options: { training?: TrainingRecord | undefined } = {},
): Uint8Array {
  checkClassifier("serializeModel", classifier);
  checkOptions("serializeModel", options, ["training"]);
  if (options.training !== undefined) checkPlain("serializeModel", "training", options.training);
  return serializeClassifier(classifier, new Map(), { training: options.training });
}

/**
 * The classifier in a model file or checkpoint, and the record of its training. Throws a
 * FormatError for a damaged file, and for a net without the description of a classifier, which
 * `netFromTensors` reads.
 * @example
 * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
 * const { classifier } = prepareTable(fruit, { label: "kind", hiddenSize: 4 });
 * const bytes = serializeModel(classifier, { training: { file: "fruit.csv" } });
 * const { classifier: read, training } = parseModel(bytes);
 * console.log(read.classes.join(), training.file); // pear,plum fruit.csv
 */
export function parseModel(bytes: Uint8Array): {
  classifier: Classifier;
  training: TrainingRecord;
  isCheckpoint: boolean;
} {
  const { classifier, description } = parseClassifier(bytes);
  const { training = {} } = description;
  return {
    classifier,
    training: parseTrainingRecord(asObject("training", training)),
    isCheckpoint: description.checkpoint !== undefined,
  };
}

/**
 * The bytes of a model file or checkpoint: the classifier with further tensors and further members
 * of the description.
 */
export function serializeClassifier(
  classifier: Classifier,
  more: ReadonlyMap<string, Tensor | Matrix>,
  members: { readonly [key: string]: unknown },
): Uint8Array {
  const tensors = new Map([...netToTensors(classifier.net), ...more]);
  const digest = sha256(tensorBytes(serializeSafetensors(tensors)));
  const metadata = classifierMetadata(classifier, { sha256: digest, ...members });
  return serializeSafetensors(tensors, { metadata });
}

/** The bytes after the header of a safetensors file, whose length is in its first 8 bytes. */
function tensorBytes(bytes: Uint8Array): Uint8Array {
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return bytes.subarray(8 + headerLength);
}

/** Throws a FormatError if the description has a SHA-256 that is not the one of the tensors. */
function checkTensorBytes(bytes: Uint8Array, expected: unknown): void {
  if (expected === undefined) return;
  const actual = sha256(tensorBytes(bytes));
  if (actual === expected) return;
  throw refuse(
    `expected tensors with the SHA-256 ${show(expected)}, got "${actual}": the file is damaged, ` +
      "or a program changed its tensors and kept the description",
  );
}

/**
 * Throws a TypeError unless `value` is a Classifier, whichever copy of the class made it, and a
 * RangeError for weights that are not finite.
 */
export function checkClassifier(where: string, value: unknown): void {
  const { net, encoding, predict } = (value ?? {}) as Partial<Classifier>;
  if (net === undefined || encoding === undefined || typeof predict !== "function")
    throw new ArgumentTypeError(`${where}: classifier expected a Classifier, got ${show(value)}`);
  checkFiniteNet(where, net);
}

/**
 * Throws a TypeError unless JSON can hold `value` and it is an object there too, as the parsers
 * require: no Date, no circular reference, no BigInt.
 */
export function checkPlain(where: string, name: string, value: unknown): void {
  try {
    if (isRecord(value) && isRecord(JSON.parse(JSON.stringify(value)))) return;
  } catch {
    // refused below
  }
  throw new ArgumentTypeError(
    `${where}: ${name} expected an object of plain JSON, got ${show(value)}`,
  );
}

/** The metadata that makes a classifier of a net; other formats may carry it as well. */
export function classifierMetadata(
  { encoding, mean, std }: Classifier,
  members: { readonly [key: string]: unknown } = {},
): { [key: string]: string } {
  return {
    [METADATA_KEY]: JSON.stringify({
      version: VERSION,
      sha256: members.sha256,
      encoding,
      mean: Array.from(mean.data),
      std: Array.from(std.data),
      ...members,
    }),
  };
}

/** The classifier in a model file or checkpoint, its description, and all tensors. */
export function parseClassifier(bytes: Uint8Array): {
  classifier: Classifier;
  description: { readonly [key: string]: unknown };
  tensors: ReadonlyMap<string, StoredTensor>;
} {
  const { tensors, metadata } = parseSafetensors(bytes);
  const net = new TwoLayerNet(findParams("model", tensors, { layout: "twolayer" }));
  const { classifier, description } = classifierFromMetadata(net, metadata);
  checkTensorBytes(bytes, description.sha256);
  return { classifier, description, tensors };
}

/**
 * The classifier of `net` and the description in `metadata`. Throws a FormatError without a
 * description and for one that does not fit the net.
 */
export function classifierFromMetadata(
  net: TwoLayerNet,
  metadata: ReadonlyMap<string, string>,
): { classifier: Classifier; description: { readonly [key: string]: unknown } } {
  const text = metadata.get(METADATA_KEY);
  if (text === undefined)
    throw refuse(
      `expected metadata "${METADATA_KEY}" that describes the columns and classes, ` +
        "got weights alone",
    );
  const description = parseDescription(text);
  if (description.version !== VERSION)
    throw refuse(
      `expected version ${VERSION}, got ${show(description.version)}; a later release may read it`,
    );
  const classifier = asFormatError(
    "model",
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
  if (!isRecord(encoding) || "classes" in encoding || !("labels" in encoding)) return encoding;
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
  return asObject(`metadata "${METADATA_KEY}"`, value);
}

/** `value`, which must be an object of JSON: no array, not null. */
export function asObject(name: string, value: unknown): { readonly [key: string]: unknown } {
  if (isRecord(value)) return value;
  throw refuse(`${name} expected an object, got ${show(value)}`);
}

function row(name: string, value: unknown): Matrix {
  if (!Array.isArray(value) || !value.every(Number.isFinite))
    throw refuse(`${name} expected an array of finite numbers, got ${show(value)}`);
  return new Matrix(1, value.length, Float64Array.from(value));
}

export function refuse(message: string): FormatError {
  return new FormatError("model", message);
}
