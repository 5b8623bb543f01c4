// Every exported function, constructor and method × every wrong kind of every argument: each is
// refused with a message of ours, and no export goes without its row.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isArgumentError } from "../../lib/base/errors.ts";
import * as library from "../../lib/index.ts";

const { Classifier, Matrix, Random, Trainer, TwoLayerNet } = library;

const KINDS: Record<string, unknown> = {
  undefined: undefined,
  null: null,
  boolean: true,
  text: "cat",
  NaN: NaN,
  fraction: 1.5,
  negative: -1,
  huge: 2 ** 60,
  bigint: 3n,
  symbol: Symbol("s"),
  texts: ["cat"],
  empty: [],
  object: {},
  function: () => "cat",
  date: new Date(0),
  set: new Set([1]),
};
type Kind = keyof typeof KINDS;

/** One argument: how to make a right one, which wrong-looking kinds it takes, its own options. */
type Argument = {
  readonly make: () => unknown;
  readonly takes: readonly Kind[];
  readonly options?: Readonly<Record<string, readonly Kind[]>>;
};
type Row = { readonly call: (...args: never[]) => unknown; readonly args: readonly Argument[] };

const arg = (make: () => unknown, ...takes: Kind[]): Argument => ({ make, takes });
const optional = (make: () => unknown, ...takes: Kind[]): Argument =>
  arg(make, "undefined", ...takes);
/** An object of options, which may be left out; each takes undefined. */
const optionsOf = (
  make: () => unknown,
  options: Record<string, readonly Kind[]>,
  ...takes: Kind[]
): Argument => ({ make, takes: ["object", "undefined", ...takes], options });
const row = (call: (...args: never[]) => unknown, ...args: Argument[]): Row => ({ call, args });

const NUMBERS: Kind[] = ["NaN", "fraction", "negative", "huge"];
const POSITIVE: Kind[] = ["fraction", "huge"];
const count = (value: number, ...takes: Kind[]): Argument => arg(() => value, ...takes);
const number = (value: number): Argument => arg(() => value, ...NUMBERS);

const X = (): InstanceType<typeof Matrix> =>
  Matrix.fromRows([
    [1, 2],
    [3, 5],
    [2, 4],
    [0, 1],
  ]);
const y = (): Int32Array => Int32Array.of(0, 1, 1, 0);
const data = (): library.Dataset => ({ X: X(), y: y() });
const params = (): library.Params => ({
  W1: Matrix.filled(2, 3, 0.1),
  b1: Matrix.zeros(1, 3),
  W2: Matrix.filled(3, 2, 0.1),
  b2: Matrix.zeros(1, 2),
});
const net = (): InstanceType<typeof TwoLayerNet> => new TwoLayerNet(params());
const table = (): library.CsvTable =>
  library.parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n5,plum\n7,pear\n");
const encoding = (): library.Encoding => library.fitEncoding(table(), { label: "kind" });
const prepared = (): library.Prepared =>
  library.prepareTable(table(), { label: "kind", hiddenSize: 3, validation: 0 });
const classifier = (): InstanceType<typeof Classifier> => prepared().classifier;
const bytes = (make: () => Uint8Array): Argument => arg(make);
const a = (): InstanceType<typeof Matrix> =>
  Matrix.fromRows([
    [1, 2],
    [3, 4],
  ]);
const out = (rows: number, cols: number): Argument => optional(() => Matrix.zeros(rows, cols));
const indices = arg(() => [0, 1], "empty");

