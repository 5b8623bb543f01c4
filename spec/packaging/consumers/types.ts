// What a strict TypeScript user writes, and what the types must refuse.

import * as everything from "twolayer";
import {
  type Dataset,
  type History,
  Matrix,
  type Params,
  type Progress,
  Random,
  search,
  Trainer,
  type TrainOptions,
  TwoLayerNet,
} from "twolayer";

const X: Matrix = Matrix.randomNormal(6, 2, new Random(1));
const data: Dataset = { X, y: [0, 1, 0, 1, 0, 1] };
const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 }, { std: "he" });
const options: TrainOptions = {
  epochs: 2,
  onEpoch: ({ valAccuracy }: Progress) => void valAccuracy?.toFixed(2),
};
const trainer = new Trainer(net, data, options);
for (const { loss } of trainer) loss.toFixed(4);
export const history: History = trainer.history;
export const grads: Params = net.loss(X, data.y, { reg: 0.1 }).grads;
export { everything, search };

// @ts-expect-error sizes do not change
X.rows = 3;
// @ts-expect-error a misspelt option
export const misspelt: TrainOptions = { epoch: 2 };
// @ts-expect-error not exported
export const inner = everything.poolFor;

// What the library returns, its functions accept.
const csv = everything.parseCsv("weight,kind\n3,plum\n4,plum\n8,pear\n9,pear\n");
const prepared = everything.prepareTable(csv, { label: "kind" });
const { classifier } = prepared;
everything.train(classifier.net, prepared.data, {
  ...everything.recommendedOptions(prepared.data.X.rows),
  validation: prepared.validation,
  patience: prepared.validation === undefined ? undefined : 3,
});
const { actual, predicted } = classifier.evaluate(csv);
const counts = everything.countConfusion(actual, predicted, classifier.classes.length);
everything.confusionTable(counts, { classes: classifier.classes });
everything.confusionMatrix(counts, { classes: classifier.classes, title: undefined });
everything.decisionBoundary(net, X, data.y, { classes: classifier.classes });
everything.reportPage({
  title: "report",
  history: trainer.history,
  weights: net.params.W1,
  classes: classifier.classes,
  evaluation: { name: "test", actual, predicted, probabilities: classifier.predictProba(csv) },
});
for (const progress of trainer) everything.progressLine({ done: 1, total: 2, ...progress });
Trainer.fromState(trainer.state, data, { validation: prepared.validation });
trainer.continueWith(prepared.data, { schedule: (t) => 0.1 / (1 + t) });
TwoLayerNet.fromJSON(JSON.parse(JSON.stringify(net)));
TwoLayerNet.fromJSON(net.toJSON());
Matrix.fromJSON(X.toJSON());
everything.netFromTensors(everything.netToTensors(net));
everything.toMatrix(everything.parseNpy(everything.serializeNpy(X)));
everything.splitRows(everything.encodeLabels(["a", "b"]).y);
everything.standardize(X, everything.columnStatistics(X), undefined);

const none = { folds: undefined, train: undefined, seed: undefined, signal: undefined };
everything.crossValidate(csv, { label: "kind", ...none });

// Arrays of results go into variables that hold arrays of one's own.
let labels = new Int32Array(3);
labels = net.predict(X);
labels = X.rowArgmax();
labels = new Random().permutation(3);
labels = prepared.data.y;
let numbers = new Float64Array(3);
numbers = X.column(0);
numbers = new Random().uniform(3);
export const own = { labels, numbers };
