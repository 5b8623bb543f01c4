// twolayer/core: errors, random numbers, matrices, nets and training.

export type { NewFloat64Array, NewInt32Array } from "./base/arrays.ts";
export { DivergenceError, FormatError, type FormatPlace, ShapeError } from "./base/errors.ts";
export type { AbortSignalLike } from "./base/event-loop.ts";
export { Random } from "./base/random.ts";
export { type Configuration, configuration, configure } from "./kernels/configuration.ts";
export type { CheckedDataset, Dataset, Labels, LossOptions } from "./matrix/dataset.ts";
export type { JsonNumber, MatrixJson } from "./matrix/json.ts";
export { type MatmulOptions, Matrix } from "./matrix/matrix.ts";
export type { Dense, Shape } from "./matrix/shape.ts";
export { checkGradients, numericGradient, relativeError } from "./net/gradient-check.ts";
export type { InitOptions, Params, Sizes } from "./net/params.ts";
export { logLoss, rocAuc } from "./net/scores.ts";
export { softmaxLoss } from "./net/softmax-loss.ts";
export { type NetJson, TwoLayerNet } from "./net/two-layer-net.ts";
export type { Sampling } from "./training/batches.ts";
export type { Best } from "./training/best-epoch.ts";
export { type RecommendedOptions, recommendedOptions } from "./training/defaults.ts";
export type { History } from "./training/loop.ts";
export type { BetaPowers } from "./training/optimizer.ts";
export { adam, momentum, nesterov, type Optimizer, sgd } from "./training/optimizer.ts";
export {
  cosine,
  type SavedSchedule,
  type Schedule,
  type ScheduleFunction,
} from "./training/schedule.ts";
export type { Progress, TrainOptions, TrainSettings } from "./training/train-options.ts";
export { Trainer, train } from "./training/trainer.ts";
export type { TrainerState } from "./training/trainer-state.ts";