const TRAIN_OPTIONS: Record<string, readonly Kind[]> = {
  learningRate: POSITIVE,
  learningRateDecay: POSITIVE,
  schedule: ["function"],
  reg: POSITIVE,
  batchSize: [],
  iterations: [],
  epochs: [],
  sampling: [],
  optimizer: [],
  clipNorm: POSITIVE,
  patience: [],
  keepBest: ["boolean"],
  calibrate: ["boolean"],
  trainAccuracy: [],
  random: [],
  validation: [],
  onEpoch: ["function"],
};
const SEARCH_OPTIONS: Record<string, readonly Kind[]> = {
  ...Object.fromEntries(
    Object.entries(TRAIN_OPTIONS).filter(([name]) => name !== "random" && name !== "onEpoch"),
  ),
  validation: [],
  space: ["object"],
  samples: [],
  hiddenSize: [],
  outputSize: [],
  std: POSITIVE,
  seed: [],
  workers: [],
  signal: [],
  skip: ["empty"],
};
const TABLE_OPTIONS: Record<string, readonly Kind[]> = {
  label: [],
  features: [],
  ignore: ["empty"],
  categorical: ["empty"],
  numeric: ["empty"],
  missing: [],
  na: ["texts", "empty"],
};
const NET_OPTIONS: Record<string, readonly Kind[]> = {
  hiddenSize: [],
  validation: [],
  test: [],
  standardize: [],
  random: [],
  std: POSITIVE,
  classWeights: [],
};
const trainOptions = optionsOf(() => ({ iterations: 2 }), TRAIN_OPTIONS);
const history = (): library.History => ({
  loss: [2, 1],
  trainAccuracy: [0.5, 1],
  valAccuracy: [0.5, 0.5],
});
const trained = (): InstanceType<typeof Trainer> => {
  const trainer = new Trainer(net(), data(), { iterations: 3 });
  trainer.step();
  return trainer;
};
const synthetic = (call: (options: never) => unknown, ...more: [string, Kind[]][]): Row =>
  row(
    call,
    optionsOf(() => ({}), {
      count: [],
      noise: POSITIVE,
      random: [],
      ...Object.fromEntries(more),
    }),
  );
const images = (): library.ImageArray => ({
  shape: [4, 2],
  data: Uint8Array.of(0, 255, 10, 200, 250, 3, 255, 0),
});

const counts = (): number[][] => [
  [1, 1],
  [0, 2],
];
const classifierAndState = (): { classifier: library.Classifier; state: library.TrainerState } => {
  const { classifier: its, data: rows } = prepared();
  return { classifier: its, state: new Trainer(its.net, rows, { iterations: 2 }).state };
};

