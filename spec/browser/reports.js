// Report pages of every kind, made by the library, for the tests that look at them: a small table,
// a wide one, images, 200 classes, a training without an evaluation.

import { readFileSync } from "node:fs";
import {
  parseCsv,
  prepareTable,
  Random,
  reportPage,
  split,
  TwoLayerNet,
  train,
} from "../../dist/index.js";
import { readDigits } from "../../examples/playground/page/digits/training.ts";
import { featureNames } from "../../lib/data/encoding.ts";

const file = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** The page of a net trained on a table, evaluated on the rows held out. */
function tableReport(title, csv, { hiddenSize = 12, epochs = 12 } = {}) {
  const random = new Random(1);
  const options = { label: "label", hiddenSize, validation: 0.3, random };
  const { classifier, data, validation } = prepareTable(parseCsv(csv), options);
  const classes = classifier.encoding.classes.map(String);
  const columns = featureNames(classifier.encoding);
  const parts = { net: classifier.net, data, heldOut: validation };
  return netReport(title, parts, { epochs, random }, { classes, columns });
}

/** The page of a net trained on 8×8 images. */
function digitsReport() {
  const random = new Random(1);
  const digits = readDigits(file("examples/digits/digits.csv"));
  const { train: data, validation: heldOut } = split(digits, { validation: 0.3, random });
  const sizes = { inputSize: 64, hiddenSize: 40, outputSize: 10 };
  const net = TwoLayerNet.create(sizes, { random });
  const image = { width: 8, height: 8 };
  return netReport("digits", { net, data, heldOut }, { epochs: 8, random }, { image });
}

function netReport(title, { net, data, heldOut }, { epochs, random }, names) {
  const settings = { learningRate: 0.1, batchSize: 16, epochs };
  const history = train(net, data, { ...settings, random, validation: heldOut });
  return reportPage({
    title,
    summary: `A net of ${net.inputSize} inputs, ${net.hiddenSize} hidden units and its classes.`,
    about: { data: `${title}.csv`, rows: data.X.rows + heldOut.X.rows, classes: net.outputSize },
    settings: { ...settings, seed: 1 },
    command: `twolayer train ${title}.csv\ntwolayer report ${title}.safetensors ${title}.csv`,
    accuracy: {
      train: net.accuracy(data.X, data.y),
      validation: net.accuracy(heldOut.X, heldOut.y),
    },
    history,
    evaluation: {
      name: "validation",
      actual: heldOut.y,
      predicted: net.predict(heldOut.X),
      probabilities: net.predictProba(heldOut.X),
      inputs: heldOut.X,
    },
    weights: net.params.W1,
    ...names,
  });
}

/** 200 classes with names of several lengths, each a point with some noise. */
function manyClasses() {
  const random = new Random(2);
  const rows = Array.from({ length: 3000 }, (_, i) => {
    const label = i % 200;
    const noise = random.normal(2);
    const [x, y] = [label % 20, Math.floor(label / 20)];
    return `${x + 0.2 * noise[0]},${y + 0.2 * noise[1]},species ${label} ${"x".repeat(label % 9)}`;
  });
  return `x,y,label\n${rows.join("\n")}\n`;
}

/** The pages by name. */
export function reportPages() {
  const history = { loss: [2, 1, 0.5, 0.4], trainAccuracy: [0.5, 0.8], valAccuracy: [0.5, 0.7] };
  return {
    iris: tableReport("iris", file("spec/fixtures/data/iris.csv")),
    breast: tableReport("breast_cancer", file("spec/fixtures/data/breast_cancer.csv")),
    digits: digitsReport(),
    many: tableReport("many", manyClasses(), { hiddenSize: 60, epochs: 20 }),
    training: reportPage({
      title: "A training",
      history,
      accuracy: { train: 0.8, validation: 0.7 },
      settings: { learningRate: 0.1, valEvery: 5 },
    }),
  };
}
