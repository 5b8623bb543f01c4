// The public names, all of them and no others: a name that goes or appears by accident fails here.
// Signatures are held by surface.types.ts, which `npm run typecheck` compiles.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as library from "../lib/index.ts";

const VALUES = [
  "CIFAR10_LABELS",
  "Classifier",
  "DivergenceError",
  "FormatError",
  "Matrix",
  "Random",
  "ShapeError",
  "Trainer",
  "TwoLayerNet",
  "accuracyCurves",
  "adam",
  "blobs",
  "checkGradients",
  "circles",
  "classifierToOnnx",
  "columnStatistics",
  "configuration",
  "configure",
  "confusionAccuracy",
  "confusionMatrix",
  "confusionScores",
  "confusionTable",
  "cosine",
  "countConfusion",
  "crossValidate",
  "decisionBoundary",
  "encodeLabels",
  "encodeTable",
  "findBestNet",
  "fitEncoding",
  "formatTable",
  "imagesToMatrix",
  "lineChart",
  "logLoss",
  "momentum",
  "nesterov",
  "netFromOnnx",
  "netFromTensors",
  "netToOnnx",
  "netToTensors",
  "numericGradient",
  "parseCheckpoint",
  "parseCifar10",
  "parseCsv",
  "parseIdx",
  "parseModel",
  "parseNpy",
  "parseNpz",
  "parseOnnx",
  "parseSafetensors",
  "prepareImages",
  "prepareTable",
  "progressLine",
  "recommendedOptions",
  "relativeError",
  "reportPage",
  "rocAuc",
  "search",
  "searchHeatmap",
  "serializeCheckpoint",
  "serializeModel",
  "serializeNpy",
  "serializeNpz",
  "serializeOnnx",
  "serializeSafetensors",
  "sgd",
  "softmaxLoss",
  "spiral",
  "split",
  "splitRows",
  "standardize",
  "toMatrix",
  "toyData",
  "train",
  "trainingCurves",
  "twoMoons",
  "weightGrid",
  "xor",
];

const ENTRIES = ["core", "data", "formats", "model", "report", "search"];

const TYPES = [
  "AbortSignalLike",
  "Best",
  "BetaPowers",
  "Candidate",
  "CandidateResult",
  "Cell",
  "CellCounts",
  "CheckedDataset",
  "Cifar10",
  "ClassName",
  "ClassScores",
  "ClassWeights",
  "ClassesOptions",
  "ClassifierParts",
  "ClassifierToOnnxOptions",
  "ColumnDecision",
  "ColumnKind",
  "ColumnNote",
  "ColumnOption",
  "ColumnStatistics",
  "CompletedResult",
  "Configuration",
  "ConfusionCounts",
  "ConfusionOptions",
  "ConfusionScores",
  "CrossValidateOptions",
  "CrossValidation",
  "CsvOptions",
  "CsvTable",
  "Curves",
  "DType",
  "Dataset",
  "DecimalPoint",
  "DecisionBoundaryOptions",
  "Deflate",
  "Dense",
  "DivergedResult",
  "ElementArray",
  "ElementType",
  "EncodedFeatures",
  "Encoding",
  "EncodingOptions",
  "Evaluation",
  "Facts",
  "FailedResult",
  "FeatureEncoding",
  "FormatPlace",
  "History",
  "IdxArray",
  "IdxType",
  "ImageArray",
  "ImageShape",
  "Inflate",
  "InitOptions",
  "JsonNumber",
  "KnownMembers",
  "Labels",
  "Layout",
  "LineChartOptions",
  "LossOptions",
  "MatmulOptions",
  "MatrixJson",
  "MatrixLike",
  "MeanAndStd",
  "Missing",
  "NamedArrays",
  "NamedTensors",
  "NetJson",
  "NetOptions",
  "NetToOnnxOptions",
  "NewFloat64Array",
  "NewInt32Array",
  "NpyArray",
  "NpzOptions",
  "NumberArray",
  "OnnxAttribute",
  "OnnxModel",
  "OnnxNode",
  "OnnxOptions",
  "OnnxOutput",
  "OnnxTensor",
  "OnnxValue",
  "Optimizer",
  "Params",
  "Part",
  "Points",
  "PrepareOptions",
  "Prepared",
  "Progress",
  "ProgressState",
  "Range",
  "ReadExternal",
  "RecommendedOptions",
  "RecordedCommand",
  "Remark",
  "Report",
  "Rows",
  "RunOptions",
  "Sampling",
  "SavedSchedule",
  "Schedule",
  "ScheduleFunction",
  "Search",
  "SearchHeatmapOptions",
  "SearchOptions",
  "SearchResult",
  "SearchSpace",
  "Series",
  "Shape",
  "Sizes",
  "SplitOptions",
  "SplitRows",
  "StandardizeMode",
  "StoredTensor",
  "SyntheticOptions",
  "Table",
  "TableOptions",
  "TableRow",
  "Tensor",
  "TensorOptions",
  "Text",
  "TextTensor",
  "TrainOptions",
  "TrainSettings",
  "TrainerState",
  "TrainingCurvesOptions",
  "TrainingRecord",
  "Trial",
  "WeightGridOptions",
  "WritableArray",
  "WritableType",
];

