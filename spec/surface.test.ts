// The public names, all of them and no others: a name that goes or appears by accident fails here.
// Signatures are held by `contract` below, which is checked by `npm run typecheck`.
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
  "columnStatistics",
  "configuration",
  "configure",
  "confusionAccuracy",
  "confusionMatrix",
  "confusionScores",
  "confusionTable",
  "cosine",
  "countConfusion",
  "decisionBoundary",
  "encodeLabels",
  "encodeTable",
  "findBestNet",
  "fitEncoding",
  "formatTable",
  "imagesToMatrix",
  "lineChart",
  "momentum",
  "nesterov",
  "netFromNpz",
  "netFromOnnx",
  "netFromSafetensors",
  "netToNpz",
  "netToOnnx",
  "netToSafetensors",
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
  "relativeError",
  "reportPage",
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
  "toyData",
  "train",
  "trainingCurves",
  "twoMoons",
  "weightGrid",
  "xor",
];

const ENTRIES = ["core", "data", "formats", "model", "report"];

const TYPES = [
  "Best",
  "Candidate",
  "Cell",
  "Cifar10",
  "ClassName",
  "ClassScores",
  "ClassesOptions",
  "ClassifierParts",
  "ColumnStatistics",
  "ConfusionCounts",
  "ConfusionOptions",
  "ConfusionScores",
  "CsvOptions",
  "CsvTable",
  "Curves",
  "Dataset",
  "DecisionBoundaryOptions",
  "Encoding",
  "EncodingOptions",
  "Evaluation",
  "Facts",
  "FeatureEncoding",
  "FormatPlace",
  "History",
  "IdxArray",
  "IdxType",
  "ImageArray",
  "ImageShape",
  "InitOptions",
  "Labels",
  "Layout",
  "LineChartOptions",
  "MatmulOptions",
  "MatrixLike",
  "Missing",
  "NamedTensors",
  "OnnxAttribute",
  "OnnxModel",
  "OnnxNode",
  "OnnxOutput",
  "OnnxValue",
  "Optimizer",
  "Params",
  "Points",
  "PrepareOptions",
  "Prepared",
  "Progress",
  "ProgressState",
  "Range",
  "Report",
  "Rows",
  "RunOptions",
  "Schedule",
  "SearchHeatmapOptions",
  "SearchOptions",
  "SearchResult",
  "SearchSpace",
  "Series",
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
  "TrainOptions",
  "TrainSettings",
  "TrainerState",
  "TrainingCurvesOptions",
  "TrainingRecord",
  "Trial",
  "WeightGridOptions",
];

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
    statics: { fromRows: 1, rowVector: 1, identity: 1, filled: 3, randomNormal: 3 },
    methods: {
      get: 2,
      set: 3,
      row: 1,
      sliceRows: 2,
      takeRows: 2,
      clone: 0,
      toRows: 0,
      matmul: 1,
      transpose: 1,
      add: 2,
      sub: 2,
      mul: 2,
      scale: 2,
      addScaled: 3,
      addRow: 2,
      relu: 1,
      reluMask: 1,
      map: 2,
      rowMax: 0,
      rowSum: 0,
      rowArgmax: 0,
      columnSum: 0,
      sum: 0,
      equals: 1,
      toString: 0,
    },
    getters: [],
  },
  TwoLayerNet: {
    statics: { create: 1 },
    methods: { forward: 1, loss: 2, step: 2, predict: 1, predictProba: 1, accuracy: 2 },
    getters: ["inputSize", "hiddenSize", "outputSize"],
  },
  Trainer: {
    statics: { fromState: 2 },
    methods: { step: 0 },
    getters: ["best", "done", "iteration", "state"],
  },
};

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
          .filter(([, { value }]) => typeof value === "function")
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

// The contract, written the way its users write it. It is compiled, and run once.
const { Matrix, Random, TwoLayerNet, Trainer } = library;
type Matrix = library.Matrix;

