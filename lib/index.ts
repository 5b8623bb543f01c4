// The public surface: named re-exports, nothing else.

export { DivergenceError, FormatError, ShapeError } from "./base/errors.ts";
export { Random } from "./base/random.ts";

export { configuration, configure } from "./kernels/configuration.ts";

export { Matrix } from "./matrix/matrix.ts";
export type { MatmulOptions } from "./matrix/matrix.ts";

export { checkGradients, numericGradient, relativeError } from "./net/gradient-check.ts";
export type { Labels } from "./net/labels.ts";
export { adam, momentum, nesterov, sgd } from "./training/optimizer.ts";
export type { Optimizer } from "./training/optimizer.ts";
export type { InitOptions, Params, Sizes } from "./net/params.ts";
export { cosine } from "./training/schedule.ts";
export type { Schedule } from "./training/schedule.ts";
export { findBestNet, search } from "./search/search.ts";
export type { SearchOptions, SearchResult } from "./search/search.ts";
export type { Candidate, Range, SearchSpace } from "./search/space.ts";
export { softmaxLoss } from "./net/softmax-loss.ts";
export type { Dataset, Progress, TrainOptions, TrainSettings } from "./training/train-options.ts";
export { Trainer, train } from "./training/trainer.ts";
export type { Best, History, TrainerState } from "./training/trainer-state.ts";
export { TwoLayerNet } from "./net/two-layer-net.ts";

export type { Encoding, FeatureEncoding, Missing } from "./data/encoding.ts";
export { imagesToMatrix } from "./data/images.ts";
export type { ImageArray } from "./data/images.ts";
export { decodeLabels, encodeLabels, oneHot } from "./data/labels.ts";
export type { LabelName } from "./data/labels.ts";
export type { TableRow } from "./data/records.ts";
export { split, splitRows } from "./data/split.ts";
export type { SplitOptions, SplitRows } from "./data/split.ts";
export { columnStatistics, standardise } from "./data/standardize.ts";
export type { ColumnStatistics } from "./data/standardize.ts";
export { blobs, circles, spiral, twoMoons, xor } from "./data/synthetic.ts";
export type { ClassesOptions, Points, SyntheticOptions } from "./data/synthetic.ts";
export { encodeTable, fitEncoding } from "./data/table.ts";
export type { EncodingOptions, Table } from "./data/table.ts";
export { toyData } from "./data/toy.ts";

export { CIFAR10_LABELS, parseCifar10 } from "./formats/cifar10.ts";
export type { Cifar10 } from "./formats/cifar10.ts";
export { parseCsv } from "./formats/csv/csv.ts";
export type { CsvOptions } from "./formats/csv/csv.ts";
export type { CsvTable } from "./formats/csv/table.ts";
export { parseIdx } from "./formats/idx.ts";
export type { IdxArray, IdxType } from "./formats/idx.ts";
export { parseNpy, serializeNpy } from "./formats/npy.ts";
export { parseNpz, serializeNpz } from "./formats/npz.ts";
export { parseOnnx, serializeOnnx } from "./formats/onnx/onnx.ts";
export type { OnnxAttribute, OnnxModel, OnnxNode, OnnxValue } from "./formats/onnx/onnx.ts";
export { parseSafetensors, serializeSafetensors } from "./formats/safetensors.ts";
export type { NamedTensors, StoredTensor, Tensor } from "./formats/tensor.ts";

export { parseCheckpoint, serializeCheckpoint } from "./model/checkpoint-file.ts";
export type { Run } from "./model/checkpoint-file.ts";
export { Classifier } from "./model/classifier.ts";
export type { ClassifierParts, Rows } from "./model/classifier.ts";
export { parseModel, serializeModel } from "./model/model-file.ts";
export type { TrainingNotes } from "./model/model-file.ts";
export { netFromNpz, netToNpz } from "./model/npz-net.ts";
export { netFromOnnx, netToOnnx } from "./model/net-onnx.ts";
export type { OnnxOutput } from "./model/net-onnx.ts";
export { prepareImages, prepareTable } from "./model/prepare.ts";
export type { Prepared, PrepareOptions, Scaling } from "./model/prepare.ts";
export { netFromSafetensors, netToSafetensors } from "./model/safetensors-net.ts";
export type { Layout } from "./model/net-tensors.ts";

export { confusionAccuracy, confusionMatrix, confusionTable, countConfusion } from "./report/confusion-matrix.ts";
export type { ConfusionCounts, ConfusionOptions } from "./report/confusion-matrix.ts";
export { decisionBoundary } from "./report/decision-boundary.ts";
export type { DecisionBoundaryOptions } from "./report/decision-boundary.ts";
export { lineChart } from "./report/line-chart.ts";
export type { LineChartOptions, Series } from "./report/line-chart.ts";
export { progressLine } from "./report/progress.ts";
export type { ProgressState } from "./report/progress.ts";
export { reportPage } from "./report/report-page.ts";
export type { Evaluation, Facts, Report } from "./report/report-page.ts";
export { searchHeatmap } from "./report/search-heatmap.ts";
export type { SearchHeatmapOptions, Trial } from "./report/search-heatmap.ts";
export { table } from "./report/table.ts";
export type { Cell, TableOptions } from "./report/table.ts";
export type { ImageShape } from "./report/thumbnail.ts";
export { accuracyCurves, trainingCurves } from "./report/training-curves.ts";
export type { Curves, TrainingCurvesOptions } from "./report/training-curves.ts";
export { weightGrid } from "./report/weight-grid.ts";
export type { MatrixLike, WeightGridOptions } from "./report/weight-grid.ts";
