// What one function of the library returns, another accepts, in a strict project: each pair once.

import * as twolayer from "twolayer";
import { Matrix, Random, Trainer, TwoLayerNet } from "twolayer";

// Matrices
const random = new Random(1);
const X: Matrix = Matrix.randomNormal(6, 2, random);
Random.fromState(random.state);
Matrix.zeros(...X.shape);
X.reshape(...X.shape).add(X, Matrix.zeros(...X.shape));
Matrix.fromRows(X.toRows());
Matrix.fromRows([...X]);
for (const row of X) X.setRow(0, row);
X.setColumn(0, X.column(1));
Matrix.fromDiagonal(X.diagonal());
Matrix.rowVector(X.row(0));
Matrix.fromFlat(X.rows, X.cols, X.data);
X.takeRows(random.permutation(X.rows));
X.pick(X.rowArgmax()).equals(X.rowMax());
X.addAt(random.integers(X.rows, X.cols), 1);
X.addRow(X.columnMean()).divRow(X.columnStd()).subColumn(X.rowSum());
Matrix.concatRows([X, X.sliceRows(0, 1)]);
const dense: twolayer.Dense = X;
Matrix.fromJSON(dense);
const shape: twolayer.Shape = dense;

export { shape };

// Nets and training
const data = twolayer.blobs({ count: 20, random });
const { train: rows, validation, test } = twolayer.split(data, { validation: 0.2, test: 0.2 });
const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 3 }, { random });
const settings = twolayer.recommendedOptions(rows.X.rows, twolayer.adam());
const history: twolayer.History = twolayer.train(net, rows, { ...settings, validation });
const trainer = new Trainer(net, rows, { ...settings, validation, schedule: twolayer.cosine() });
const { done, value } = trainer[Symbol.iterator]().next();
if (done !== true) twolayer.progressLine({ done: value.iteration, total: 9, ...value });
const continued = Trainer.fromState(trainer.state, rows, { validation });
continued.continueWith(rows, settings);
const { loss, grads } = net.loss(X, net.predict(X), { reg: 0.1 });
net.step(grads, loss);
twolayer.relativeError(
  grads.W1,
  twolayer.numericGradient(() => loss, net.params.W1),
);
const errors = twolayer.checkGradients(net, rows);
twolayer.softmaxLoss(net.forward(X).scores, net.predict(X)).dscores.sub(net.forward(X).scores);
twolayer.logLoss(net.predictProba(rows.X), rows.y);
twolayer.rocAuc(net.predictProba(rows.X), net.predict(rows.X));
if (test !== undefined) net.accuracy(test.X, test.y);
new TwoLayerNet(grads);
new TwoLayerNet(net.clone().params);
export const worst: number = Math.max(...Object.values(errors));

// Searches
export async function searched(): Promise<twolayer.TwoLayerNet | undefined> {
  const trials: twolayer.Trial[] = [];
  const controller: twolayer.AbortSignalLike = {
    aborted: false,
    addEventListener() {},
    removeEventListener() {},
  };
  const options: twolayer.SearchOptions = {
    validation: rows,
    space: { hiddenSize: [2, 3] },
    signal: controller,
  };
  for await (const result of twolayer.search(rows, options)) {
    if (result.status !== "done") continue;
    const { hiddenSize, learningRate } = result.candidate;
    trials.push({ x: learningRate, y: hiddenSize, score: result.valAccuracy });
    twolayer.trainingCurves(result.history);
  }
  twolayer.searchHeatmap(trials);
  const best = await twolayer.findBestNet(rows, options);
  twolayer.serializeNpz(twolayer.netToTensors(best.net));
  return best.net;
}

// Tables and classifiers
const table = twolayer.parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
const encoding = twolayer.fitEncoding(table, { label: "kind" });
const encoded = twolayer.encodeTable(table, encoding);
twolayer.standardize(encoded.X, twolayer.columnStatistics(encoded.X), encoded.X);
const {
  classifier,
  data: its,
  validation: held,
  options,
} = twolayer.prepareTable(table, {
  label: "kind",
});
twolayer.train(classifier.net, its, { ...options, validation: held });
new twolayer.Classifier({
  net: classifier.net,
  encoding: classifier.encoding,
  mean: classifier.mean,
  std: classifier.std,
});
const state = new Trainer(classifier.net, its, options).state;
const checkpoint = twolayer.parseCheckpoint(twolayer.serializeCheckpoint(classifier, state));
Trainer.fromState(checkpoint.state, its);
twolayer.parseModel(twolayer.serializeModel(checkpoint.classifier)).classifier.predict(table);
const evaluation = classifier.evaluate(table);
const counts = twolayer.countConfusion(
  evaluation.actual,
  evaluation.predicted,
  classifier.classes.length,
);
twolayer.confusionScores(counts).classes.map(({ f1 }) => f1.toFixed(3));
twolayer.confusionAccuracy(counts).toFixed(3);
twolayer.formatTable([["accuracy", twolayer.confusionAccuracy(counts)]]);
const names = twolayer.encodeLabels(["plum", "pear"]);
twolayer.encodeLabels(["pear"], names.classes);
twolayer.confusionTable(counts, { classes: names.classes });
twolayer.reportPage({
  title: "fruit",
  settings: { reg: settings.reg, batchSize: settings.batchSize },
  history,
  evaluation: { name: "test", ...evaluation },
  classes: classifier.classes,
  columns: classifier.columns,
  decisions: classifier.encoding.decisions,
});
twolayer.accuracyCurves({ one: history, two: trainer.history });
twolayer.lineChart([{ name: "loss", y: history.loss }], { title: "Loss" });

// Files
twolayer.toMatrix(twolayer.parseNpy(twolayer.serializeNpy(twolayer.parseNpy(new Uint8Array()))));
twolayer.netFromTensors(twolayer.parseNpz(twolayer.serializeNpz(twolayer.netToTensors(net))));
twolayer.netFromTensors(
  twolayer.parseSafetensors(twolayer.serializeSafetensors(twolayer.netToTensors(net))).tensors,
);
twolayer.netFromOnnx(twolayer.serializeOnnx(twolayer.parseOnnx(twolayer.netToOnnx(net))));
twolayer.parseOnnx(twolayer.classifierToOnnx(classifier, { dtype: "float64" }));
twolayer.netToOnnx(net, { standardize: twolayer.columnStatistics(X) });
const cifar = twolayer.parseCifar10(new Uint8Array(3073));
twolayer.prepareImages(cifar.images, cifar.y, twolayer.CIFAR10_LABELS);
const digits = twolayer.parseIdx(new Uint8Array());
twolayer.imagesToMatrix(digits, { rows: random.permutation(3) });
twolayer.configure({ threads: twolayer.configuration().threads });
