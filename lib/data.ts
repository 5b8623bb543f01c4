// twolayer/data: from tables and images to X and y.

export type { Remark, Table } from "./base/table.ts";
export type { ColumnDecision, ColumnKind, ColumnOption } from "./data/column-decision.ts";
export type { CellCounts, EncodedFeatures } from "./data/encode.ts";
export { encodeTable } from "./data/encode.ts";
export type { Encoding, FeatureEncoding } from "./data/encoding.ts";
export { type EncodingOptions, fitEncoding } from "./data/fit.ts";
export { type ImageArray, imagesToMatrix } from "./data/images.ts";
export { type ClassName, encodeLabels } from "./data/labels.ts";
export type { Missing } from "./data/missing.ts";
export type { TableRow } from "./data/records.ts";
export { type Part, type SplitOptions, type SplitRows, split, splitRows } from "./data/split.ts";
export { type ColumnStatistics, columnStatistics, standardize } from "./data/standardize.ts";
export {
  blobs,
  type ClassesOptions,
  circles,
  type Points,
  type SyntheticOptions,
  spiral,
  twoMoons,
  xor,
} from "./data/synthetic.ts";
export { toyData } from "./data/toy.ts";
