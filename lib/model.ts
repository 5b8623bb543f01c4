// twolayer/model: a net with what it needs to read raw rows, and its files.

export {
  parseCheckpoint,
  type RunOptions,
  serializeCheckpoint,
} from "./model/checkpoint-file.ts";
export { Classifier, type ClassifierParts, type Rows } from "./model/classifier.ts";
export { type ClassifierToOnnxOptions, classifierToOnnx } from "./model/classifier-onnx.ts";
export {
  type CrossValidateOptions,
  type CrossValidation,
  crossValidate,
  type MeanAndStd,
} from "./model/cross-validate.ts";
export { parseModel, serializeModel } from "./model/model-file.ts";
export {
  type NetToOnnxOptions,
  netFromOnnx,
  netToOnnx,
  type OnnxOutput,
} from "./model/net-onnx.ts";
export {
  type Layout,
  netFromTensors,
  netToTensors,
  type TensorOptions,
} from "./model/net-tensors.ts";
export type { ClassWeights, NetOptions } from "./model/prepare.ts";
export {
  type Prepared,
  type PrepareOptions,
  prepareImages,
  prepareTable,
  type StandardizeMode,
} from "./model/prepare.ts";
export type { KnownMembers, RecordedCommand, TrainingRecord } from "./model/training-record.ts";
