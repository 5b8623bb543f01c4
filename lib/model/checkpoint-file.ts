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

import { isRecord } from "../base/checks.ts";
import { ArgumentRangeError, asFormatError } from "../base/errors.ts";
import type { StoredTensor, Tensor } from "../formats/tensor.ts";
import type { Matrix } from "../matrix/matrix.ts";
import { mapParams, PARAM_NAMES, type Params } from "../net/params.ts";
import { checkTrainerState } from "../training/state-checks.ts";
import type { TrainerState } from "../training/trainer-state.ts";
import type { Classifier } from "./classifier.ts";
import {
  asObject,
  checkClassifier,
  checkPlain,
  parseClassifier,
  refuse,
  serializeClassifier,
} from "./model-file.ts";
import { weightMatrix } from "./net-tensors.ts";

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
  const { loss, trainAccuracy, valAccuracy, temperature, note } = history;
  const vectors = { loss, trainAccuracy, valAccuracy, permutation };
  for (const [name, values] of Object.entries(vectors))
    tensors.set(`training.${name}`, { shape: [values.length], data: Float64Array.from(values) });
  const save = (prefix: string, saved: Params): void => {
    for (const name of PARAM_NAMES) tensors.set(`training.${prefix}.${name}`, saved[name]);
  };
  for (const [i, slot] of slots.entries()) save(`slot${i}`, slot);
  if (best !== null) save("best", best.params);
  for (const name of PARAM_NAMES) {
    if (!classifier.net.params[name].equals(params[name]))
      throw new ArgumentRangeError(
        `serializeCheckpoint: state.params.${name} differs from classifier.net.params.${name}`,
      );
  }
  return serializeClassifier(classifier, tensors, {
    checkpoint: {
      ...rest,
      temperature,
      note,
      slots: slots.length,
      best: best && { ...best, params: undefined },
      run,
    },
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
  const { run, ...members } = asObject("checkpoint", checkpoint);
  const state = stateOf(members, tensors, classifier.net.params);
  asFormatError("model", () => checkTrainerState("checkpoint", state));
  return { classifier, state, run: asObject("checkpoint.run", run) };
}

/** The state in the description and the tensors of a checkpoint, not yet checked. */
function stateOf(
  members: { readonly [key: string]: unknown },
  tensors: ReadonlyMap<string, StoredTensor>,
  params: Params,
): TrainerState {
  // version 1.0.0 calls epochsSinceBest waited
  const { slots, best, temperature, note, waited, epochsSinceBest = waited, ...rest } = members;
  const tensorOf = (name: string): StoredTensor => {
    const tensor = tensors.get(`training.${name}`);
    if (tensor === undefined) throw refuse(`expected a tensor training.${name}, got none`);
    return tensor;
  };
  const numbers = (name: string): number[] => Array.from(tensorOf(name).data);
  const read = (prefix: string): Params =>
    mapParams(params, (_, name) =>
      weightMatrix(tensorOf(`${prefix}.${name}`), (reason) =>
        refuse(`training.${prefix}.${name} ${reason}`),
      ),
    );
  return {
    ...rest,
    epochsSinceBest,
    params,
    permutation: numbers("permutation"),
    slots: Array.from({ length: slots === 1 || slots === 2 ? slots : 0 }, (_, i) =>
      read(`slot${i}`),
    ),
    history: {
      loss: numbers("loss"),
      trainAccuracy: numbers("trainAccuracy"),
      valAccuracy: numbers("valAccuracy"),
      ...(temperature !== undefined && { temperature }),
      ...(note !== undefined && { note }),
    },
    best: isRecord(best) ? { ...best, params: read("best") } : null,
  } as unknown as TrainerState;
}
