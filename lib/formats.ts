// twolayer/formats: pure functions between bytes or text and values.

export { CIFAR10_LABELS, type Cifar10, parseCifar10 } from "./formats/cifar10.ts";
export { type CsvOptions, parseCsv } from "./formats/csv/csv.ts";
export type { CsvTable } from "./formats/csv/table.ts";
export { type IdxArray, type IdxType, parseIdx } from "./formats/idx.ts";
export { parseNpy, serializeNpy } from "./formats/npy.ts";
export { parseNpz, serializeNpz } from "./formats/npz.ts";
export {
  type OnnxAttribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxValue,
  parseOnnx,
  serializeOnnx,
} from "./formats/onnx/onnx.ts";
export { parseSafetensors, serializeSafetensors } from "./formats/safetensors.ts";
export type { NamedTensors, StoredTensor, Tensor } from "./formats/tensor.ts";
