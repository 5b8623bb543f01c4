// What a classifier predicts for rows with known labels, whatever they were read from.

import type { Classifier } from "../model/classifier.ts";
import { FileError } from "./files.ts";
import { imageInputs, type Source } from "./source.ts";

/** True and predicted classes of the source's rows, and which rows they are. */
export function predictSource(
  classifier: Classifier,
  source: Source,
): { actual: Int32Array; predicted: Int32Array; rows: Int32Array } {
  if (source.kind === "table") return classifier.evaluate(source.table);
  const { images, y, name } = source;
  if (y!.length === 0) throw new FileError(`${name}: expected at least one image, got none`);
  const X = imageInputs(classifier, images, name);
  const classes = classifier.classes.length;
  const wrong = y!.findIndex((label) => label >= classes);
  if (wrong >= 0)
    throw new FileError(
      `${name}: expected labels in 0..${classes - 1}, as the model has, got ${y![wrong]} for image ${wrong}`,
    );
  return { actual: y!, predicted: classifier.net.predict(X), rows: y!.map((_, i) => i) };
}
