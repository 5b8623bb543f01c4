// What each column of a table is, decided by all its cells: a number to learn from, a category to
// one-hot encode, or something that is left out because no net can learn from it (a constant, a
// date, an identifier that differs in nearly every row, nothing at all). Every decision that the
// caller did not make is a decision with the option that would make it otherwise.

import { show } from "../base/checks.ts";
import type { Table } from "../base/table.ts";
import { splitRare, withoutMinus } from "./categories.ts";
import { type ColumnScan, countCells, countNumbers, scanColumn } from "./column-scan.ts";
import { areDates, isDateNumber } from "./dates.ts";
import type { IsMissing, Missing } from "./missing.ts";

/** What a column is. */
export type ColumnKind = "number" | "category" | "constant" | "identifier" | "date" | "empty";

/** An option of prepareTable, and of the command line under the same name, with a value for it. */
export type ColumnOption = {
  name: "ignore" | "categorical" | "numeric" | "missing" | "na";
  value: string;
};

/** Something that was decided about a column of a table because nobody had said it. Plain JSON. */
export type ColumnDecision = {
  column: string;
  kind: ColumnKind | "label";
  /** The number of cells that are missing. */
  missing: number;
  /** What was done, as in "1 of 3 categories". */
  done: string;
  /** The option that decides otherwise, if there is one. */
  otherwise?: ColumnOption | undefined;
  /** The options that say the same explicitly. */
  confirm: ColumnOption[];
};

/** A column that cannot be decided: it has to be named in an option. */
export type ColumnProblem = {
  row: number;
  index: number;
  reason: string;
  /** The texts that are in the way; read as missing cells, they are not. */
  texts: string[];
};

/** A column to learn from. */
export type AnalyzedColumn = {
  column: string;
  index: number;
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

// Words in the name of a column that numbers its rows.
const ID_WORDS = new Set(
  "id ids idx index uid uuid guid key code number no nr num serial row ticket".split(" "),
);

/** Analyzes column `index` of the table. */
export function analyzeColumn(
  table: Table,
  index: number,
  isMissing: IsMissing,
  hints: ColumnHints,
): Analyzed {
  const column = table.columns[index];
  const scan = scanColumn(table, index, isMissing);
  const present = scan.rows - scan.missing;
  const context = { table, index, column, scan, present, isMissing, hints };
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
};

function analyzeNumbers(context: ColumnContext): Analyzed {
  const { scan, present, hints, column } = context;
  if (hints.features.has(column)) return number(context, false);
  if (scan.min === scan.max && scan.rows > 1) {
    const value = context.table.text(firstRow(context), context.index);
    return leftOut(context, "constant", `left out: always ${show(value).replaceAll('"', "")}`);
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
function identifies({ table, index, column, scan, present }: ColumnContext): string | undefined {
  const range = scan.max - scan.min + 1;
  const nameless = /^column_\d+$|^row_names$/.test(column);
  if (scan.increasing && range <= 2 * present) return "the numbers of the rows";
  const words = column
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/);
  const isSuspect =
    range <= 1.1 * present ||
    words.some((word) => ID_WORDS.has(word)) ||
    (nameless && index === 0) ||
    longNumbers(scan);
  if (!isSuspect) return undefined;
  const different = countNumbers(table, index, Infinity);
  const share = range <= 1.1 * present ? 1 : 0.9;
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
  const different = scan.texts.size;
  if (present >= FEW_CELLS && different > present / 2) return identifier(context, different);
  return category(context, false);
}

/** A column of numbers and other texts. */
function analyzeMixture(context: ColumnContext): Analyzed {
  const { table, index, isMissing, scan, present } = context;
  if (context.hints.features.has(context.column)) return category(context, false);
  if (areDates(scan.texts, present)) return analyzeTexts(context);
  const counts = countCells(table, index, isMissing);
  const few = counts.size <= FEW_DIFFERENT && (present < FEW_CELLS || counts.size <= present / 2);
  if (few) return category(context, false);
  if (present - scan.numbers <= SLIP_SHARE * present) return slip(context);
  if (present >= FEW_CELLS && counts.size > present / 2) return identifier(context, counts.size);
  return category(context, false);
}

/** A column that the caller says holds numbers. */
function namedNumber(context: ColumnContext): Analyzed {
  const { table, index, scan } = context;
  const texts = [...scan.texts].filter(([, { row }]) => Number.isNaN(table.number(row, index)));
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
  return { decision, learned: { column, index } };
}

function category(context: ColumnContext, isSaid: boolean): Analyzed {
  const { table, index, column, scan, isMissing, hints } = context;
  const counts = countCells(table, index, withoutMinus(scan.texts, isMissing));
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

function firstRow({ table, index, isMissing }: ColumnContext): number {
  let row = 0;
  while (isMissing(table.text(row, index))) row++;
  return row;
}
