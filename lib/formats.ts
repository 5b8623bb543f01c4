// twolayer/formats: pure functions between bytes or text and values.

export type { DecimalPoint } from "./base/number-text.ts";
export type { ElementArray, ElementType, NumberArray } from "./formats/byte-reader.ts";
export { CIFAR10_LABELS, type Cifar10, parseCifar10 } from "./formats/cifar10.ts";
export { type CsvOptions, parseCsv } from "./formats/csv/csv.ts";
export type { CsvTable } from "./formats/csv/table.ts";
export type { DType, WritableType } from "./formats/dtype.ts";
export { type IdxArray, type IdxType, parseIdx } from "./formats/idx.ts";
export { type NpyArray, parseNpy, serializeNpy, type WritableArray } from "./formats/npy.ts";
export {
  type NamedArrays,
  type NpzOptions,
  parseNpz,
  serializeNpz,
} from "./formats/npz.ts";
export {
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxOptions,
  type OnnxValue,
  parseOnnx,
  serializeOnnx,
} from "./formats/onnx/onnx.ts";
export type { OnnxTensor, ReadExternal } from "./formats/onnx/onnx-tensor.ts";
export { parseSafetensors, serializeSafetensors } from "./formats/safetensors.ts";
export type { Text } from "./formats/tensor.ts";
export {
  type NamedTensors,
  type StoredTensor,
  type Tensor,
  type TextTensor,
  toMatrix,
} from "./formats/tensor.ts";
export type { Deflate, Inflate } from "./formats/zip.ts";
