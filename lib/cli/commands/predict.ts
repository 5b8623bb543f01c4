// twolayer predict: a label for every row, in the rows' order, however many there are.

import { setImmediate } from "node:timers/promises";
import type { Table } from "../../base/table.ts";
import { serializeCsvRecord } from "../../formats/csv/csv.ts";
import { csvTables } from "../../formats/csv/stream.ts";
import type { Matrix } from "../../matrix/matrix.ts";
import type { Classifier } from "../../model/classifier.ts";
import { type Arguments, type Command, UsageError } from "../arguments.ts";
import { createFile, type NewFile, readChunks } from "../files.ts";
import { readModel } from "../model.ts";
import { onSignals } from "../signals.ts";
import { csvOptions, csvPath, imageInputs, readSource, SOURCE_OPTIONS } from "../source.ts";
import { print } from "../terminal.ts";
import { checkOutputs } from "../training.ts";

const ROWS = 4096; // images predicted at a time

export const predict: Command = {
  name: "predict",
  usage: ["MODEL DATA [options]", "MODEL --images FILE", "MODEL --cifar10 DIR"],
  positionals: 2,
  options: {
    proba: { help: "add a column with the probability of each class" },
    keep: { value: "A,B,…", help: "columns of the CSV to repeat before the prediction" },
    out: { value: "FILE", help: "write there instead of to standard output" },
    ...SOURCE_OPTIONS,
  },
  examples: [
    "twolayer predict iris.safetensors new.csv --proba --out labels.csv",
    "cat new.csv | twolayer predict iris.safetensors - | head",
  ],
  async run(args) {
    let file: NewFile | undefined;
    // before checkOutputs, which makes a file too, for a moment
    const end = onSignals((exitCode) => {
      file?.abandon();
      process.exit(exitCode);
    });
    try {
      checkOutputs(args, ["out"]);
      const { classifier } = await readModel(args.word(0, "MODEL"));
      const path = csvPath(args, 1);
      const keep = args.list("keep") ?? [];
      if (path === undefined && keep.length > 0)
        throw new UsageError("--keep is for CSV, got images");
      const out = args.text("out");
      if (out !== undefined) file = createFile(out);
      const write = async (text: string): Promise<void> =>
        file === undefined ? print(text) : file.write(text);
      const format: Format = args.has("json")
        ? new JsonRows(classifier, args.has("proba"), keep)
        : new CsvRows(classifier, args.has("proba"), keep);
      // with the first rows: data that cannot be read leave nothing behind
      let head = format.head();
      for await (const rows of path === undefined
        ? imageRows(args, classifier, format)
        : tableRows(args, classifier, format, path)) {
        await write(head + rows);
        head = "";
      }
      await write(head + format.foot());
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

/** How predictions are spelt: what comes before them, for each piece of the data, and behind. */
type Format = { head(): string; rows(X: Matrix, table?: Table): string; foot(): string };

async function* tableRows(
  args: Arguments,
  classifier: Classifier,
  format: Format,
  path: string,
): AsyncGenerator<string> {
  for await (const table of csvTables(readChunks(path), csvOptions(args, path)))
    yield format.rows(classifier.inputs(table), table);
}

async function* imageRows(
  args: Arguments,
  classifier: Classifier,
  format: Format,
): AsyncGenerator<string> {
  const source = await readSource(args, 1, "test", false);
  if (source.kind !== "images") throw new UsageError("expected images");
  for (let start = 0; start < source.images.shape[0]; start += ROWS) {
    const rows = Int32Array.from(
      { length: Math.min(ROWS, source.images.shape[0] - start) },
      (_, i) => start + i,
    );
    yield format.rows(imageInputs(classifier, source.images, source.name, rows));
    // nothing else here waits for anything, and a signal is heard only while something does
    await setImmediate();
  }
}

/**
 * Predictions as CSV: the columns to keep, `prediction`, and with `proba` a column `p(label)` for
 * each class.
 */
class CsvRows implements Format {
  readonly #classifier: Classifier;
  readonly #proba: boolean;
  readonly #keep: readonly string[];

  constructor(classifier: Classifier, proba: boolean, keep: readonly string[]) {
    this.#classifier = classifier;
    this.#proba = proba;
    this.#keep = keep;
  }

  head(): string {
    return line([
      ...this.#keep,
      "prediction",
      ...(this.#proba ? this.#classifier.classes.map((label) => `p(${label})`) : []),
    ]);
  }

  rows(X: Matrix, table?: Table): string {
    const places = this.#keep.map((name) => columnOf(table!, name));
    const labels = this.#classifier.labelsOf(X);
    const probabilities = this.#proba ? this.#classifier.net.predictProba(X) : undefined;
    return labels
      .map((label, i) =>
        line([
          ...places.map((place) => table!.text(i, place)),
          label,
          ...(probabilities?.row(i) ?? []),
        ]),
      )
      .join("");
  }

  foot(): string {
    return "";
  }
}

/** The same as a JSON array with an object for each row, one to a line. */
class JsonRows implements Format {
  readonly #classifier: Classifier;
  readonly #proba: boolean;
  readonly #keep: readonly string[];
  #empty = true;

  constructor(classifier: Classifier, proba: boolean, keep: readonly string[]) {
    this.#classifier = classifier;
    this.#proba = proba;
    this.#keep = keep;
  }

  head(): string {
    return "[";
  }

  rows(X: Matrix, table?: Table): string {
    const places = this.#keep.map((name) => columnOf(table!, name));
    const labels = this.#classifier.labelsOf(X);
    const probabilities = this.#proba ? this.#classifier.net.predictProba(X) : undefined;
    return labels
      .map((prediction, i) => {
        const kept = Object.fromEntries(
          places.map((place, k) => [this.#keep[k], table!.text(i, place)]),
        );
        const proba = probabilities && {
          probabilities: Object.fromEntries(
            this.#classifier.classes.map((label, c) => [String(label), probabilities.get(i, c)]),
          ),
        };
        const lead = this.#empty ? "\n" : ",\n";
        this.#empty = false;
        return `${lead}${JSON.stringify({ ...(places.length > 0 && { row: kept }), prediction, ...proba })}`;
      })
      .join("");
  }

  foot(): string {
    return "\n]\n";
  }
}

function columnOf(table: Table, name: string): number {
  const place = table.columns.indexOf(name);
  if (place < 0)
    throw table.error(`expected a column "${name}" to keep, got ${table.columns.join(", ")}`);
  return place;
}

function line(cells: readonly (string | number)[]): string {
  return `${serializeCsvRecord(cells)}\n`;
}
