// The rows of a source whose labels are known, and what a classifier predicts for them.

import { show } from "../base/checks.ts";
import { Random } from "../base/random.ts";
import { type CellCounts, encodeTable } from "../data/encode.ts";
import { imagesToMatrix } from "../data/images.ts";
import { listClasses } from "../data/labels.ts";
import { splitRows } from "../data/split.ts";
import { standardize } from "../data/standardize.ts";
import type { Matrix } from "../matrix/matrix.ts";
import { type Classifier, predictRows } from "../model/classifier.ts";
import type { TrainingRecord } from "../model/training-record.ts";
import type { Arguments } from "./arguments.ts";
import { useCompute } from "./compute.ts";
import { FileError } from "./files.ts";
import type { Model } from "./model.ts";
import { CellNotes } from "./remarks.ts";
import { splitOf } from "./resume.ts";
import { checkImageSize, isSource, type Source } from "./source.ts";
import { note } from "./terminal.ts";

/**
 * Inputs (N, D) before they are standardized, labels (N), each row's number in the source, and the
 * cells that could not be used.
 */
export type LabeledRows = { X: Matrix; y: Int32Array; rows: Int32Array; cells: CellCounts[] };

/**
 * Encodes the rows of the source that have a label. Throws a FormatError or FileError for data that
 * the classifier cannot take, no rows among them.
 */
export function labeledRows(classifier: Classifier, source: Source): LabeledRows {
  if (source.kind === "table") return encodeTable(source.table, classifier.encoding);
  const { images, name } = source;
  const y = source.y!;
  if (y.length === 0) throw new FileError(`${name}: expected at least one image, got none`);
  const X = imagesToMatrix(images, { divideBy: 1 });
  checkImageSize(classifier, X.cols, name);
  const rows = y.map((_, i) => i);
  return { X, y: modelLabels(classifier, source, y), rows, cells: [] };
}

/** The labels of images as the model counts its classes. Throws a FileError for an unknown one. */
function modelLabels(
  { classes }: Classifier,
  { name, classes: names, byName }: Extract<Source, { kind: "images" }>,
  y: Int32Array,
): Int32Array {
  const known = new Map(classes.map((name, label) => [String(name), label]));
  const isKnown = (label: number): boolean =>
    byName ? known.has(String(names[label])) : label < classes.length;
  const wrong = y.findIndex((label) => !isKnown(label));
  if (wrong >= 0) {
    const expected = byName
      ? `a label of ${listClasses(classes)}, as the model has`
      : `labels in 0..${classes.length - 1}, as the model has`;
    const got = byName ? show(names[y[wrong]]) : y[wrong];
    throw new FileError(`${name}: expected ${expected}, got ${got} for image ${wrong}`);
  }
  return byName ? y.map((label) => known.get(String(names[label]))!) : y;
}

/** What a model predicts for rows with known labels. */
export type Evaluation = {
  X: Matrix;
  y: Int32Array;
  rows: Int32Array;
  labels: Int32Array;
  probabilities: Matrix;
  /** Which rows of the training file these are, if it is that file: those held back. */
  part: "all" | "held back" | "trained on";
  /** The cells of all rows of the source that are missing, not a number or not known. */
  cells: CellCounts[];
  /** What was decided about the file. */
  remarks: string[];
};

// Stands before the name of the evaluated rows: a score on rows of the training is never shown as
// one on new rows.
export const PART_NAMES = {
  all: "",
  "held back": "held-back ",
  "trained on": "trained-on ",
} as const;

/**
 * Evaluates the model on the source. Of the file that the model was trained on, only the rows that
 * were held back are measured, which is said. Unusable cells are said, or refused with --strict.
 */
export function evaluateSource(args: Arguments, model: Model, source: Source): Evaluation {
  const { classifier, training, run, state } = model;
  const all = labeledRows(classifier, source);
  const notes = new CellNotes();
  notes.add(all.cells);
  notes.finish(args, source.name);
  const { dataHash = run?.data, split = run && state && splitOf(run, state) } = training;
  const held = isSource(source, dataHash) && split ? heldBackRows(split, all.y) : undefined;
  if (held !== undefined) note(heldBackNote(source.name, held.length));
  const part = held === undefined ? "all" : held.length === 0 ? "trained on" : "held back";
  const kept =
    part === "held back"
      ? {
          X: all.X.takeRows(held!),
          y: held!.map((i) => all.y[i]),
          rows: held!.map((i) => all.rows[i]),
        }
      : all;
  const { inputSize, hiddenSize } = classifier.net;
  useCompute(args, kept.X.rows * inputSize * hiddenSize);
  const { labels, probabilities } = predictRows(classifier, standardize(kept.X, classifier));
  const { X, y, rows } = kept;
  const remarks = source.kind === "table" ? source.table.remarks.map(({ text }) => text) : [];
  return { X, y, rows, labels, probabilities, part, cells: all.cells, remarks };
}

/** The rows that a training did not learn from, among those that have a label. */
function heldBackRows(
  { seed, validation, test }: NonNullable<TrainingRecord["split"]>,
  y: Int32Array,
): Int32Array {
  const parts = splitRows(y, { validation, test, random: new Random(seed) });
  return Int32Array.from([...parts.validation, ...parts.test]).sort();
}

function heldBackNote(name: string, count: number): string {
  const rows = `the model was trained on ${name}`;
  return count === 0
    ? `${rows}, and no row was held back: the scores are those of rows it has learned`
    : `${rows}: the scores are those of the ${count} rows that were held back`;
}
