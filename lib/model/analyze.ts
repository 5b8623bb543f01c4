// What the columns of a table are, decided without the rows that are held out as a test set.

import type { NewInt32Array } from "../base/arrays.ts";
import { Random } from "../base/random.ts";
import type { Table } from "../base/table.ts";
import { encodeLabelColumn } from "../data/encode.ts";
import { analyzeTable, type EncodingOptions, type TableAnalysis } from "../data/fit.ts";
import { type SplitRows, splitRows } from "../data/split.ts";
import { recommendedValidation } from "../training/defaults.ts";

/** How labeled rows are divided, and the generator to do it with. */
type DivideOptions = {
  validation?: number | undefined;
  test?: number | undefined;
  random?: Random | undefined;
};

/** Which rows are in which part, by their labels. */
export type Divide = (y: Int32Array) => SplitRows;

/** An analysis, the division that it was made with, and the generator to go on with. */
export type TrainingAnalysis = {
  analysis: TableAnalysis;
  divide: Divide | undefined;
  random: Random;
};

/**
 * Analyzes a table by all rows that have a label except those of the test set: no kind of a column
 * and no category depends on them, unless rows with missing cells are dropped. Columns that cannot
 * be decided are named whatever their rows.
 */
export function analyzeForTraining(
  where: string,
  table: Table,
  encoding: EncodingOptions,
  { validation: share, test = 0, random = new Random() }: DivideOptions,
): TrainingAnalysis {
  const whole = analyzeTable(where, table, encoding);
  // With "drop" the columns decide which rows there are to divide.
  if (test === 0 || whole.missing === "drop") return { analysis: whole, divide: undefined, random };
  const { y, rows } = labeledRowsOf(table, whole);
  const validation = share ?? recommendedValidation(y.length);
  const parts = splitRows(y, { validation, test, random });
  const analysis = analyzeTable(where, table, encoding, elementsAt(rows, parts.test));
  const known = new Set(analysis.problems.map(({ index }) => index));
  const problems = [
    ...analysis.problems,
    ...whole.problems.filter(({ index }) => !known.has(index)),
  ];
  return { analysis: { ...analysis, problems }, divide: () => parts, random };
}

/** The labels of the rows that have one, and which rows these are. */
export function labeledRowsOf(
  table: Table,
  { label, classes, missing, na }: TableAnalysis,
): { y: NewInt32Array; rows: NewInt32Array } {
  const encoding = { features: [], label, classes, missing, ...(na && { na: [...na] }) };
  const labels = encodeLabelColumn(table, encoding);
  const rows = Int32Array.from(labels.keys()).filter((row) => labels[row] >= 0);
  return { y: elementsAt(labels, rows), rows };
}

/** The elements at the indices, such as the labels of some rows. */
export function elementsAt(elements: ArrayLike<number>, indices: Int32Array): NewInt32Array {
  return Int32Array.from(indices, (i) => elements[i]);
}
