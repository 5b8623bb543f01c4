// Which data a training takes, and the accuracy it measures on its own rows.

import { type CheckedDataset, checkDataset, type Dataset } from "../matrix/dataset.ts";
import { checkHas } from "../matrix/shape.ts";
import { checkInputs, type TwoLayerNet } from "../net/two-layer-net.ts";
import type { TrainSettings } from "./train-options.ts";

/** The data after checking that they fit the net. Throws a TypeError, ShapeError or RangeError. */
export function checkNetData(where: string, net: TwoLayerNet, data: Dataset): CheckedDataset {
  const checked = checkDataset(where, data, net.outputSize);
  checkInputs(where, net, checked.X);
  checkHas(where, "row", checked.X);
  return checked;
}

/** The accuracy on as many training rows as the settings say, evenly spaced. */
export function measureTraining(
  net: TwoLayerNet,
  { X, y }: CheckedDataset,
  { trainAccuracy: count = X.rows }: TrainSettings,
): number {
  if (count === X.rows) return net.accuracy(X, y);
  const rows = Int32Array.from({ length: count }, (_, i) => Math.floor((i * X.rows) / count));
  const labels = rows.map((row) => y[row]);
  return net.accuracy(X.takeRows(rows), labels);
}
