// twolayer info: the contents of a model file or checkpoint.

import { show } from "../../base/checks.ts";
import { type FeatureEncoding, widthOf } from "../../data/encoding.ts";
import type { Classifier } from "../../model/classifier.ts";
import { formatTable } from "../../report/table.ts";
import { formatPercent, shortNumber, truncate } from "../../report/text.ts";
import type { Command } from "../arguments.ts";
import { decisionsTable } from "../decisions.ts";
import { type Model, netSizes, netSizesJson, readModel } from "../model.ts";
import { printResult } from "../terminal.ts";

const MAX_COLUMNS = 40; // of the table's columns, the rest are counted

const MISSING_CELLS = {
  error: "are an error",
  drop: "drop their row in training",
  mean: "take the column's mean",
};

export const info: Command = {
  name: "info",
  usage: ["MODEL"],
  positionals: 1,
  options: {},
  examples: ["twolayer info iris.safetensors"],
  async run(args) {
    const model = await readModel(args.positional(0, "MODEL"));
    await printResult(args, asJson(model), asText(model));
    return 0;
  },
};

function asText(model: Model): string {
  const { decisions = [] } = model.classifier.encoding;
  const parts = [summary(model), columnTable(model.classifier)];
  if (decisions.length > 0) parts.push(`decisions about columns\n\n${decisionsTable(decisions)}`);
  return `${parts.join("\n\n")}\n`;
}

function parameterCount({ net }: Classifier): number {
  return (net.inputSize + 1) * net.hiddenSize + (net.hiddenSize + 1) * net.outputSize;
}

function asJson({ classifier, training, state }: Model): object {
  const { net, encoding } = classifier;
  return {
    ...netSizesJson(net),
    parameters: parameterCount(classifier),
    label: encoding.label,
    classes: encoding.classes,
    missing: encoding.missing,
    columns: encoding.features,
    decisions: encoding.decisions ?? [],
    checkpoint: state && {
      iteration: state.iteration,
      iterations: state.settings.iterations,
      stopped: state.stopped,
    },
    training,
  };
}

function summary({ classifier, training, state }: Model): string {
  const { net, encoding } = classifier;
  const { data, rows, validationRows, trainAccuracy, valAccuracy } = training;
  const { note } = state?.history ?? training;
  const lines = [
    ["net", `${netSizes(net)} (${parameterCount(classifier)} parameters)`],
    ["label", encoding.label],
    ["classes", truncate(encoding.classes.join(", "), 100)],
    ["missing cells", MISSING_CELLS[encoding.missing]],
  ];
  if (data !== undefined)
    lines.push(["trained on", `${data}, ${rows} rows, ${validationRows} for validation`]);
  if (trainAccuracy !== undefined)
    lines.push(["accuracy on training rows", formatPercent(trainAccuracy)]);
  if (typeof valAccuracy === "number")
    lines.push(["validation accuracy", formatPercent(valAccuracy)]);
  if (note !== undefined) lines.push(["note", note]);
  if (state !== undefined) {
    const progress = `${state.iteration} of ${state.settings.iterations} iterations done`;
    lines.push(["checkpoint", progress]);
  }
  return formatTable(lines, { align: ["left", "left"] });
}

function columnTable({ encoding, mean, std }: Classifier): string {
  let input = 0;
  const lines = encoding.features.map((feature) => {
    const first = input;
    input += widthOf(feature);
    const statistics =
      "categories" in feature
        ? ["", ""]
        : [shortNumber(mean.data[first]), shortNumber(std.data[first])];
    return [feature.column, kindOf(feature), ...statistics];
  });
  const more = lines.length > MAX_COLUMNS ? `\n… and ${lines.length - MAX_COLUMNS} more` : "";
  const table = formatTable(lines.slice(0, MAX_COLUMNS), {
    header: ["column", "kind", "mean", "std"],
    align: ["left", "left", "right", "right"],
  });
  return table + more;
}

function kindOf(feature: FeatureEncoding): string {
  if (!("categories" in feature)) return "number";
  const names = feature.categories.map((name) => (name.includes(",") ? show(name) : name));
  return truncate(`one of ${names.join(", ")}`, 60);
}