const MATRIX_STATICS = {
  columnVector: 1,
  concatColumns: 2,
  concatRows: 2,
  filled: 3,
  fromDiagonal: 1,
  fromFlat: 3,
  fromJSON: 1,
  fromRows: 1,
  identity: 1,
  ones: 2,
  randomNormal: 3,
  randomUniform: 3,
  rowVector: 1,
  zeros: 2,
};
const MATRIX_METHODS = {
  // elements, rows and columns
  get: 2,
  set: 3,
  row: 1,
  column: 1,
  diagonal: 0,
  setRow: 2,
  setColumn: 2,
  sliceRows: 2,
  sliceColumns: 3,
  takeRows: 2,
  takeColumns: 2,
  pick: 2,
  addAt: 3,
  reshape: 2,
  clone: 0,
  toRows: 0,
  // products
  matmul: 1,
  transpose: 1,
  dot: 1,
  // element by element
  add: 2,
  sub: 2,
  mul: 2,
  div: 2,
  scale: 2,
  addScalar: 2,
  addScaled: 3,
  addRow: 2,
  subRow: 2,
  mulRow: 2,
  divRow: 2,
  addColumn: 2,
  subColumn: 2,
  mulColumn: 2,
  divColumn: 2,
  relu: 1,
  reluMask: 1,
  exp: 1,
  log: 1,
  sqrt: 1,
  abs: 1,
  square: 1,
  sign: 1,
  clip: 3,
  map: 2,
  // by row, by column and over all
  rowSum: 1,
  columnSum: 1,
  sum: 0,
  rowMean: 1,
  columnMean: 1,
  mean: 0,
  columnStd: 1,
  rowMax: 1,
  columnMax: 1,
  max: 0,
  rowMin: 1,
  columnMin: 1,
  min: 0,
  rowArgmax: 0,
  columnArgmax: 0,
  argmax: 0,
  rowArgmin: 0,
  columnArgmin: 0,
  argmin: 0,
  norm: 0,
  trace: 0,
  // comparing, printing, storing
  equals: 1,
  toString: 0,
  toJSON: 0,
};

// Members with the number of arguments that have to be given.
const MEMBERS: Record<
  string,
  { statics: Record<string, number>; methods: Record<string, number>; getters: string[] }
> = {
  Random: {
    statics: { fromState: 1 },
    methods: { uniform: 1, normal: 1, integers: 2, permutation: 1 },
    getters: ["state"],
  },
  Matrix: {
    statics: MATRIX_STATICS,
    methods: MATRIX_METHODS,
    getters: ["shape"],
  },
  TwoLayerNet: {
    statics: { create: 1, fromJSON: 1 },
    methods: {
      toJSON: 0,
      clone: 0,
      forward: 1,
      loss: 2,
      step: 2,
      predict: 1,
      predictProba: 1,
      accuracy: 2,
    },
    getters: ["inputSize", "hiddenSize", "outputSize"],
  },
  Trainer: {
    statics: { fromState: 2 },
    methods: { step: 0, continueWith: 1 },
    getters: ["best", "done", "iteration", "state"],
  },
};

