// The public surface: named re-exports, nothing else.

export { DivergenceError, FormatError, ShapeError } from "./base/errors.ts";
export { Random } from "./base/random.ts";
export { toyData } from "./data/toy.ts";
export { parseCsv } from "./formats/csv.ts";
export type { CsvOptions } from "./formats/csv.ts";
export { Matrix } from "./matrix/matrix.ts";
export type { MatmulOptions } from "./matrix/matrix.ts";
export { checkGradients, numericGradient, relativeError } from "./net/gradient-check.ts";
export type { Labels } from "./net/labels.ts";
export { adam, momentum, nesterov, sgd } from "./net/optimizer.ts";
export type { Optimizer } from "./net/optimizer.ts";
export type { InitOptions, Params, Sizes } from "./net/params.ts";
export { cosine } from "./net/schedule.ts";
export type { Schedule } from "./net/schedule.ts";
export { softmaxLoss } from "./net/softmax-loss.ts";
export type { Dataset, Progress, TrainOptions, TrainSettings } from "./net/train-options.ts";
export { Trainer, train } from "./net/trainer.ts";
export type { Best, History, TrainerState } from "./net/trainer-state.ts";
export { TwoLayerNet } from "./net/two-layer-net.ts";
export { confusionMatrix, confusionTable, countConfusion } from "./report/confusion-matrix.ts";
export { lineChart } from "./report/line-chart.ts";
export { progressLine } from "./report/progress.ts";
export { table } from "./report/table.ts";
export { trainingCurves } from "./report/training-curves.ts";