function contract(): void {
  const random: library.Random = new Random();
  const draws: [Float64Array, Float64Array, Float64Array, Int32Array, Int32Array] = [
    random.uniform(2),
    random.normal(2),
    random.normal(2, { precision: "float32" }),
    random.integers(2, 3),
    random.permutation(2),
  ];
  const state: { seed: number; offset: number } = random.state;
  const again: library.Random = Random.fromState(state);

  const m: Matrix = new Matrix(2, 2, Float64Array.of(1, 2, 3, 4));
  const fields: [number, number, Float64Array] = [m.rows, m.cols, m.data];
  const made: Matrix[] = [
    new Matrix(2, 3),
    Matrix.fromRows([[1, 2], Float64Array.of(3, 4)]),
    Matrix.rowVector([1, 2]),
    Matrix.identity(2),
    Matrix.filled(2, 2, 1),
    Matrix.randomNormal(2, 2, random),
    Matrix.randomNormal(2, 2, random, { mean: 1, std: 2 }),
  ];
  const out: Matrix = new Matrix(2, 2);
  const results: Matrix[] = [
    m.sliceRows(0, 1),
    m.takeRows([1, 0]),
    m.takeRows([1, 0], out),
    m.clone(),
    m.matmul(m),
    m.matmul(m, { transA: true, transB: true, out }),
    m.transpose(),
    m.transpose(out),
    m.add(m),
    m.add(m, out),
    m.sub(m, out),
    m.mul(m, out),
    m.scale(2, out),
    m.addScaled(m, 2, out),
    m.addRow(Matrix.rowVector([1, 2]), out),
    m.relu(),
    m.relu(out),
    m.reluMask(out),
    m.map((value: number, i: number, j: number) => value + i + j, out),
    m.rowMax(),
    m.rowSum(),
    m.columnSum(),
  ];
  m.set(0, 0, 1);
  const read: [number, Float64Array, number[][], Int32Array, number, boolean, boolean, string] = [
    m.get(0, 0),
    m.row(0),
    m.toRows(),
    m.rowArgmax(),
    m.sum(),
    m.equals(m),
    m.equals(m, 1e-9),
    m.toString(),
  ];

  const params: library.Params = {
    W1: new Matrix(2, 3),
    b1: new Matrix(1, 3),
    W2: new Matrix(3, 2),
    b2: new Matrix(1, 2),
  };
  const net: library.TwoLayerNet = new TwoLayerNet(params);
  const created: library.TwoLayerNet[] = [
    TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 }),
    TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 }, { random, std: 0.1 }),
    TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 }, { std: "he" }),
  ];
  const sizes: [number, number, number] = [net.inputSize, net.hiddenSize, net.outputSize];
  const { hidden, scores }: { hidden: Matrix; scores: Matrix } = net.forward(m);
  const y: library.Labels = [0, 1];
  const { loss, grads }: { loss: number; grads: library.Params } = net.loss(m, y, { reg: 0.1 });
  net.loss(m, Int32Array.of(0, 1));
  net.step(grads, 0.1);
  const judged: [Int32Array, Matrix, number] = [
    net.predict(m),
    net.predictProba(m),
    net.accuracy(m, y),
  ];
  const softmax: { loss: number; dscores: Matrix; probabilities: Matrix } = library.softmaxLoss(
    scores,
    y,
  );

  const data: library.Dataset = { X: m, y };
  const options: library.TrainOptions = {
    learningRate: 1e-3,
    learningRateDecay: 0.95,
    reg: 5e-6,
    batchSize: 200,
    iterations: 2,
    sampling: "replacement",
    random,
    validation: data,
    onEpoch: (progress: library.Progress) => void progress.valAccuracy,
  };
  const trainer: library.Trainer = new Trainer(net, data, options);
  const first: library.Progress = trainer.step();
  const told: [number, number, number, number, number | undefined, number | undefined] = [
    first.iteration,
    first.epoch,
    first.loss,
    first.learningRate,
    first.trainAccuracy,
    first.valAccuracy,
  ];
  for (const progress of trainer) told.push(progress.loss);
  const done: boolean = trainer.done;
  const history: library.History = library.train(net, data, { epochs: 1, sampling: "shuffle" });
  const kept: [number[], number[], number[]] = [
    history.loss,
    history.trainAccuracy,
    trainer.history.valAccuracy,
  ];

  const gradient: Matrix = library.numericGradient(() => m.sum(), m);
  library.numericGradient(() => m.sum(), m, 1e-5);
  const error: number = library.relativeError(gradient, m);
  const errors: { W1: number; b1: number; W2: number; b2: number } = library.checkGradients(
    net,
    data,
  );
  const toy: { X: Matrix; y: Int32Array; params: library.Params } = library.toyData("float64");

  const diverged = new library.DivergenceError("train: …", 3, NaN);
  const format = new library.FormatError("npy", "…", { offset: 128 });
  const thrown: [number, number, string, number] = [
    diverged.iteration,
    diverged.loss,
    format.format,
    format.offset,
  ];
  const everything = [
    draws,
    again,
    fields,
    made,
    results,
    read,
    created,
    sizes,
    hidden,
    loss,
    judged,
    softmax,
    done,
    kept,
    error,
    errors,
    toy,
    thrown,
  ];
  assert.equal(everything.length, 18);
}

test("The documented signatures hold, as users write them", contract);
