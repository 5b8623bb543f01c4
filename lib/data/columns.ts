// What each column of a table is, decided by all its cells: a number to learn from, a category to
// one-hot encode, or something that is left out because no net can learn from it (a constant, a
// date, an identifier that differs in nearly every row, nothing at all). Every decision that the
// caller did not make is a decision with the option that would make it otherwise.

import { show } from "../base/checks.ts";
import type { Table } from "../base/table.ts";
import { splitRare, withoutMinus } from "./categories.ts";
import type { ColumnDecision, ColumnKind, ColumnOption, ColumnProblem } from "./column-decision.ts";
import { type ColumnScan, countCells, countNumbers, isCode, scanColumn } from "./column-scan.ts";
import { areDates, isDateNumber } from "./dates.ts";
import type { IsMissing, Missing } from "./missing.ts";

/** A column to learn from. */
export type AnalyzedColumn = {
  column: string;
  index: number;
  /** What its numbers are written with. */
  unit?: string | undefined;
  /** The categories with a column of X each; undefined for numbers. */
  categories?: string[] | undefined;
  /** The rare categories that share one column of X. */
  rare?: string[] | undefined;
  /** Whether missing cells have a column of X. */
  hasMissing?: boolean | undefined;
};

/** What the caller has said about columns. */
export type ColumnHints = {
  categorical: ReadonlySet<string>;
  numeric: ReadonlySet<string>;
  /** Columns that are to be learnt from whatever they are. */
  features: ReadonlySet<string>;
  /** What a missing cell means, when the caller has said so. */
  missing: Missing | undefined;
};

type Analyzed = {
  decision: ColumnDecision;
  learned?: AnalyzedColumn | undefined;
  problem?: ColumnProblem | undefined;
};

// Below so many cells nothing is an identifier: a few rows differ in most columns.
const FEW_CELLS = 10;
// Numbers beside so few texts are measurements with a slip; a column of few different cells is a
// category all the same.
const SLIP_SHARE = 0.1;
const FEW_DIFFERENT = 30;
// So few different texts in a column of many different numbers are something to be named.
const FEW_TEXTS = 10;
// A share of numbers with a point in a file of decimal commas, or the other way round.
const OTHER_POINT = /^[+-]?\d+[.,]\d+$/;
const OTHER_SHARE = 0.9;

// Words in the name of a column that numbers its rows.
const ID_WORDS = new Set(
  "id ids idx index uid uuid guid key code number no nr num serial row ticket".split(" "),
);

/** Analyzes column `index` of the table by all rows, or by those given. */
export function analyzeColumn(
  table: Table,
  index: number,
  isMissing: IsMissing,
  hints: ColumnHints,
  rows?: ArrayLike<number>,
): Analyzed {
  const column = table.columns[index];
  const scan = scanColumn(table, index, isMissing, rows);
  const present = scan.rows - scan.missing;
  const context = { table, index, column, scan, present, isMissing, hints, rows };
  // the reader's name for the column that R's header has no name for
  if (column === "row_names" && !Object.values(hints).some((set) => isNamed(set, column)))
    return leftOut(context, "identifier", "left out: the names of the rows", "categorical");
  if (present === 0) return leftOut(context, "empty", "left out: no cell holds anything");
  if (hints.categorical.has(column)) return category(context, true);
  if (hints.numeric.has(column)) return namedNumber(context);
  if (scan.texts.size === 0) return analyzeNumbers(context);
  return scan.numbers === 0 ? analyzeTexts(context) : analyzeMixture(context);
}

function isNamed(hint: ReadonlySet<string> | Missing | undefined, column: string): boolean {
  return typeof hint === "object" && hint.has(column);
}

type ColumnContext = {
  table: Table;
  index: number;
  column: string;
  scan: ColumnScan;
  present: number;
  isMissing: IsMissing;
  hints: ColumnHints;
  rows: ArrayLike<number> | undefined;
};