// Functions and constructors.
const FUNCTIONS: Record<string, Row | "no arguments" | "no function"> = {
  // core
  Matrix: row((...args: [number, number]) => new Matrix(...args), count(2), count(2)),
  Random: row(
    (...args: [number]) => new Random(...args),
    optional(() => 1),
  ),
  TwoLayerNet: row((...args: [library.Params]) => new TwoLayerNet(...args), arg(params)),
  Trainer: row(
    (...args: [library.TwoLayerNet, library.Dataset]) => new Trainer(...args),
    arg(net),
    arg(data),
    trainOptions,
  ),
  DivergenceError: "no function",
  FormatError: "no function",
  ShapeError: "no function",
  CIFAR10_LABELS: "no function",
  configuration: "no arguments",
  configure: row(
    library.configure,
    optionsOf(() => ({}), { kernel: [], threads: [] }),
  ),
  train: row(library.train, arg(net), arg(data), trainOptions),
  recommendedOptions: row(
    library.recommendedOptions,
    count(100),
    optionsOf(library.adam, { beta1: [], beta2: [], epsilon: POSITIVE }),
  ),
  sgd: "no arguments",
  momentum: row(
    library.momentum,
    optional(() => 0.9),
  ),
  nesterov: row(
    library.nesterov,
    optional(() => 0.9),
  ),
  adam: row(
    library.adam,
    optionsOf(() => ({}), { beta1: [], beta2: [], epsilon: POSITIVE }),
  ),
  cosine: row(
    library.cosine,
    optionsOf(() => ({}), { final: POSITIVE }),
  ),
  logLoss: row(
    library.logLoss,
    arg(() => net().predictProba(X())),
    arg(y),
  ),
  rocAuc: row(
    library.rocAuc,
    arg(() => net().predictProba(X())),
    arg(y),
  ),
  softmaxLoss: row(library.softmaxLoss, arg(X), arg(y)),
  numericGradient: row(
    library.numericGradient,
    arg(() => () => 1),
    arg(a),
    optional(() => 1e-3, "fraction", "huge"),
  ),
  relativeError: row(library.relativeError, arg(a), arg(a)),
  checkGradients: row(
    library.checkGradients,
    arg(net),
    arg(data),
    optionsOf(() => ({}), { reg: POSITIVE, h: POSITIVE }),
  ),
  search: row(library.search, arg(data), {
    make: () => ({ validation: data(), space: { hiddenSize: [3] } }),
    takes: [],
    options: SEARCH_OPTIONS,
  }),
  findBestNet: row(library.findBestNet, arg(data), {
    make: () => ({ validation: data(), space: { hiddenSize: [3] }, iterations: 2, workers: 0 }),
    takes: [],
    options: { ...SEARCH_OPTIONS, onResult: ["function"] },
  }),

  // data
  split: row(
    library.split,
    arg(data),
    optionsOf(() => ({ validation: 0.25 }), {
      validation: [],
      test: [],
      stratified: ["boolean"],
      random: [],
    }),
  ),
  splitRows: row(
    library.splitRows,
    arg(y, "empty"),
    optionsOf(() => ({ validation: 0.25 }), {
      validation: [],
      test: [],
      stratified: ["boolean"],
      random: [],
    }),
  ),
  columnStatistics: row(library.columnStatistics, arg(X)),
  standardize: row(
    library.standardize,
    arg(X),
    optional(() => library.columnStatistics(X())),
    out(4, 2),
  ),
  encodeLabels: row(
    library.encodeLabels,
    arg(() => ["plum", "fig"], "empty"),
    optional(() => ["fig", "plum"]),
  ),
  fitEncoding: row(library.fitEncoding, arg(table), {
    make: () => ({ label: "kind" }),
    takes: [],
    options: { ...TABLE_OPTIONS, rows: ["empty"] },
  }),
  encodeTable: row(library.encodeTable, arg(table), {
    make: encoding,
    takes: [],
    options: {
      classes: [],
      decisions: ["empty"],
      features: [],
      label: [],
      missing: [],
      na: ["texts", "empty"],
    },
  }),
  imagesToMatrix: row(
    library.imagesToMatrix,
    arg(images),
    optionsOf(() => ({}), { divideBy: POSITIVE, rows: ["empty"] }),
  ),
  toyData: row(
    library.toyData,
    optional(() => "float64"),
  ),
  blobs: synthetic(library.blobs, ["classes", []]),
  circles: synthetic(library.circles),
  spiral: synthetic(library.spiral, ["classes", []]),
  twoMoons: synthetic(library.twoMoons),
  xor: synthetic(library.xor),

  // formats
  parseCsv: row(
    library.parseCsv,
    arg(() => "a,b\n1,2\n", "text"),
    optionsOf(() => ({}), {
      name: ["text"],
      delimiter: [],
      header: ["boolean"],
      encoding: ["text"],
      decimal: [],
      expected: ["texts", "empty"],
    }),
  ),
  parseIdx: row(
    library.parseIdx,
    arg(() => Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7)),
  ),
  parseCifar10: row(
    library.parseCifar10,
    arg(() => new Uint8Array(3073)),
  ),
  parseNpy: row(
    library.parseNpy,
    bytes(() => library.serializeNpy(a())),
  ),
  serializeNpy: row(
    library.serializeNpy,
    arg(a),
    optionsOf(() => ({}), { dtype: [] }),
  ),
  parseNpz: row(
    library.parseNpz,
    bytes(() => library.serializeNpz({ a: a() })),
    optionsOf(() => ({}), { inflate: ["function"], names: ["empty"], maxBytes: ["huge"] }),
  ),
  serializeNpz: row(
    library.serializeNpz,
    arg(() => ({ a: a() }), "object"),
    optionsOf(() => ({}), { dtype: [], deflate: ["function"] }),
  ),
  parseSafetensors: row(
    library.parseSafetensors,
    bytes(() => library.serializeSafetensors({ a: a() })),
  ),
  serializeSafetensors: row(
    library.serializeSafetensors,
    arg(() => ({ a: a() }), "object"),
    optionsOf(() => ({}), { dtype: [], metadata: ["object"] }),
  ),
  parseOnnx: row(
    library.parseOnnx,
    bytes(() => library.netToOnnx(net())),
    optionsOf(() => ({}), { readExternal: ["function"] }),
  ),
  serializeOnnx: row(
    library.serializeOnnx,
    arg(() => library.parseOnnx(library.netToOnnx(net()))),
  ),
  toMatrix: row(
    library.toMatrix,
    arg(() => ({ shape: [2], data: Float64Array.of(1, 2) })),
  ),

  // model
  Classifier: row((...args: [library.ClassifierParts]) => new Classifier(...args), {
    make: () => {
      const { net: its, encoding: columns, mean, std } = classifier();
      return { net: its, encoding: columns, mean, std };
    },
    takes: [],
    options: { net: [], encoding: [], mean: [], std: [] },
  }),
  prepareTable: row(library.prepareTable, arg(table), {
    make: () => ({ label: "kind", hiddenSize: 3, validation: 0 }),
    takes: [],
    options: { ...TABLE_OPTIONS, ...NET_OPTIONS },
  }),
  prepareImages: row(
    library.prepareImages,
    arg(images),
    arg(y),
    arg(() => ["dark", "light"]),
    optionsOf(() => ({ hiddenSize: 3, validation: 0 }), NET_OPTIONS),
  ),
  crossValidate: row(library.crossValidate, arg(table), {
    make: () => ({ label: "kind", folds: 2, hiddenSize: 3, train: { epochs: 2 } }),
    takes: [],
    options: {
      ...TABLE_OPTIONS,
      ...Object.fromEntries(
        Object.entries(NET_OPTIONS).filter(([name]) => name !== "test" && name !== "random"),
      ),
      folds: [],
      train: ["object"],
      seed: [],
      signal: [],
    },
  }),
  serializeModel: row(
    library.serializeModel,
    arg(classifier),
    optionsOf(() => ({}), { training: ["object"] }),
  ),
  parseModel: row(
    library.parseModel,
    bytes(() => library.serializeModel(classifier())),
  ),
  serializeCheckpoint: row(
    library.serializeCheckpoint,
    arg(() => classifierAndState().classifier),
    arg(() => classifierAndState().state),
    optionsOf(() => ({}), {}),
  ),
  parseCheckpoint: row(
    library.parseCheckpoint,
    bytes(() => {
      const { classifier: its, state } = classifierAndState();
      return library.serializeCheckpoint(its, state);
    }),
  ),
  netToTensors: row(
    library.netToTensors,
    arg(net),
    optionsOf(() => ({}), { layout: [] }),
  ),
  netFromTensors: row(
    library.netFromTensors,
    arg(() => library.netToTensors(net())),
    optionsOf(() => ({}), { layout: [], layers: [] }),
  ),
  netToOnnx: row(
    library.netToOnnx,
    arg(net),
    optionsOf(() => ({}), { dtype: [], outputs: [], standardize: [], metadata: ["object"] }),
  ),
  netFromOnnx: row(
    library.netFromOnnx,
    bytes(() => library.netToOnnx(net())),
    optionsOf(() => ({}), { readExternal: ["function"] }),
  ),
  classifierToOnnx: row(
    library.classifierToOnnx,
    arg(classifier),
    optionsOf(() => ({}), { dtype: [] }),
  ),

  // report
  countConfusion: row(
    library.countConfusion,
    arg(() => [0, 1]),
    arg(() => [0, 1]),
    optional(() => 2),
  ),
  confusionAccuracy: row(library.confusionAccuracy, arg(counts, "empty")),
  confusionScores: row(library.confusionScores, arg(counts, "empty")),
  confusionTable: row(
    library.confusionTable,
    arg(counts, "empty"),
    optionsOf(() => ({}), { classes: [] }),
  ),
  confusionMatrix: row(
    library.confusionMatrix,
    arg(counts, "empty"),
    optionsOf(() => ({}), { classes: [], title: ["text"], width: ["huge"] }),
  ),
  decisionBoundary: row(
    library.decisionBoundary,
    arg(net),
    arg(X),
    arg(y),
    optionsOf(() => ({ resolution: 3 }), {
      title: ["text"],
      columns: [],
      classes: ["texts", "empty"],
      resolution: [],
      width: ["huge"],
    }),
  ),
  formatTable: row(
    library.formatTable,
    arg(() => [["a", 1]], "empty"),
    optionsOf(() => ({}), { header: ["texts", "empty"], align: ["empty"] }),
  ),
  lineChart: row(
    library.lineChart,
    arg(() => [{ name: "a", y: [1, 2] }], "empty"),
    optionsOf(() => ({}), {
      title: ["text"],
      description: ["text"],
      xLabel: ["text"],
      yLabel: ["text"],
      yScale: [],
      percent: ["boolean"],
      yLimits: [],
      xStart: ["fraction", "negative", "huge"],
      width: ["huge"],
      height: ["huge"],
    }),
  ),
  progressLine: row(
    library.progressLine,
    arg(() => ({ done: 1, total: 2, elapsed: 5, epoch: 0, loss: 1 })),
    optional(() => 60, "huge"),
  ),
  reportPage: row(library.reportPage, {
    make: () => ({ title: "a" }),
    takes: [],
    options: {
      title: ["text"],
      summary: ["text"],
      about: ["object"],
      settings: ["object"],
      command: ["text"],
      accuracy: ["object"],
      history: [],
      evaluation: [],
      weights: [],
      image: [],
      classes: ["texts", "empty"],
      columns: ["texts", "empty"],
      decisions: ["empty"],
      mistakes: [],
    },
  }),
  searchHeatmap: row(
    library.searchHeatmap,
    arg(() => [{ x: 0.1, y: 3, score: 0.5 }], "empty"),
    optionsOf(() => ({}), {
      title: ["text"],
      xLabel: ["text"],
      yLabel: ["text"],
      scoreLabel: ["text"],
      percent: ["boolean"],
      layout: [],
      width: ["huge"],
    }),
  ),
  trainingCurves: row(
    library.trainingCurves,
    arg(history),
    optionsOf(() => ({}), { title: ["text"], lossScale: [], width: ["huge"] }),
  ),
  accuracyCurves: row(
    library.accuracyCurves,
    arg(() => ({ one: history() }), "object"),
    optionsOf(() => ({}), { title: ["text"], width: ["huge"] }),
  ),
  weightGrid: row(
    library.weightGrid,
    arg(() => Matrix.ones(4, 3)),
    {
      make: () => ({ width: 2, height: 2 }),
      takes: [],
      options: {
        width: [],
        height: [],
        channels: [],
        title: ["text"],
        scale: [],
        limit: ["huge"],
        size: ["huge"],
      },
    },
  ),
};

