// A training between two iterations as a file: a model file (model-file.ts) of the net as it is,
// and
//
//   tensors    training.loss (iterations), training.trainAccuracy, training.valAccuracy (epochs),
//              training.permutation (N or 0), training.slot0.W1 … for each array of the optimizer,
//              training.best.W1 … if there is a best epoch
//   metadata   the member `checkpoint` of "twolayer": the rest of a TrainerState
//              (training/trainer-state.ts), and `run`, which is the caller's
//
// The file has everything that a training depends on but the data, so that it resumes to the same
// bits. A checkpoint is a model file too.
//
// Refused: what a model file refuses, missing tensors, tensors of other shapes, and a state whose
// parts do not fit together.

import { show } from "../base/checks.ts";
import { ArgumentRangeError, asFormatError } from "../base/errors.ts";
import { toFloat64 } from "../formats/dtype.ts";
import type { StoredTensor, Tensor } from "../formats/tensor.ts";
import { Matrix } from "../matrix/matrix.ts";
import { mapParams, PARAM_NAMES, type Params } from "../net/params.ts";
import { checkTrainerState } from "../training/state-checks.ts";
import type { TrainerState } from "../training/trainer-state.ts";
import type { Classifier } from "./classifier.ts";
import { checkPlain, isObject } from "./json.ts";
import { checkClassifier, parseClassifier, refuse, serializeClassifier } from "./model-file.ts";

/** What a caller keeps in a checkpoint, as plain JSON: the command line keeps its options. */
export type RunOptions = { readonly [key: string]: unknown };

/**
 * The bytes of a checkpoint of the classifier in training and the state of its trainer. The same
 * state gives the same bytes. Throws a RangeError for the state of another net, and a TypeError
 * unless the arguments are a Classifier, a TrainerState and an object of plain JSON.
 * @example
 * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
 * const options = { label: "kind", hiddenSize: 4, validation: 0 };
 * const { classifier, data } = prepareTable(fruit, options);
 * const trainer = new Trainer(classifier.net, data, { iterations: 10 });
 * for (let i = 0; i < 5; i++) trainer.step();
 * const { state } = parseCheckpoint(serializeCheckpoint(classifier, trainer.state));
 * const resumed = Trainer.fromState(state, data);
 * for (const trained of [trainer, resumed]) while (!trained.done) trained.step();
 * console.log(resumed.history.loss.join() === trainer.history.loss.join()); // true
 */
export function serializeCheckpoint(
  classifier: Classifier,
  state: TrainerState,
  run: RunOptions = {},
): Uint8Array {
  checkClassifier("serializeCheckpoint", classifier);
  checkTrainerState("serializeCheckpoint", state);
  checkPlain("serializeCheckpoint", "run", run);
  const { history, permutation, params, slots, best, ...rest } = state;
  const tensors = new Map<string, Tensor | Matrix>();
  const vector = (name: string, values: ArrayLike<number>): unknown =>
    tensors.set(name, { shape: [values.length], data: Float64Array.from(values) });
  vector("training.loss", history.loss);
  vector("training.trainAccuracy", history.trainAccuracy);
  vector("training.valAccuracy", history.valAccuracy);
  vector("training.permutation", permutation);
  for (const [i, slot] of slots.entries())
    for (const name of PARAM_NAMES) tensors.set(`training.slot${i}.${name}`, slot[name]);
  if (best !== null)
    for (const name of PARAM_NAMES) tensors.set(`training.best.${name}`, best.params[name]);
  for (const name of PARAM_NAMES) {
    if (!classifier.net.params[name].equals(params[name]))
      throw new ArgumentRangeError(
        `serializeCheckpoint: state.params.${name} differs from classifier.net.params.${name}`,
      );
  }
  const summary =
    best === null
      ? null
      : { iteration: best.iteration, epoch: best.epoch, valAccuracy: best.valAccuracy };
  return serializeClassifier(classifier, tensors, {
    checkpoint: { ...rest, slots: slots.length, best: summary, run },
  });
}

/**
 * The classifier, the state of its trainer and the caller's `run`. Throws a FormatError for a
 * damaged file, and for a model file that is not a checkpoint.
 * @example
 * const fruit = parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
 * const options = { label: "kind", hiddenSize: 4, validation: 0 };
 * const { classifier, data } = prepareTable(fruit, options);
 * const { state } = new Trainer(classifier.net, data, { epochs: 10 });
 * const bytes = serializeCheckpoint(classifier, state, { file: "fruit.csv" });
 * console.log(JSON.stringify(parseCheckpoint(bytes).run)); // {"file":"fruit.csv"}
 */
export function parseCheckpoint(bytes: Uint8Array): {
  classifier: Classifier;
  state: TrainerState;
  run: RunOptions;
} {
  const { classifier, description, tensors } = parseClassifier(bytes);
  const { checkpoint } = description;
  if (checkpoint === undefined) throw refuse("expected a checkpoint, got a finished model");
  if (!isObject(checkpoint)) throw refuse(`checkpoint expected an object, got ${show(checkpoint)}`);
  // version 1.0.0 calls epochsSinceBest waited
  const { run, slots: slotCount, best, waited, epochsSinceBest = waited, ...rest } = checkpoint;
  if (!isObject(run)) throw refuse(`checkpoint.run expected an object, got ${show(run)}`);
  const { params } = classifier.net;
  const numbers = (name: string): number[] => Array.from(tensorOf(tensors, name).data);
  const like = (prefix: string): Params =>
    mapParams(params, (param, name) => matrixLike(tensors, `${prefix}.${name}`, param));
  const state = {
    ...rest,
    epochsSinceBest,
    params,
    permutation: numbers("training.permutation"),
    slots: Array.from({ length: slotCount === 1 || slotCount === 2 ? slotCount : 0 }, (_, i) =>
      like(`training.slot${i}`),
    ),
    history: {
      loss: numbers("training.loss"),
      trainAccuracy: numbers("training.trainAccuracy"),
      valAccuracy: numbers("training.valAccuracy"),
    },
    best: isObject(best) ? { ...best, params: like("training.best") } : null,
  } as unknown as TrainerState;
  asFormatError("model", () => checkTrainerState("checkpoint", state));
  return { classifier, state, run };
}

function tensorOf(tensors: ReadonlyMap<string, StoredTensor>, name: string): StoredTensor {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw refuse(`expected a tensor ${name}, got none`);
  return tensor;
}

function matrixLike(
  tensors: ReadonlyMap<string, StoredTensor>,
  name: string,
  { rows, cols }: Matrix,
): Matrix {
  const { shape, data } = tensorOf(tensors, name);
  if (shape.length !== 2 || shape[0] !== rows || shape[1] !== cols)
    throw refuse(`${name} expected shape (${rows}, ${cols}), got (${shape.join(", ")})`);
  return new Matrix(rows, cols, toFloat64(data));
}