function analyzeNumbers(context: ColumnContext): Analyzed {
  const { scan, present, hints, column } = context;
  if (hints.features.has(column)) return number(context, false);
  if (scan.min === scan.max && scan.rows > 1) {
    return leftOut(context, "constant", `left out: always ${scan.firstNumber}`);
  }
  if (scan.integers && isDateNumber(scan.min) && isDateNumber(scan.max) && present >= FEW_CELLS)
    return leftOut(context, "date", "left out: dates such as 20240131", "numeric");
  if (scan.integers && present >= FEW_CELLS) {
    const different = identifies(context);
    if (different !== undefined)
      return leftOut(context, "identifier", `left out: ${different}`, "numeric");
  }
  return number(context, false);
}

/** Why a column of integers only numbers the rows; undefined when it does not. */
function identifies(context: ColumnContext): string | undefined {
  const { table, index, column, scan, present, rows } = context;
  const range = scan.max - scan.min + 1;
  const nameless = /^column_\d+$|^row_names$/.test(column);
  if (scan.increasing && range <= 2 * present) return "the numbers of the rows";
  const words = column
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/);
  const hasIdName = words.some((word) => ID_WORDS.has(word)) || (nameless && index === 0);
  const isDense = range <= 1.1 * present;
  if (!isDense && !hasIdName && !longNumbers(scan)) return undefined;
  const different = countNumbers(table, index, Infinity, { rows, unit: scan.unit });
  const share = isDense && !hasIdName ? 1 : 0.9;
  if (different < share * present) return undefined;
  return `${different} different numbers in ${present} rows`;
}

/** Whether all numbers have the same 8 digits or more. */
function longNumbers({ min, max }: ColumnScan): boolean {
  return min >= 1e7 && String(min).length === String(max).length;
}

function analyzeTexts(context: ColumnContext): Analyzed {
  const { scan, present, hints, column } = context;
  if (hints.features.has(column)) return category(context, false);
  const [text] = scan.texts.keys();
  if (scan.texts.size === 1 && scan.missing === 0 && scan.rows > 1)
    return leftOut(context, "constant", `left out: always ${show(text)}`, "categorical");
  if (areDates(scan.texts, present))
    return leftOut(context, "date", `left out: dates such as ${show(text)}`, "categorical");
  if (hasOtherPoint(context)) return otherPoint(context);
  const different = scan.texts.size;
  if (present >= FEW_CELLS && different > present / 2) return identifier(context, different);
  return category(context, false);
}

/** Whether nearly all texts are decimal numbers with the point that the file does not use. */
function hasOtherPoint({ scan, present }: ColumnContext): boolean {
  let count = 0;
  for (const [text, each] of scan.texts) if (OTHER_POINT.test(text)) count += each.count;
  return count >= OTHER_SHARE * present && scan.texts.size > FEW_TEXTS;
}

function otherPoint(context: ColumnContext): Analyzed {
  const { index, column, scan } = context;
  const [[text, { row }]] = scan.texts;
  const reason =
    `expected numbers in ${show(column)} with the same decimal point as in the rest of the file, ` +
    `got ${show(text)}`;
  return { ...number(context, false), problem: { row, index, reason, texts: [] } };
}

/** A column of numbers and other texts. */
function analyzeMixture(context: ColumnContext): Analyzed {
  const { table, index, isMissing, scan, present, rows } = context;
  if (context.hints.features.has(context.column)) return category(context, false);
  if (areDates(scan.texts, present)) return analyzeTexts(context);
  const counts = countCells(table, index, isMissing, rows);
  if (scan.integers && [...scan.texts.keys()].every(isCode)) return codes(context, counts.size);
  const few = counts.size <= FEW_DIFFERENT && (present < FEW_CELLS || counts.size <= present / 2);
  if (few) return category(context, false);
  if (present - scan.numbers <= SLIP_SHARE * present) return slip(context);
  if (scan.numbers >= present / 2 && scan.texts.size <= FEW_TEXTS) return slip(context);
  if (present >= FEW_CELLS && counts.size > present / 2) return identifier(context, counts.size);
  return category(context, false);
}

/** Postal codes and the like: integers, of which some have leading zeros or very many digits. */
function codes(context: ColumnContext, different: number): Analyzed {
  const { present } = context;
  if (present < FEW_CELLS || different <= present / 2) return category(context, false);
  const done = `left out: ${different} different codes in ${present} rows`;
  return leftOut(context, "identifier", done, "categorical");
}

