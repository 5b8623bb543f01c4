// A table with numbers, categories, rare categories, missing cells and texts for them, and a
// trained classifier of it, for exports that take the columns themselves.
import type { Table } from "../../lib/base/table.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import type { Classifier } from "../../lib/model/classifier.ts";
import { prepareTable } from "../../lib/model/prepare.ts";
import { train } from "../../lib/training/trainer.ts";

const COLORS = ["red", "green", "blue", "größe", ""];

/** 80 rows; with `missing` false every cell is filled. */
function mixedCsv(missing: boolean): string {
  const rows = Array.from({ length: 80 }, (_, i) => {
    const weight = missing && i % 7 === 0 ? "" : String(((i * 37) % 50) / 4);
    const color = COLORS[missing ? i % 5 : i % 4];
    const size =
      missing && i % 11 === 0 ? "N/A" : i % 13 === 0 ? `odd${i}` : ["S", "M", "L"][i % 3];
    return `${weight},${color},${size},${i % 4 === 0 ? "plum" : "pear"}`;
  });
  return `weight,color,size,kind\n${rows.join("\n")}\n`;
}

/** The table and its classifier, which fills missing cells ("mean") or refuses them ("error"). */
export function mixedClassifier(missing: "mean" | "error"): {
  table: Table;
  classifier: Classifier;
} {
  const table = parseCsv(mixedCsv(missing === "mean"));
  const { classifier, data } = prepareTable(table, {
    label: "kind",
    missing,
    categorical: ["color", "size"],
    features: ["weight", "color", "size"],
    hiddenSize: 6,
  });
  train(classifier.net, data, { iterations: 20, learningRate: 0.1 });
  return { table, classifier };
}
