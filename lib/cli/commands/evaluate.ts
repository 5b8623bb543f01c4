// twolayer evaluate: the accuracy of a model on rows with known labels, and each class's scores.

import { confusionScores, countConfusion } from "../../base/metrics.ts";
import { logLoss, rocAuc } from "../../net/scores.ts";
import { confusionTable } from "../../report/confusion-matrix.ts";
import { formatTable } from "../../report/table.ts";
import { formatPercent } from "../../report/text.ts";
import type { Command } from "../arguments.ts";
import { COMPUTE_OPTIONS, checkCompute } from "../compute.ts";
import { type Evaluation, evaluateSource, PART_NAMES } from "../evaluation.ts";
import { readModel } from "../model.ts";
import { columnsOf, readSource, SOURCE_OPTIONS, STRICT_OPTION } from "../source.ts";
import { print, printJson } from "../terminal.ts";

export const evaluate: Command = {
  name: "evaluate",
  usage: ["MODEL DATA", "MODEL --images FILE --labels FILE", "MODEL --cifar10 DIR"],
  positionals: 2,
  options: { ...SOURCE_OPTIONS, ...STRICT_OPTION, ...COMPUTE_OPTIONS },
  examples: ["twolayer evaluate iris.safetensors test.csv"],
  async run(args) {
    checkCompute(args);
    const model = await readModel(args.positional(0, "MODEL"));
    const { classifier } = model;
    const source = await readSource(args, 1, "test", { expected: columnsOf(classifier) });
    const { y, labels, probabilities, part, remarks, cells } = evaluateSource(args, model, source);
    const classes = classifier.classes.map(String);
    const counts = countConfusion(y, labels, classes.length);
    const measured = {
      counts,
      classes,
      logLoss: logLoss(probabilities, y),
      rocAuc: rocAuc(probabilities, y),
    };
    if (args.has("json")) await printJson({ ...asJson(measured, part), remarks, cells });
    else await print(asText(measured, source.name, part));
    return 0;
  },
};

type Measured = {
  counts: readonly number[][];
  classes: readonly string[];
  logLoss: number;
  rocAuc: number;
};

function asJson({ counts, classes, ...more }: Measured, part: Evaluation["part"]): object {
  const { rows, accuracy, balancedAccuracy, macroF1, classes: scores } = confusionScores(counts);
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    command: "evaluate",
    rows,
    part,
    accuracy,
    logLoss: finite(more.logLoss),
    rocAuc: finite(more.rocAuc),
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

function asText(
  { counts, classes, ...more }: Measured,
  source: string,
  part: Evaluation["part"],
): string {
  const { rows, accuracy, balancedAccuracy, macroF1, classes: scores } = confusionScores(counts);
  const which = `${rows} ${PART_NAMES[part]}rows`;
  const decimals = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : "–");
  const lines = scores.map(({ rows: count, precision, recall, f1 }, c) => [
    classes[c],
    count,
    ...[precision, recall, f1].map(decimals),
  ]);
  const header = ["class", "rows", "precision", "recall", "F1"];
  return [
    `accuracy ${formatPercent(accuracy)} on ${which} of ${source}, ` +
      `macro F1 ${decimals(macroF1)}`,
    `balanced accuracy ${formatPercent(balancedAccuracy)}, log loss ${decimals(more.logLoss)}, ` +
      `ROC AUC ${decimals(more.rocAuc)}`,
    "",
    formatTable(lines, { header, align: ["left", "right", "right", "right", "right"] }),
    "",
    confusionTable(counts, { classes: classes }),
    "",
  ].join("\n");
}
