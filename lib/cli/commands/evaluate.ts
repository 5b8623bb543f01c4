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
import { printResult } from "../terminal.ts";

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
    const scores = confusionScores(counts);
    const measured = {
      ...scores,
      logLoss: logLoss(probabilities, y),
      rocAuc: rocAuc(probabilities, y),
    };
    const confusion = { classes, counts };
    const json = { ...asJson(measured, classes, part), confusion, remarks, cells };
    const of = `${measured.rows} ${PART_NAMES[part]}rows of ${source.name}`;
    const text = [...asText(measured, classes, of), confusionTable(counts, { classes }), ""];
    await printResult(args, json, text.join("\n"));
    return 0;
  },
};

type Measured = ReturnType<typeof confusionScores> & { logLoss: number; rocAuc: number };

function asJson(measured: Measured, names: readonly string[], part: Evaluation["part"]): object {
  const { rows, accuracy, balancedAccuracy, macroF1, classes } = measured;
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return {
    rows,
    part,
    accuracy,
    logLoss: finite(measured.logLoss),
    rocAuc: finite(measured.rocAuc),
    balancedAccuracy: finite(balancedAccuracy),
    macroF1: finite(macroF1),
    classes: classes.map(({ rows: count, predicted, precision, recall, f1 }, c) => ({
      class: names[c],
      rows: count,
      predicted,
      precision: finite(precision),
      recall: finite(recall),
      f1: finite(f1),
    })),
  };
}

/** The lines before the confusion table; `of` says of which rows the scores are. */
function asText(measured: Measured, names: readonly string[], of: string): string[] {
  const { accuracy, balancedAccuracy, macroF1, classes } = measured;
  const decimals = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : "–");
  const lines = classes.map(({ rows, precision, recall, f1 }, c) => [
    names[c],
    rows,
    ...[precision, recall, f1].map(decimals),
  ]);
  const header = ["class", "rows", "precision", "recall", "F1"];
  return [
    `accuracy ${formatPercent(accuracy)} on ${of}, macro F1 ${decimals(macroF1)}`,
    `balanced accuracy ${formatPercent(balancedAccuracy)}, ` +
      `log loss ${decimals(measured.logLoss)}, ROC AUC ${decimals(measured.rocAuc)}`,
    "",
    formatTable(lines, { header, align: ["left", "right", "right", "right", "right"] }),
    "",
  ];
}