/** Classes: the instance that a method is called on, and rows for statics and methods. */
const CLASSES: Record<
  string,
  {
    make: () => object;
    statics: Record<string, Row>;
    methods: Record<string, Row | "no arguments">;
  }
> = {
  Matrix: {
    make: a,
    statics: {
      fromRows: row(
        Matrix.fromRows,
        arg(() => [[1]], "empty"),
      ),
      fromFlat: row(
        Matrix.fromFlat,
        count(2),
        count(1),
        arg(() => [1, 2]),
      ),
      fromJSON: row(
        Matrix.fromJSON,
        arg(() => a().toJSON()),
      ),
      rowVector: row(
        Matrix.rowVector,
        arg(() => [1], "empty"),
      ),
      columnVector: row(
        Matrix.columnVector,
        arg(() => [1], "empty"),
      ),
      zeros: row(Matrix.zeros, count(2), count(2)),
      ones: row(Matrix.ones, count(2), count(2)),
      filled: row(Matrix.filled, count(2), count(2), number(1)),
      identity: row(Matrix.identity, count(2)),
      fromDiagonal: row(
        Matrix.fromDiagonal,
        arg(() => [1], "empty"),
      ),
      randomNormal: row(
        Matrix.randomNormal,
        count(2),
        count(2),
        arg(() => new Random()),
        optionsOf(() => ({}), { mean: ["fraction", "negative", "huge"], std: POSITIVE }),
      ),
      randomUniform: row(
        Matrix.randomUniform,
        count(2),
        count(2),
        arg(() => new Random()),
        optionsOf(() => ({}), { min: ["negative"], max: POSITIVE }),
      ),
      concatRows: row(
        Matrix.concatRows,
        arg(() => [a(), a()]),
        out(4, 2),
      ),
      concatColumns: row(
        Matrix.concatColumns,
        arg(() => [a(), a()]),
        out(2, 4),
      ),
    },
    methods: {
      get: row(Matrix.prototype.get, count(1), count(1)),
      set: row(Matrix.prototype.set, count(1), count(1), number(3)),
      row: row(Matrix.prototype.row, count(1)),
      column: row(Matrix.prototype.column, count(1)),
      diagonal: "no arguments",
      setRow: row(
        Matrix.prototype.setRow,
        count(1),
        arg(() => [1, 2]),
      ),
      setColumn: row(
        Matrix.prototype.setColumn,
        count(1),
        arg(() => [1, 2]),
      ),
      sliceRows: row(Matrix.prototype.sliceRows, count(0), count(1)),
      sliceColumns: row(Matrix.prototype.sliceColumns, count(0), count(1), out(2, 1)),
      takeRows: row(Matrix.prototype.takeRows, indices, out(2, 2)),
      takeColumns: row(Matrix.prototype.takeColumns, indices, out(2, 2)),
      pick: row(
        Matrix.prototype.pick,
        arg(() => [0, 1]),
        out(2, 1),
      ),
      addAt: row(
        Matrix.prototype.addAt,
        arg(() => [0, 1]),
        number(1),
        out(2, 2),
      ),
      reshape: row(Matrix.prototype.reshape, count(1), count(4)),
      clone: "no arguments",
      toRows: "no arguments",
      matmul: row(
        Matrix.prototype.matmul,
        arg(a),
        optionsOf(() => ({}), { transA: ["boolean"], transB: ["boolean"], out: [] }),
      ),
      transpose: row(Matrix.prototype.transpose, out(2, 2)),
      dot: row(
        (b: library.Matrix) => Matrix.rowVector([1, 2]).dot(b),
        arg(() => Matrix.rowVector([1, 2])),
      ),
      ...Object.fromEntries(
        (["add", "sub", "mul"] as const).map((name) => [
          name,
          row(Matrix.prototype[name], arg(a), out(2, 2)),
        ]),
      ),
      div: row(Matrix.prototype.div, arg(a, ...NUMBERS), out(2, 2)),
      scale: row(Matrix.prototype.scale, number(2), out(2, 2)),
      addScalar: row(Matrix.prototype.addScalar, number(2), out(2, 2)),
      addScaled: row(Matrix.prototype.addScaled, arg(a), number(2), out(2, 2)),
      ...Object.fromEntries(
        (["addRow", "subRow", "mulRow", "divRow"] as const).map((name) => [
          name,
          row(
            Matrix.prototype[name],
            arg(() => Matrix.ones(1, 2)),
            out(2, 2),
          ),
        ]),
      ),
      ...Object.fromEntries(
        (["addColumn", "subColumn", "mulColumn", "divColumn"] as const).map((name) => [
          name,
          row(
            Matrix.prototype[name],
            arg(() => Matrix.ones(2, 1)),
            out(2, 2),
          ),
        ]),
      ),
      ...Object.fromEntries(
        (["relu", "reluMask", "exp", "log", "sqrt", "abs", "square", "sign"] as const).map(
          (name) => [name, row(Matrix.prototype[name], out(2, 2))],
        ),
      ),
      clip: row(
        Matrix.prototype.clip,
        arg(() => -9, "negative", "fraction"),
        arg(() => 9, "fraction", "huge", "negative"),
        out(2, 2),
      ),
      map: row(
        Matrix.prototype.map,
        arg(() => () => 1),
        out(2, 2),
      ),
      ...Object.fromEntries(
        (["rowSum", "rowMean", "rowMax", "rowMin"] as const).map((name) => [
          name,
          row(Matrix.prototype[name], out(2, 1)),
        ]),
      ),
      ...Object.fromEntries(
        (["columnSum", "columnMean", "columnStd", "columnMax", "columnMin"] as const).map(
          (name) => [name, row(Matrix.prototype[name], out(1, 2))],
        ),
      ),
      ...Object.fromEntries(
        [
          ["sum", "mean", "max", "min", "argmax", "argmin", "norm", "trace"],
          ["rowArgmax", "columnArgmax", "rowArgmin", "columnArgmin", "toString", "toJSON"],
        ]
          .flat()
          .map((name) => [name, "no arguments" as const]),
      ),
      equals: row(
        Matrix.prototype.equals,
        arg(a),
        optional(() => 0.1, "fraction", "huge"),
      ),
    },
  },
  Random: {
    make: () => new Random(),
    statics: {
      fromState: row(
        Random.fromState,
        arg(() => ({ seed: 1, offset: 4 })),
      ),
    },
    methods: {
      uniform: row(Random.prototype.uniform, count(2)),
      normal: row(
        Random.prototype.normal,
        count(2),
        optionsOf(() => ({}), { precision: [] }),
      ),
      integers: row(Random.prototype.integers, count(2), count(5)),
      permutation: row(Random.prototype.permutation, count(3)),
    },
  },
  TwoLayerNet: {
    make: net,
    statics: {
      create: row(
        (...args: [library.Sizes]) => TwoLayerNet.create(...args),
        {
          make: () => ({ inputSize: 2, hiddenSize: 3, outputSize: 2 }),
          takes: [],
          options: { inputSize: [], hiddenSize: [], outputSize: [] },
        },
        optionsOf(() => ({}), { random: [], std: POSITIVE }),
      ),
      fromJSON: row(
        (...args: [library.NetJson]) => TwoLayerNet.fromJSON(...args),
        arg(() => net().toJSON()),
      ),
    },
    methods: {
      toJSON: "no arguments",
      clone: "no arguments",
      forward: row(TwoLayerNet.prototype.forward, arg(X)),
      loss: row(
        TwoLayerNet.prototype.loss,
        arg(X),
        arg(y),
        optionsOf(() => ({}), { reg: POSITIVE, sampleWeights: [] }),
      ),
      step: row(
        TwoLayerNet.prototype.step,
        arg(params),
        arg(() => 0.1, "fraction", "negative", "huge"),
      ),
      predict: row(TwoLayerNet.prototype.predict, arg(X)),
      predictProba: row(TwoLayerNet.prototype.predictProba, arg(X)),
      accuracy: row(TwoLayerNet.prototype.accuracy, arg(X), arg(y)),
    },
  },
  Trainer: {
    make: trained,
    statics: {
      fromState: row(
        Trainer.fromState,
        arg(() => trained().state),
        arg(data),
        optionsOf(() => ({}), { validation: [], onEpoch: ["function"], schedule: [] }),
      ),
    },
    methods: {
      step: "no arguments",
      continueWith: row(
        Trainer.prototype.continueWith,
        arg(data),
        optionsOf(() => ({}), TRAIN_OPTIONS),
      ),
    },
  },
  Classifier: {
    make: classifier,
    statics: {},
    methods: {
      predict: row(Classifier.prototype.predict, arg(table, "empty")),
      predictProba: row(Classifier.prototype.predictProba, arg(table, "empty")),
      evaluate: row(Classifier.prototype.evaluate, arg(table)),
      encode: row(Classifier.prototype.encode, arg(table, "empty")),
      inputs: row(Classifier.prototype.inputs, arg(table, "empty")),
      labelsOf: row(
        Classifier.prototype.labelsOf,
        arg(() => Matrix.ones(3, 1)),
      ),
    },
  },
};

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