// TypeScript hides these; they are no # methods, which fail behind the proxies of reactive state.
const PRIVATE_METHODS = [
  "checkNotDone",
  "fill",
  "finish",
  "recordEpoch",
  "restoreBest",
  "restoreUpdates",
  "setBest",
  "takeMinibatch",
];

/** The names that the entry files export, which hold named re-exports and nothing else. */
function exportedNames(kind: "value" | "type"): string[] {
  const names = ENTRIES.flatMap((entry) => {
    const text = readFileSync(new URL(`../lib/${entry}.ts`, import.meta.url), "utf8");
    const statement = /^export (type )?\{([\w,\s]+)\} from "\.\/[\w/-]+\.ts";\n/gm;
    const rest = text.replaceAll(statement, "").replaceAll(/^(\/\/.*)?\n/gm, "");
    assert.equal(rest, "", `lib/${entry}.ts holds named re-exports, nothing else`);
    return [...text.matchAll(statement)].flatMap(([, typeOnly = "", list]) =>
      list
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== "")
        .map((name) => typeOnly + name),
    );
  });
  return names
    .filter((name) => name.startsWith("type ") === (kind === "type"))
    .map((name) => name.replace("type ", ""))
    .sort();
}

test("lib/index.ts exports everything that the subpaths export, and nothing else", () => {
  const text = readFileSync(new URL("../lib/index.ts", import.meta.url), "utf8");
  const exported = [...text.matchAll(/^export \* from "\.\/(\w+)\.ts";$/gm)].map(
    ([, name]) => name,
  );
  assert.deepEqual(exported, ENTRIES);
});

test("lib/index.ts exports exactly these values", () => {
  assert.deepEqual(Object.keys(library).sort(), [...VALUES].sort());
  assert.deepEqual(exportedNames("value"), [...VALUES].sort());
  assert.ok(Object.values(library).every((value) => value !== undefined));
});

test("lib/index.ts exports exactly these types", () => {
  assert.deepEqual(exportedNames("type"), [...TYPES].sort());
});

for (const [name, { statics, methods, getters }] of Object.entries(MEMBERS)) {
  test(`${name} has exactly its members, each with its number of arguments`, () => {
    const type = (library as unknown as Record<string, { prototype: object }>)[name];
    const {
      length: _,
      name: __,
      prototype: ___,
      ...own
    } = Object.getOwnPropertyDescriptors(type) as Record<string, PropertyDescriptor>;
    const arities = (descriptors: Record<string, PropertyDescriptor>): Record<string, number> =>
      Object.fromEntries(
        Object.entries(descriptors)
          .filter(
            ([key, { value }]) => typeof value === "function" && !PRIVATE_METHODS.includes(key),
          )
          .map(([key, { value }]) => [key, value.length]),
      );
    assert.deepEqual(arities(own), statics);
    const { constructor: ____, ...members } = Object.getOwnPropertyDescriptors(
      type.prototype,
    ) as Record<string, PropertyDescriptor>;
    assert.deepEqual(arities(members), methods);
    const accessors = Object.entries(members).filter(([, { get }]) => get !== undefined);
    assert.deepEqual(accessors.map(([key]) => key).sort(), [...getters].sort());
    assert.ok(
      accessors.every(([, { set }]) => set === undefined),
      "getters only",
    );
  });
}

test("Trainer is iterable, and a Matrix prints itself in Node", () => {
  assert.equal(typeof library.Trainer.prototype[Symbol.iterator], "function");
  assert.equal(
    typeof (library.Matrix.prototype as unknown as Record<symbol, unknown>)[
      Symbol.for("nodejs.util.inspect.custom")
    ],
    "function",
  );
});

test("The errors are classes with the fields they promise", () => {
  assert.ok(library.ShapeError.prototype instanceof RangeError);
  assert.equal(Object.getPrototypeOf(library.FormatError), Error);
  assert.equal(Object.getPrototypeOf(library.DivergenceError), Error);
});
