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

/** Analyzes column `index` of the table by the rows given. */
export function analyzeColumn(
  table: Table,
  index: number,
  isMissing: IsMissing,
  hints: ColumnHints,
  rows: Int32Array,
): Analyzed {
  const column = table.columns[index];
  const scan = scanColumn(table, index, isMissing, rows);
  const present = scan.rows - scan.missing;
  const context = { table, index, column, scan, present, isMissing, hints, rows };
  const { categorical, numeric, features } = hints;
  // the reader's name for the column that R's header has no name for
  const isNamed = [categorical, numeric, features].some((names) => names.has(column));
  if (column === "row_names" && !isNamed)
    return leftOut(context, "identifier", "the names of the rows", "categorical");
  if (present === 0) return leftOut(context, "empty", "no cell holds anything");
  if (categorical.has(column)) return category(context, true);
  if (numeric.has(column)) return namedNumber(context);
  if (scan.texts.size === 0) return analyzeNumbers(context);
  if (features.has(column)) return category(context, false);
  return scan.numbers === 0 ? analyzeTexts(context) : analyzeMixture(context);
}

type ColumnContext = {
  table: Table;
  index: number;
  column: string;
  scan: ColumnScan;
  present: number;
  isMissing: IsMissing;
  hints: ColumnHints;
  rows: Int32Array;
};

function analyzeNumbers(context: ColumnContext): Analyzed {
  const { table, index, scan, present, hints, column } = context;
  if (hints.features.has(column)) return number(context, false);
  if (scan.min === scan.max && scan.rows > 1)
    return leftOut(context, "constant", `always ${table.text(scan.firstRow, index)}`);
  if (!scan.integers || present < FEW_CELLS) return number(context, false);
  if (isDateNumber(scan.min) && isDateNumber(scan.max))
    return leftOut(context, "date", "dates such as 20240131", "numeric");
  const different = identifies(context);
  if (different === undefined) return number(context, false);
  return leftOut(context, "identifier", different, "numeric");
}

/** Why a column of integers only numbers the rows; undefined when it does not. */
function identifies({
  table,
  index,
  column,
  scan,
  present,
  rows,
}: ColumnContext): string | undefined {
  const range = scan.max - scan.min + 1;
  if (scan.increasing && range <= 2 * present) return "the numbers of the rows";
  const words = column
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/);
  const isFirstAndNameless = index === 0 && /^column_\d+$|^row_names$/.test(column);
  const hasIdName = words.some((word) => ID_WORDS.has(word)) || isFirstAndNameless;
  const isDense = range <= 1.1 * present;
  if (!isDense && !hasIdName && !longNumbers(scan)) return undefined;
  const different = countNumbers(table, index, scan.unit, rows);
  const share = isDense && !hasIdName ? 1 : 0.9;
  return different < share * present ? undefined : allDifferent(different, "numbers", present);
}

function allDifferent(different: number, things: string, rows: number): string {
  return `${different} different ${things} in ${rows} rows`;
}

/** Whether all numbers have the same 8 digits or more. */
function longNumbers({ min, max }: ColumnScan): boolean {
  return min >= 1e7 && String(min).length === String(max).length;
}

function analyzeTexts(context: ColumnContext): Analyzed {
  const { scan, present } = context;
  const [text] = scan.texts.keys();
  if (scan.texts.size === 1 && scan.missing === 0 && scan.rows > 1)
    return leftOut(context, "constant", `always ${show(text)}`, "categorical");
  if (areDates(scan.texts, present))
    return leftOut(context, "date", `dates such as ${show(text)}`, "categorical");
  if (hasOtherPoint(context)) return otherPoint(context, text);
  return identifierOrCategory(context, scan.texts.size, "texts");
}

/** Whether nearly all texts are decimal numbers with the point that the file does not use. */
function hasOtherPoint({ scan, present }: ColumnContext): boolean {
  let count = 0;
  for (const [text, each] of scan.texts) if (OTHER_POINT.test(text)) count += each.count;
  return count >= OTHER_SHARE * present && scan.texts.size > FEW_TEXTS;
}

function otherPoint(context: ColumnContext, text: string): Analyzed {
  const point = "with the same decimal point as in the rest of the file";
  const expected = `numbers in ${show(context.column)} ${point}`;
  return problem(context, `expected ${expected}, got ${show(text)}`, []);
}

/** A column of numbers and other texts. */
function analyzeMixture(context: ColumnContext): Analyzed {
  const { table, index, isMissing, scan, present, rows } = context;
  if (areDates(scan.texts, present)) return analyzeTexts(context);
  const different = countCells(table, index, isMissing, rows).size;
  // postal codes and the like, of which some have leading zeros or very many digits
  if (scan.integers && [...scan.texts.keys()].every(isCode))
    return identifierOrCategory(context, different, "codes");
  const isRepeated = different <= FEW_DIFFERENT && !isIdentifier(context, different);
  const isSlip =
    present - scan.numbers <= SLIP_SHARE * present ||
    (scan.numbers >= present / 2 && scan.texts.size <= FEW_TEXTS);
  return isSlip && !isRepeated ? slip(context) : identifierOrCategory(context, different, "texts");
}