/** What went wrong with one call: nothing when it was refused with a message of ours. */
async function fault(call: () => unknown): Promise<string | undefined> {
  try {
    await call();
    return "it was taken";
  } catch (error) {
    if (!(error instanceof Error)) return `it threw ${String(error)}`;
    const isOurs: boolean = isArgumentError(error);
    if (!isOurs && error.name !== "FormatError") return `it threw ${error.name}: ${error.message}`;
    return /^[\w. ,():[\]×-]+: \S/.test(error.message)
      ? undefined
      : `the message: ${error.message}`;
  }
}

/** All calls of a row with one wrong argument or option, that were not refused as they should. */
async function faults(name: string, { call, args }: Row, self?: () => object): Promise<string[]> {
  const make = (): unknown[] => args.map((each) => each.make());
  const run = (values: unknown[]): unknown =>
    (call as (...values: unknown[]) => unknown).apply(self?.(), values);
  await run(make());
  const found: string[] = [];
  for (const [i, { takes, options = {}, make: makeArgument }] of args.entries()) {
    for (const [kind, value] of Object.entries(KINDS)) {
      const wrong = make().map((each, k) => (k === i ? value : each));
      const problem = takes.includes(kind) ? undefined : await fault(() => run(wrong));
      if (problem !== undefined) found.push(`${name}, argument ${i}, ${kind}: ${problem}`);
      for (const [option, taken] of Object.entries(options)) {
        if (value === undefined || taken.includes(kind)) continue;
        const given = { ...(makeArgument() as object), [option]: value };
        const withOption = make().map((each, k) => (k === i ? given : each));
        const fail = await fault(() => run(withOption));
        if (fail !== undefined) found.push(`${name}, option ${option}, ${kind}: ${fail}`);
      }
    }
    const given = makeArgument();
    if (Object.prototype.toString.call(given) !== "[object Object]") continue;
    const unknown = { ...(given as object), unheardOf: 1 };
    const known = await knownOptions(() =>
      run(make().map((each, k) => (k === i ? unknown : each))),
    );
    const listed = Object.keys(options).sort().join(", ");
    if (known !== listed)
      found.push(`${name}, argument ${i}: it knows ${known}, and the table has ${listed}`);
  }
  return found;
}

