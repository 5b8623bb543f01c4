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