/** A column that the caller says holds numbers. */
function namedNumber(context: ColumnContext): Analyzed {
  const { table, index, scan } = context;
  const isText = (row: number): boolean => Number.isNaN(table.number(row, index, scan.unit));
  const texts = [...scan.texts].filter(([, { row }]) => isText(row));
  return texts.length === 0
    ? number(context, true)
    : slip({ ...context, scan: { ...scan, texts: new Map(texts) } });
}

/** A column of numbers in which a few cells are something else. */
function slip(context: ColumnContext): Analyzed {
  const { index, column, scan } = context;
  const texts = [...scan.texts.keys()];
  const { row, count } = scan.texts.get(texts[0])!;
  const others = [...scan.texts.values()].reduce((sum, each) => sum + each.count, -count);
  const more = others === 0 ? "" : `, and ${others} more`;
  const got = `${show(texts[0])}${more}`;
  const reason = `expected a number as in the rest of ${show(column)}, got ${got}`;
  return { ...number(context, false), problem: { row, index, reason, texts } };
}

function identifier(context: ColumnContext, different: number): Analyzed {
  const done = `left out: ${different} different texts in ${context.present} rows`;
  return leftOut(context, "identifier", done, "categorical");
}

function leftOut(
  { column, scan }: ColumnContext,
  kind: ColumnKind,
  done: string,
  otherwise?: "numeric" | "categorical",
): Analyzed {
  const decision: ColumnDecision = {
    column,
    kind,
    missing: scan.missing,
    done,
    ...(otherwise && { otherwise: { name: otherwise, value: column } }),
    confirm: [{ name: "ignore", value: column }],
  };
  return { decision };
}

function number(context: ColumnContext, isSaid: boolean): Analyzed {
  const { index, column, scan, hints } = context;
  const done = [
    scan.unusual === undefined ? undefined : `read numbers such as ${show(scan.unusual)}`,
    missingDone(context, "missing cells take the mean"),
  ].filter((each) => each !== undefined);
  const confirm: ColumnOption[] = [];
  if (!isSaid && scan.unusual !== undefined) confirm.push({ name: "numeric", value: column });
  if (scan.missing > 0 && hints.missing === undefined)
    confirm.push({ name: "missing", value: "mean" });
  const decision: ColumnDecision = {
    column,
    kind: "number",
    missing: scan.missing,
    done: done.length === 0 ? "learned from" : done.join("; "),
    otherwise: { name: "ignore", value: column },
    confirm,
  };
  return { decision, learned: { column, index, ...(scan.unit && { unit: scan.unit }) } };
}

function category(context: ColumnContext, isSaid: boolean): Analyzed {
  const { table, index, column, scan, isMissing, hints, rows } = context;
  const counts = countCells(table, index, withoutMinus(scan.texts, isMissing), rows);
  const { categories, rare } = splitRare(counts, context.present);
  const covered = categories.reduce((sum, text) => sum + counts.get(text)!, 0);
  const isNamed = isSaid || hints.features.has(column);
  if (!isNamed && context.present >= FEW_CELLS && covered < context.present / 2)
    return identifier(context, counts.size);
  const kept = `${categories.length} categor${categories.length === 1 ? "y" : "ies"}`;
  const done = [
    rare.length === 0 ? kept : `${kept}, ${rare.length} rare ones as one`,
    missingDone(context, "missing cells are one of their own"),
  ].filter((each) => each !== undefined);
  const confirm: ColumnOption[] = isSaid ? [] : [{ name: "categorical", value: column }];
  if (scan.missing > 0 && hints.missing === undefined)
    confirm.push({ name: "missing", value: "mean" });
  return {
    decision: {
      column,
      kind: "category",
      missing: scan.missing,
      done: done.join("; "),
      otherwise: { name: "ignore", value: column },
      confirm,
    },
    learned: { column, index, categories, rare, hasMissing: scan.missing > 0 && isMean(hints) },
  };
}

function isMean({ missing = "mean" }: ColumnHints): boolean {
  return missing === "mean";
}

/** What was done with missing cells, if there are any. */
function missingDone({ scan, hints }: ColumnContext, mean: string): string | undefined {
  if (scan.missing === 0) return undefined;
  if (isMean(hints)) return mean;
  return hints.missing === "drop"
    ? "rows with missing cells are left out"
    : "missing cells are errors";
}
