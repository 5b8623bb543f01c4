// What each column of a table is, judged by all its cells: a number to learn from, a category to
// one-hot encode, or something that is left out because no net can learn from it (a constant, a
// date, an identifier that differs in nearly every row, nothing at all). Every judgement that the
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

/** A column that cannot be judged: it has to be named in an option. */
export type ColumnProblem = {
  row: number;
  index: number;
  reason: string;
  /** The texts that are in the way; read as missing cells, they are not. */
  texts: string[];
};

/** A column to learn from. */
export type JudgedColumn = {
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

type Judged = {
  decision: ColumnDecision;
  learned?: JudgedColumn | undefined;
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

/** Judges column `index` of the table. */
export function judgeColumn(
  table: Table,
  index: number,
  isMissing: IsMissing,
  hints: ColumnHints,
): Judged {
  const column = table.columns[index];
  const scan = scanColumn(table, index, isMissing);
  const present = scan.rows - scan.missing;
  const judge = { table, index, column, scan, present, isMissing, hints };
  // the reader's name for the column that R's header has no name for
  if (column === "row_names" && !Object.values(hints).some((set) => isNamed(set, column)))
    return leftOut(judge, "identifier", "left out: the names of the rows", "categorical");
  if (present === 0) return leftOut(judge, "empty", "left out: no cell holds anything");
  if (hints.categorical.has(column)) return category(judge, true);
  if (hints.numeric.has(column)) return namedNumber(judge);
  if (scan.texts.size === 0) return judgeNumbers(judge);
  return scan.numbers === 0 ? judgeTexts(judge) : judgeMixture(judge);
}

function isNamed(hint: ReadonlySet<string> | Missing | undefined, column: string): boolean {
  return typeof hint === "object" && hint.has(column);
}

type Judge = {
  table: Table;
  index: number;
  column: string;
  scan: ColumnScan;
  present: number;
  isMissing: IsMissing;
  hints: ColumnHints;
};

function judgeNumbers(judge: Judge): Judged {
  const { scan, present, hints, column } = judge;
  if (hints.features.has(column)) return number(judge, false);
  if (scan.min === scan.max && scan.rows > 1) {
    const value = judge.table.text(firstRow(judge), judge.index);
    return leftOut(judge, "constant", `left out: always ${show(value).replaceAll('"', "")}`);
  }
  if (scan.integers && isDateNumber(scan.min) && isDateNumber(scan.max) && present >= FEW_CELLS)
    return leftOut(judge, "date", "left out: dates such as 20240131", "numeric");
  if (scan.integers && present >= FEW_CELLS) {
    const different = identifies(judge);
    if (different !== undefined)
      return leftOut(judge, "identifier", `left out: ${different}`, "numeric");
  }
  return number(judge, false);
}

/** Why a column of integers only numbers the rows; undefined when it does not. */
function identifies({ table, index, column, scan, present }: Judge): string | undefined {
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

function judgeTexts(judge: Judge): Judged {
  const { scan, present, hints, column } = judge;
  if (hints.features.has(column)) return category(judge, false);
  const [text] = scan.texts.keys();
  if (scan.texts.size === 1 && scan.missing === 0 && scan.rows > 1)
    return leftOut(judge, "constant", `left out: always ${show(text)}`, "categorical");
  if (areDates(scan.texts, present))
    return leftOut(judge, "date", `left out: dates such as ${show(text)}`, "categorical");
  const different = scan.texts.size;
  if (present >= FEW_CELLS && different > present / 2) return identifier(judge, different);
  return category(judge, false);
}

/** A column of numbers and other texts. */
function judgeMixture(judge: Judge): Judged {
  const { table, index, isMissing, scan, present } = judge;
  if (judge.hints.features.has(judge.column)) return category(judge, false);
  if (areDates(scan.texts, present)) return judgeTexts(judge);
  const counts = countCells(table, index, isMissing);
  const few = counts.size <= FEW_DIFFERENT && (present < FEW_CELLS || counts.size <= present / 2);
  if (few) return category(judge, false);
  if (present - scan.numbers <= SLIP_SHARE * present) return slip(judge);
  if (present >= FEW_CELLS && counts.size > present / 2) return identifier(judge, counts.size);
  return category(judge, false);
}

/** A column that the caller says holds numbers. */
function namedNumber(judge: Judge): Judged {
  const { table, index, scan } = judge;
  const texts = [...scan.texts].filter(([, { row }]) => Number.isNaN(table.number(row, index)));
  return texts.length === 0
    ? number(judge, true)
    : slip({ ...judge, scan: { ...scan, texts: new Map(texts) } });
}

/** A column of numbers in which a few cells are something else. */
function slip(judge: Judge): Judged {
  const { index, column, scan } = judge;
  const texts = [...scan.texts.keys()];
  const { row, count } = scan.texts.get(texts[0])!;
  const others = [...scan.texts.values()].reduce((sum, each) => sum + each.count, -count);
  const more = others === 0 ? "" : `, and ${others} more`;
  const got = `${show(texts[0])}${more}`;
  const reason = `expected a number as in the rest of ${show(column)}, got ${got}`;
  return { ...number(judge, false), problem: { row, index, reason, texts } };
}

function identifier(judge: Judge, different: number): Judged {
  const done = `left out: ${different} different texts in ${judge.present} rows`;
  return leftOut(judge, "identifier", done, "categorical");
}

function leftOut(
  { column, scan }: Judge,
  kind: ColumnKind,
  done: string,
  otherwise?: "numeric" | "categorical",
): Judged {
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

function number(judge: Judge, isSaid: boolean): Judged {
  const { index, column, scan, hints } = judge;
  const done = [
    scan.unusual === undefined ? undefined : `read numbers such as ${show(scan.unusual)}`,
    missingDone(judge, "missing cells take the mean"),
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

function category(judge: Judge, isSaid: boolean): Judged {
  const { table, index, column, scan, isMissing, hints } = judge;
  const counts = countCells(table, index, withoutMinus(scan.texts, isMissing));
  const { categories, rare } = splitRare(counts, judge.present);
  const covered = categories.reduce((sum, text) => sum + counts.get(text)!, 0);
  const isNamed = isSaid || hints.features.has(column);
  if (!isNamed && judge.present >= FEW_CELLS && covered < judge.present / 2)
    return identifier(judge, counts.size);
  const kept = `${categories.length} categor${categories.length === 1 ? "y" : "ies"}`;
  const done = [
    rare.length === 0 ? kept : `${kept}, ${rare.length} rare ones as one`,
    missingDone(judge, "missing cells are one of their own"),
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
function missingDone({ scan, hints }: Judge, mean: string): string | undefined {
  if (scan.missing === 0) return undefined;
  if (isMean(hints)) return mean;
  return hints.missing === "drop"
    ? "rows with missing cells are left out"
    : "missing cells are errors";
}

function firstRow({ table, index, isMissing }: Judge): number {
  let row = 0;
  while (isMissing(table.text(row, index))) row++;
  return row;
}