/** The options that a function says it knows, when it is given another one. */
async function knownOptions(call: () => unknown): Promise<string> {
  try {
    await call();
    return "";
  } catch (error) {
    const list = /: unknown option unheardOf; expected (.*)$/.exec((error as Error).message);
    return list === null ? "" : list[1].split(", ").sort().join(", ");
  }
}

test("Every exported value has a row, and every row an export", () => {
  assert.deepEqual(Object.keys(FUNCTIONS).sort(), Object.keys(library).sort());
});

for (const [name, row] of Object.entries(FUNCTIONS)) {
  if (typeof row === "string") continue;
  test(`${name} refuses every wrong kind of every argument with a message of ours`, async () => {
    assert.deepEqual(await faults(name, row), []);
  });
}

for (const [name, { make, statics, methods }] of Object.entries(CLASSES)) {
  const type = (library as unknown as Record<string, { prototype: object }>)[name];
  test(`Every static and method of ${name} has a row`, () => {
    const functionsOf = (object: object): string[] =>
      Object.entries(Object.getOwnPropertyDescriptors(object))
        .filter(([key, { value }]) => typeof value === "function" && key !== "constructor")
        .map(([key]) => key);
    assert.deepEqual(Object.keys(statics).sort(), functionsOf(type).sort());
    const listed = [...Object.keys(methods), ...PRIVATE_METHODS];
    assert.deepEqual(
      functionsOf(type.prototype).filter((key) => !listed.includes(key)),
      [],
    );
  });

  for (const [method, row] of Object.entries({ ...statics, ...methods })) {
    if (typeof row === "string") continue;
    const self = method in statics ? () => type : make;
    test(`${name}.${method} refuses every wrong kind of every argument`, async () => {
      assert.deepEqual(await faults(`${name}.${method}`, row, self), []);
    });
  }
}
