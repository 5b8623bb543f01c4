// twolayer/report: numbers in, SVG, HTML or text out.

export {
  type ClassScores,
  type ConfusionCounts,
  type ConfusionScores,
  confusionAccuracy,
  confusionScores,
  countConfusion,
} from "./base/metrics.ts";
export {
  type ConfusionOptions,
  confusionMatrix,
  confusionTable,
} from "./report/confusion-matrix.ts";
export { type DecisionBoundaryOptions, decisionBoundary } from "./report/decision-boundary.ts";
export type { Trial } from "./report/heatmap.ts";
export { lineChart } from "./report/line-chart.ts";
export type { MatrixLike } from "./report/matrix-like.ts";
export { type ProgressState, progressLine } from "./report/progress.ts";
export type { Facts } from "./report/report-html.ts";
export type { Evaluation } from "./report/report-mistakes.ts";
export { type Report, reportPage } from "./report/report-page.ts";
export type { ColumnNote } from "./report/report-tables.ts";
export { type SearchHeatmapOptions, searchHeatmap } from "./report/search-heatmap.ts";
export type { LineChartOptions, Series } from "./report/series.ts";
export { type Cell, formatTable, type TableOptions } from "./report/table.ts";
export type { ImageShape } from "./report/thumbnail.ts";
export {
  accuracyCurves,
  type Curves,
  type TrainingCurvesOptions,
  trainingCurves,
} from "./report/training-curves.ts";
export { type WeightGridOptions, weightGrid } from "./report/weight-grid.ts";