/** A column that the caller says holds numbers. */
function namedNumber(context: ColumnContext): Analyzed {
  const { table, index, scan } = context;
  const isText = (row: number): boolean => Number.isNaN(table.number(row, index, scan.unit));
  const texts = new Map([...scan.texts].filter(([, { row }]) => isText(row)));
  return texts.size === 0 ? number(context, true) : slip({ ...context, scan: { ...scan, texts } });
}

/** A column of numbers in which a few cells are something else. */
function slip(context: ColumnContext): Analyzed {
  const { column, scan } = context;
  const texts = [...scan.texts.keys()];
  const [, ...others] = scan.texts.values();
  const left = others.reduce((sum, { count }) => sum + count, 0);
  const more = left === 0 ? "" : `, and ${left} more`;
  const got = `${show(texts[0])}${more}`;
  return problem(context, `expected a number as in the rest of ${show(column)}, got ${got}`, texts);
}

/** A column of numbers, unless the caller decides about the first of its texts. */
function problem(context: ColumnContext, reason: string, texts: string[]): Analyzed {
  const { index, scan } = context;
  const [{ row }] = scan.texts.values();
  return { ...number(context, false), problem: { row, index, reason, texts } };
}

/** Whether so many different cells of a column name its rows. */
function isIdentifier({ present }: ColumnContext, different: number): boolean {
  return present >= FEW_CELLS && different > present / 2;
}

function identifierOrCategory(context: ColumnContext, different: number, things: string): Analyzed {
  return isIdentifier(context, different)
    ? identifier(context, different, things)
    : category(context, false);
}

function identifier(context: ColumnContext, different: number, things: string): Analyzed {
  const done = allDifferent(different, things, context.present);
  return leftOut(context, "identifier", done, "categorical");
}

function leftOut(
  { column, scan }: ColumnContext,
  kind: ColumnKind,
  reason: string,
  otherwise?: "numeric" | "categorical",
): Analyzed {
  const decision: ColumnDecision = {
    column,
    kind,
    missing: scan.missing,
    done: `left out: ${reason}`,
    ...(otherwise && { otherwise: { name: otherwise, value: column } }),
    confirm: [{ name: "ignore", value: column }],
  };
  return { decision };
}

function number(context: ColumnContext, isSaid: boolean): Analyzed {
  const { index, column, scan } = context;
  const isUnusual = scan.unusual !== undefined;
  const decision = learn(context, "number", {
    done: isUnusual ? `read numbers such as ${show(scan.unusual)}` : "",
    mean: "missing cells take the mean",
    confirm: isUnusual && !isSaid ? "numeric" : undefined,
  });
  return { decision, learned: { column, index, ...(scan.unit && { unit: scan.unit }) } };
}

function category(context: ColumnContext, isSaid: boolean): Analyzed {
  const { table, index, column, scan, present, isMissing, hints, rows } = context;
  const counts = countCells(table, index, withoutMinus(scan.texts, isMissing), rows);
  const { categories, rare } = splitRare(counts, present);
  const covered = categories.reduce((sum, text) => sum + counts.get(text)!, 0);
  const isNamed = isSaid || hints.features.has(column);
  if (!isNamed && present >= FEW_CELLS && covered < present / 2)
    return identifier(context, counts.size, "texts");
  const kept = `${categories.length} categor${categories.length === 1 ? "y" : "ies"}`;
  const decision = learn(context, "category", {
    done: rare.length === 0 ? kept : `${kept}, ${rare.length} rare ones as one`,
    mean: "missing cells are one of their own",
    confirm: isSaid ? undefined : "categorical",
  });
  const hasMissing = scan.missing > 0 && (hints.missing ?? "mean") === "mean";
  return { decision, learned: { column, index, categories, rare, hasMissing } };
}

/** The decision to learn from a column. `mean` is what is done with missing cells by default. */
function learn(
  { column, scan, hints }: ColumnContext,
  kind: ColumnKind,
  {
    done,
    mean,
    confirm: name,
  }: { done: string; mean: string; confirm?: ColumnOption["name"] | undefined },
): ColumnDecision {
  const drop = "rows with missing cells are left out";
  const all = [done];
  const confirm: ColumnOption[] = name === undefined ? [] : [{ name, value: column }];
  if (scan.missing > 0) {
    all.push({ mean, drop, error: "missing cells are errors" }[hints.missing ?? "mean"]);
    if (hints.missing === undefined) confirm.push({ name: "missing", value: "mean" });
  }
  return {
    column,
    kind,
    missing: scan.missing,
    done: all.filter((each) => each !== "").join("; ") || "learned from",
    otherwise: { name: "ignore", value: column },
    confirm,
  };
}
