// twolayer predict: a label for every row, in the rows' order, however many there are.

import { setImmediate } from "node:timers/promises";
import type { Table } from "../../base/table.ts";
import { columnIndex } from "../../data/column-names.ts";
import type { ClassName } from "../../data/labels.ts";
import { serializeCsvRecord } from "../../formats/csv/csv.ts";
import { csvTables } from "../../formats/csv/stream.ts";
import type { Matrix } from "../../matrix/matrix.ts";
import { type Classifier, predictRows } from "../../model/classifier.ts";
import { type Arguments, type Command, UsageError } from "../arguments.ts";
import { COMPUTE_OPTIONS, checkCompute, useCompute } from "../compute.ts";
import { readModel } from "../model.ts";
import { createFile, type NewFile } from "../output-file.ts";
import { checkOutputs } from "../outputs.ts";
import { tableChunks } from "../reading.ts";
import { CellNotes, refuseRemarks, sayRemarks } from "../remarks.ts";
import { onSignals } from "../signals.ts";
import {
  columnsOf,
  csvOptions,
  csvPath,
  imageInputs,
  readSource,
  SOURCE_OPTIONS,
  STRICT_OPTION,
} from "../source.ts";
import { note, print } from "../terminal.ts";

const IMAGES_AT_ONCE = 4096;

export const predict: Command = {
  name: "predict",
  usage: ["MODEL DATA [options]", "MODEL --images FILE", "MODEL --cifar10 DIR"],
  positionals: 2,
  options: {
    proba: ["", "Add a column with the probability of each class."],
    keep: ["A,B,…", "Repeat these columns of the CSV before the prediction."],
    out: ["FILE", "Write to this file instead of to standard output."],
    ...SOURCE_OPTIONS,
    ...STRICT_OPTION,
    ...COMPUTE_OPTIONS,
  },
  examples: [
    "twolayer predict iris.safetensors new.csv --proba --out labels.csv",
    "cat new.csv | twolayer predict iris.safetensors - | head",
  ],
  async run(args) {
    checkCompute(args);
    let file: NewFile | undefined;
    // before checkOutputs, which makes a file too, for a moment
    const end = onSignals((exitCode) => {
      file?.abandon();
      process.exit(exitCode);
    });
    try {
      checkOutputs(args, ["out"]);
      const { classifier } = await readModel(args.positional(0, "MODEL"));
      if (args.has("labels")) throw new UsageError("--labels is not needed to predict");
      const path = csvPath(args, 1);
      if (path === undefined) args.refuse("keep", "CSV", "images");
      const out = args.text("out");
      if (out !== undefined) file = await createFile(out);
      await writePredictions(args, classifier, path, async (text) =>
        file === undefined ? print(text) : file.write(text),
      );
      file?.finish();
    } catch (error) {
      file?.abandon();
      throw error;
    } finally {
      end();
    }
    return 0;
  },
};

async function writePredictions(
  args: Arguments,
  classifier: Classifier,
  path: string | undefined,
  write: (text: string) => Promise<void>,
): Promise<void> {
  const keep = args.list("keep") ?? [];
  const proba = args.has("proba");
  const { head, row, foot } = args.has("json")
    ? jsonFormat(classifier, keep)
    : csvFormat(classifier, keep, proba);
  // the head is written with the first rows: data that cannot be read leave no output
  let lead = head;
  const cells = new CellNotes();
  for await (const rows of predictions(args, classifier, path, { keep, proba, cells })) {
    await write(lead + rows.map(row).join(""));
    lead = "";
  }
  cells.finish(args, path === undefined || path === "-" ? "stdin" : path);
  await write(lead + foot);
}

/** What is known about one row: no prediction when the model drops it for its missing cells. */
type Prediction = {
  kept: readonly string[];
  prediction: ClassName | undefined;
  /** Only with --proba. */
  probabilities: Float64Array | undefined;
};

/** The spelling of the output: the text before, for each row, and after. */
type Format = { head: string; row: (row: Prediction) => string; foot: string };

type Wanted = { keep: readonly string[]; proba: boolean; cells: CellNotes };

