// How a table of cells is to become X and y: analyzeTable decides what each column is and what the
// classes are called, fitFeatures takes means and shares from the training rows, and the two
// together make an Encoding, which encode.ts follows on the same table or on any later one.

import { checkChoice, checkOptions, checkText, checkTexts } from "../base/checks.ts";
import { checkTable, type Table } from "../base/table.ts";
import type { ColumnDecision, ColumnProblem } from "./column-decision.ts";
import { checkNames, columnIndex, columnIndices } from "./column-names.ts";
import { countCells } from "./column-scan.ts";
import { type AnalyzedColumn, analyzeColumn, type ColumnHints } from "./columns.ts";
import type { Encoding, FeatureEncoding } from "./encoding.ts";
import { copiesLabel, fitClasses, labelDecision, remarkOnCopy } from "./label-column.ts";
import type { ClassName } from "./labels.ts";
import { emptyNumbers, type IsMissing, MISSING, type Missing, missingTest } from "./missing.ts";
import { allRows, checkRows } from "./rows.ts";

/** How a table becomes X and y. Only the label has no default. */
export type EncodingOptions = {
  /** The column that names each row's class. */
  label: string;
  /**
   * Columns to learn from, in the order X is to have them; default: all but the label that a net
   * can learn from.
   */
  features?: readonly string[] | undefined;
  /** Columns to leave out; default none. */
  ignore?: readonly string[] | undefined;
  /** Columns to one-hot encode; "auto" (default): those that hold few different texts. */
  categorical?: readonly string[] | "auto" | undefined;
  /** Columns of numbers, whatever else they look like; default: those that hold numbers only. */
  numeric?: readonly string[] | undefined;
  /**
   * What a missing cell means: the column's mean, for a category one of its own ("mean", the
   * default), that its row is left out ("drop"), or an error. Rows without a label are left out
   * unless it is "error".
   */
  missing?: Missing | undefined;
  /** The texts that mean a missing cell, besides none at all; default NA, N/A, NaN, null, ?, … */
  na?: readonly string[] | undefined;
  /**
   * Rows the means and shares are taken from, so that validation rows do not leak into training;
   * default all.
   */
  rows?: ArrayLike<number> | undefined;
};

const OPTIONS = ["label", "features", "ignore", "categorical", "numeric", "missing", "na", "rows"];

/** What a table's columns are and what was decided about them. */
export type TableAnalysis = {
  label: string;
  classes: ClassName[];
  columns: AnalyzedColumn[];
  missing: Missing;
  na: readonly string[] | undefined;
  isMissing: IsMissing;
  /** About the label if its column has missing cells, then about other columns. */
  decisions: ColumnDecision[];
  problems: ColumnProblem[];
};

/**
 * Decides how `table` is encoded: which columns, which categories, what the classes are called.
 * Labels that are all numbers stay numbers. Throws TypeError or RangeError for wrong options, and
 * the table's error (FormatError for CSV) for a column that is not there, a table without rows, and
 * a column of numbers in which a few cells are something else.
 * @example
 * const fruit = parseCsv("weight,color,kind\n3,red,plum\n8,green,pear\n9,red,pear\n");
 * const encoding = fitEncoding(fruit, { label: "kind" });
 * console.log(encoding.classes.join(), JSON.stringify(encoding.features[0]));
 * // pear,plum {"column":"weight","mean":6.666666666666667}
 */
export function fitEncoding(table: Table, options: EncodingOptions): Encoding {
  checkTable("fitEncoding", table);
  const analysis = analyzeTable("fitEncoding", table, options);
  refuseProblems(table, analysis);
  return fitFeatures(table, analysis, checkRows("fitEncoding", options.rows, table.rowCount));
}

/**
 * Analyzes all columns by the rows that have a label, those of `heldOut` left out. Problems are
 * returned, so that the caller can name all of them at once.
 */
export function analyzeTable(
  where: string,
  source: Table,
  options: EncodingOptions,
  heldOut: Iterable<number> = [],
): TableAnalysis {
  const { label, names, missing, hints } = checkEncodingOptions(where, source, options);
  const table = emptyNumbers(source, options.na);
  const isMissing = missingTest(options.na);
  const labelIndex = columnIndex(table, label);
  const labels = fitClasses(table, labelIndex, isMissing, missing);
  const rows = rowsWithout(table.rowCount, new Set([...labels.absent, ...heldOut]));
  const analyzeAll = (features: ReadonlySet<string>): ReturnType<typeof analyzeColumn>[] =>
    columnIndices(table, names).map((index, i) => {
      const name = names[i];
      const each = analyzeColumn(table, index, isMissing, { ...hints, features }, rows);
      if (!each.learned || !copiesLabel(table, index, labelIndex, rows)) return each;
      const isSaid = hints.numeric.has(name) || hints.categorical.has(name);
      return { ...each, decision: remarkOnCopy(each.decision, isSaid) };
    });
  let analyzed = analyzeAll(hints.features);
  // A net that learns from identifiers is better than none, and the decisions say so.
  if (analyzed.every((each) => each.learned === undefined)) analyzed = analyzeAll(new Set(names));
  const columns = analyzed.flatMap((each) => each.learned ?? []);
  if (columns.length === 0)
    throw table.error("expected at least one column beside the label that is not empty, got none");
  return {
    label,
    classes: labels.classes,
    columns,
    missing,
    na: options.na,
    isMissing,
    decisions: [
      ...labelDecision(label, labels, hints.missing),
      ...analyzed.map((each) => each.decision).filter((decision) => decision.confirm.length > 0),
    ],
    problems: analyzed.flatMap((each) => each.problem ?? []),
  };
}

