// twolayer evaluate: how right a model is on rows whose labels are known, class by class.

import { confusionScores, countConfusion } from "../../base/metrics.ts";
import { confusionTable } from "../../report/confusion-matrix.ts";
import { formatTable } from "../../report/table.ts";
import type { Command } from "../arguments.ts";
import { predictSource } from "../evaluation.ts";
import { readModel } from "../model.ts";
import { readSource, SOURCE_OPTIONS } from "../source.ts";
import { print, printJson } from "../terminal.ts";
import { percent, share } from "../words.ts";

export const evaluate: Command = {
  name: "evaluate",
  usage: ["MODEL DATA", "MODEL --images FILE --labels FILE", "MODEL --cifar10 DIR"],
  positionals: 2,
  options: SOURCE_OPTIONS,
  examples: ["twolayer evaluate iris.safetensors test.csv"],
  async run(args) {
    const { classifier } = await readModel(args.word(0, "MODEL"));
    const source = await readSource(args, 1, "test");
    const { actual, predicted } = predictSource(classifier, source);
    const labels = classifier.classes.map(String);
    const counts = countConfusion(actual, predicted, labels.length);
    const { rows, accuracy, macroF1, classes } = confusionScores(counts);
    if (args.has("json")) {
      const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
      await printJson({
        command: "evaluate",
        rows,
        accuracy,
        macroF1: finite(macroF1),
        classes: classes.map(({ rows: count, precision, recall, f1 }, c) => ({
          label: labels[c],
          rows: count,
          precision: finite(precision),
          recall: finite(recall),
          f1: finite(f1),
        })),
        confusion: { labels, counts },
      });
      return 0;
    }
    await print(
      [
        `accuracy ${percent(accuracy)} on ${rows} rows of ${source.name}, macro F1 ${share(macroF1)}`,
        "",
        formatTable(
          classes.map(({ rows: count, precision, recall, f1 }, c) => [
            labels[c],
            count,
            share(precision),
            share(recall),
            share(f1),
          ]),
          {
            header: ["class", "rows", "precision", "recall", "F1"],
            align: ["left", "right", "right", "right", "right"],
          },
        ),
        "",
        confusionTable(counts, { labels }),
        "",
      ].join("\n"),
    );
    return 0;
  },
};