/** The predictions for one piece of the data after another. */
async function* predictions(
  args: Arguments,
  classifier: Classifier,
  path: string | undefined,
  { keep, proba, cells }: Wanted,
): AsyncGenerator<Prediction[]> {
  const inputs =
    path === undefined ? imagePieces(args, classifier) : tablePieces(args, classifier, path, cells);
  const { inputSize, hiddenSize } = classifier.net;
  let dropped = 0;
  let seen = 0;
  for await (const { X, table, rows } of inputs) {
    const columns = keep.map((name) => columnIndex(table!, name));
    seen += X.rows; // how many will come is not known: threads start once there was work for them
    useCompute(args, seen * inputSize * hiddenSize);
    const { labels, probabilities } = proba
      ? predictRows(classifier, X)
      : { labels: classifier.net.predict(X), probabilities: undefined };
    const count = table?.rowCount ?? X.rows;
    const predicted = new Array<Prediction>(count);
    for (let i = 0; i < count; i++) {
      const kept = columns.map((column) => table!.text(i, column));
      predicted[i] = { kept, prediction: undefined, probabilities: undefined };
    }
    for (let i = 0; i < X.rows; i++) {
      const row = predicted[rows?.[i] ?? i];
      row.prediction = classifier.classes[labels[i]];
      row.probabilities = probabilities?.row(i);
    }
    dropped += count - X.rows;
    yield predicted;
  }
  if (dropped > 0)
    note(
      `${dropped} row${dropped === 1 ? " has" : "s have"} no prediction: the model was trained ` +
        "without rows with missing cells",
    );
}

/** Inputs; `rows` are the rows of the table that X has. */
type Piece = { X: Matrix; table?: Table; rows?: Int32Array };

async function* tablePieces(
  args: Arguments,
  classifier: Classifier,
  path: string,
  notes: CellNotes,
): AsyncGenerator<Piece> {
  const options = csvOptions(args, path, columnsOf(classifier));
  for await (const table of csvTables(tableChunks(path), options)) {
    if (args.has("strict")) refuseRemarks(args, table);
    sayRemarks(table);
    const { X, rows, cells } = classifier.encode(table);
    notes.add(cells);
    if (args.has("strict")) notes.finish(args, table.name);
    yield { X, table, rows };
  }
}

async function* imagePieces(args: Arguments, classifier: Classifier): AsyncGenerator<Piece> {
  const source = await readSource(args, 1, "test", { needLabels: false });
  if (source.kind !== "images") throw new UsageError("expected images");
  const count = source.images.shape[0];
  for (let start = 0; start < count; start += IMAGES_AT_ONCE) {
    const length = Math.min(IMAGES_AT_ONCE, count - start);
    const rows = Int32Array.from({ length }, (_, i) => start + i);
    yield { X: imageInputs(classifier, source.images, source.name, rows) };
    // a signal is handled only while this thread waits, which it does nowhere else
    await setImmediate();
  }
}

/** CSV: the kept columns, `prediction`, and with `proba` a column `p(NAME)` for each class. */
function csvFormat({ classes }: Classifier, keep: readonly string[], proba: boolean): Format {
  const line = (cells: readonly (string | number)[]): string => `${serializeCsvRecord(cells)}\n`;
  return {
    head: line([...keep, "prediction", ...(proba ? classes.map((name) => `p(${name})`) : [])]),
    row: ({ kept, prediction, probabilities = [] }) =>
      line([
        ...kept,
        prediction ?? "",
        ...(proba && prediction === undefined ? classes.map(() => "") : probabilities),
      ]),
    foot: "",
  };
}

/** A JSON array with one object per row, each on its own line. */
function jsonFormat({ classes }: Classifier, keep: readonly string[]): Format {
  let isFirst = true;
  const row = ({ kept, prediction, probabilities }: Prediction): string => {
    const lead = isFirst ? "\n" : ",\n";
    isFirst = false;
    const object = {
      ...(keep.length > 0 && { row: Object.fromEntries(kept.map((cell, k) => [keep[k], cell])) }),
      prediction: prediction ?? null,
      ...(probabilities && {
        probabilities: Object.fromEntries(classes.map((name, c) => [name, probabilities[c]])),
      }),
    };
    return lead + JSON.stringify(object);
  };
  return { head: "[", row, foot: "\n]\n" };
}
