// twolayer info: what a model file or checkpoint holds.

import type { FeatureEncoding } from "../../data/encoding.ts";
import { formatTable } from "../../report/table.ts";
import { truncate } from "../../report/text.ts";
import type { Command } from "../arguments.ts";
import { readModel } from "../model.ts";
import { print, printJson } from "../terminal.ts";
import { percent, short } from "../words.ts";

const LISTED = 40; // columns

export const info: Command = {
  name: "info",
  usage: ["MODEL"],
  positionals: 1,
  options: {},
  examples: ["twolayer info iris.safetensors"],
  async run(args) {
    const { classifier, training, state } = await readModel(args.word(0, "MODEL"));
    const { net, encoding, mean, std, classes: labels } = classifier;
    const { inputSize, hiddenSize, outputSize } = net;
    const parameters = (inputSize + 1) * hiddenSize + (hiddenSize + 1) * outputSize;
    const progress =
      state === undefined
        ? undefined
        : {
            iteration: state.iteration,
            iterations: state.settings.iterations,
            stopped: state.stopped,
          };
    if (args.has("json")) {
      await printJson({
        command: "info",
        inputs: inputSize,
        hidden: hiddenSize,
        classes: outputSize,
        parameters,
        label: encoding.label,
        labels,
        missing: encoding.missing,
        columns: encoding.features,
        checkpoint: progress,
        training,
      });
      return 0;
    }
    const { rows, validationRows, trainAccuracy, validationAccuracy, data } = training;
    await print(
      `${formatTable(
        [
          [
            "net",
            `${inputSize} inputs, ${hiddenSize} hidden units, ${outputSize} classes (${parameters} parameters)`,
          ],
          ["label", encoding.label],
          ["classes", truncate(labels.join(", "), 100)],
          [
            "missing cells",
            {
              error: "are an error",
              drop: "drop their row in training",
              mean: "take the column's mean",
            }[encoding.missing],
          ],
          ...(typeof data === "string"
            ? [["trained on", `${data}, ${rows} rows, ${validationRows} for validation`]]
            : []),
          ...(trainAccuracy === undefined ? [] : [["train accuracy", percent(trainAccuracy)]]),
          ...(validationAccuracy === undefined
            ? []
            : [["validation accuracy", percent(validationAccuracy)]]),
          ...(progress === undefined
            ? []
            : [["checkpoint", `${progress.iteration} of ${progress.iterations} iterations done`]]),
        ],
        { align: ["left", "left"] },
      )}\n\n`,
    );
    let at = 0;
    const columns = encoding.features.map((feature) => {
      const first = at;
      at += "categories" in feature ? feature.categories.length : 1;
      return [
        feature.column,
        kindOf(feature),
        ...("categories" in feature ? ["", ""] : [short(mean.data[first]), short(std.data[first])]),
      ];
    });
    const more = columns.length > LISTED ? `\n… and ${columns.length - LISTED} more` : "";
    await print(
      `${formatTable(columns.slice(0, LISTED), { header: ["column", "kind", "mean", "std"], align: ["left", "left", "right", "right"] })}${more}\n`,
    );
    return 0;
  },
};

function kindOf(feature: FeatureEncoding): string {
  return "categories" in feature
    ? truncate(`one of ${feature.categories.join(", ")}`, 60)
    : "number";
}
