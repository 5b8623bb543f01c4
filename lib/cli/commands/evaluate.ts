// twolayer evaluate: the accuracy of a model on rows with known labels, and each class's scores.

import { confusionScores, countConfusion } from "../../base/metrics.ts";
import { confusionTable } from "../../report/confusion-matrix.ts";
import { formatTable } from "../../report/table.ts";
import { formatPercent } from "../../report/text.ts";
import type { Command } from "../arguments.ts";
import { predictSource } from "../evaluation.ts";
import { readModel } from "../model.ts";
import { readSource, SOURCE_OPTIONS } from "../source.ts";
import { print, printJson } from "../terminal.ts";

export const evaluate: Command = {
  name: "evaluate",
  usage: ["MODEL DATA", "MODEL --images FILE --labels FILE", "MODEL --cifar10 DIR"],
  positionals: 2,
  options: SOURCE_OPTIONS,
  examples: ["twolayer evaluate iris.safetensors test.csv"],
  async run(args) {
    const { classifier } = await readModel(args.positional(0, "MODEL"));
    const source = await readSource(args, 1, "test");
    const { actual, predicted } = predictSource(classifier, source);
    const classes = classifier.classes.map(String);
    const counts = countConfusion(actual, predicted, classes.length);
    if (args.has("json")) await printJson(asJson(counts, classes));
    else await print(asText(counts, classes, source.name));
    return 0;
  },
};

function asJson(counts: readonly number[][], classes: readonly string[]): unknown {
  const { rows, accuracy, balancedAccuracy, macroF1, classes: scores } = confusionScores(counts);
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    command: "evaluate",
    rows,
    accuracy,
    balancedAccuracy: finite(balancedAccuracy),
    macroF1: finite(macroF1),
    classes: scores.map(({ rows: count, predicted, precision, recall, f1 }, c) => ({
      class: classes[c],
      rows: count,
      predicted,
      precision: finite(precision),
      recall: finite(recall),
      f1: finite(f1),
    })),
    confusion: { classes, counts },
  };
}

function asText(counts: readonly number[][], classes: readonly string[], source: string): string {
  const { rows, accuracy, macroF1, classes: scores } = confusionScores(counts);
  const decimals = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : "–");
  const lines = scores.map(({ rows: count, precision, recall, f1 }, c) => [
    classes[c],
    count,
    ...[precision, recall, f1].map(decimals),
  ]);
  const header = ["class", "rows", "precision", "recall", "F1"];
  return [
    `accuracy ${formatPercent(accuracy)} on ${rows} rows of ${source}, ` +
      `macro F1 ${decimals(macroF1)}`,
    "",
    formatTable(lines, { header, align: ["left", "right", "right", "right", "right"] }),
    "",
    confusionTable(counts, { classes: classes }),
    "",
  ].join("\n");
}