/** All rows but these, in order. */
function rowsWithout(count: number, left: ReadonlySet<number>): Int32Array {
  const all = allRows(count);
  return left.size === 0 ? all : all.filter((row) => !left.has(row));
}

/** The options checked, as names of the table's columns. */
function checkEncodingOptions(
  where: string,
  table: Table,
  options: EncodingOptions,
): { label: string; names: string[]; missing: Missing; hints: ColumnHints } {
  checkOptions(where, options, OPTIONS);
  const { label: labelName, categorical = "auto", missing = "mean", na = [] } = options;
  checkText(where, "label", labelName);
  checkChoice(where, "missing", missing, MISSING);
  checkTexts(where, "na", na);
  const label = table.columns[columnIndex(table, labelName)];
  const check = (option: string, names: readonly string[] | undefined): string[] =>
    checkNames(where, table, option, names, label);
  const features = check("features", options.features);
  const ignored = new Set(check("ignore", options.ignore)).add(label);
  const chosen = categorical === "auto" ? [] : check("categorical", categorical);
  const numeric = check("numeric", options.numeric);
  const all = options.features === undefined ? table.columns : features;
  const names = all.filter((name) => !ignored.has(name));
  if (table.rowCount === 0)
    throw table.error("expected at least one row after the header, got none");
  if (names.length === 0)
    throw table.error("expected at least one column beside the label, got none");
  const hints = {
    categorical: new Set(chosen),
    numeric: new Set(numeric),
    features: new Set(features),
    missing: options.missing,
  };
  return { label, names, missing, hints };
}

/** The encoding of analyzed columns, with means and shares from `rows`; default all. */
export function fitFeatures(
  source: Table,
  analysis: TableAnalysis,
  rows = allRows(source.rowCount),
): Encoding {
  const { label, classes, columns, missing, na, decisions } = analysis;
  const table = emptyNumbers(source, na);
  return {
    features: columns.map((column) => fitFeature(table, column, analysis.isMissing, rows)),
    label,
    classes,
    missing,
    ...(na !== undefined && { na: [...na] }),
    ...(decisions.length > 0 && { decisions }),
  };
}

function fitFeature(
  table: Table,
  { column, index, unit, categories, rare = [], hasMissing = false }: AnalyzedColumn,
  isMissing: IsMissing,
  rows: Int32Array,
): FeatureEncoding {
  if (categories === undefined) {
    // the mean over all rows when those to learn from hold no number
    const meanOver = (those: Int32Array) => meanOf(table, index, unit, those);
    const mean = meanOver(rows) ?? meanOver(allRows(table.rowCount)) ?? 0;
    return { column, mean, ...(unit && { unit }) };
  }
  const counts = countCells(table, index, () => false, rows);
  const take = (texts: Iterable<string>): number => {
    let sum = 0;
    for (const text of texts) {
      sum += counts.get(text) ?? 0;
      counts.delete(text);
    }
    return sum;
  };
  const sums = categories.map((category) => take([category]));
  if (rare.length > 0) sums.push(take(rare));
  if (hasMissing) sums.push(take([...counts.keys()].filter(isMissing)));
  const total = sums.reduce((sum, count) => sum + count, 0);
  return {
    column,
    categories,
    shares: sums.map((sum) => (total === 0 ? 0 : sum / total)),
    ...(rare.length > 0 && { rare }),
    ...(hasMissing && { hasMissing }),
  };
}

/** A column's mean over `rows`; undefined when they hold no number. */
function meanOf(
  table: Table,
  column: number,
  unit: string | undefined,
  rows: Int32Array,
): number | undefined {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = table.number(rows[i], column, unit);
    if (value !== value) continue;
    sum += value;
    count++;
  }
  return count > 0 ? sum / count : undefined;
}

/** Throws an error about all columns that have to be named in an option. */
export function refuseProblems(table: Table, { problems }: TableAnalysis): void {
  if (problems.length === 0) return;
  const [{ row, index, reason }, ...others] = problems;
  const more = others.map((other) => table.error(other.reason, other.row, other.index).message);
  const remedy = "; list it in na, or the column in categorical or ignore";
  throw table.error([reason + remedy, ...more].join("\n"), row, index);
}
