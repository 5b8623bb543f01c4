// How a table of cells becomes X and y. fitEncoding looks at a table once and writes down, as plain
// JSON, which columns make which columns of X; encodeTable follows that on the same table or on any
// later one, whatever its column order.

import { checkChoice, checkInteger, checkOptions, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import type { Table } from "../base/table.ts";
import { Matrix } from "../matrix/matrix.ts";
import { type Encoding, type FeatureEncoding, MISSING, type Missing } from "./encoding.ts";
import { type ClassName, encodeLabels, listClasses, sortClasses } from "./labels.ts";

/** How a table becomes X and y. */
export type EncodingOptions = {
  /** The column that names each row's class. */
  label: string;
  /** Columns to learn from, in the order X is to have them; default all but the label. */
  features?: readonly string[];
  /** Columns to leave out; default none. */
  ignore?: readonly string[];
  /** Columns to one-hot encode; "auto": those in which no cell is a number. Default none. */
  categorical?: readonly string[] | "auto";
  /**
   * What a cell that is empty, no number, or no known category means: an error (default), that its
   * row is left out, or the column's mean (for a category, its share of the rows). A label must be
   * there: without one, a row is an error or left out.
   */
  missing?: Missing;
  /**
   * Rows the means and shares are taken from, so that validation rows do not leak into training;
   * default all.
   */
  rows?: ArrayLike<number>;
};

// a column with more holds names or measurements, and would make X explode
const MAX_CATEGORIES = 1000;

/**
 * Decides how `table` is encoded: which columns, which categories, what the classes are called.
 * Labels that are all numbers stay numbers. Throws TypeError or RangeError for wrong options, and
 * the table's error (FormatError for CSV) for a column that is not there, a table without rows, a
 * missing label unless rows are dropped, a feature without any number that is not categorical.
 * @example
 * const fruit = parseCsv("weight,color,kind\n3,red,plum\n8,green,pear\n9,red,pear\n");
 * const encoding = fitEncoding(fruit, { label: "kind", categorical: "auto" });
 * console.log(encoding.classes.join(), JSON.stringify(encoding.features[1]));
 * // pear,plum {"column":"color","categories":["green","red"],"shares":[0.3333333333333333,0.6666666666666666]}
 */
export function fitEncoding(table: Table, options: EncodingOptions): Encoding {
  checkOptions("fitEncoding", options, [
    "label",
    "features",
    "ignore",
    "categorical",
    "missing",
    "rows",
  ]);
  const { label, features, ignore = [], categorical = [], missing = "error", rows } = options;
  if (typeof label !== "string")
    throw new ArgumentTypeError(`fitEncoding: label expected a column name, got ${show(label)}`);
  checkChoice("fitEncoding", "missing", missing, MISSING);
  const labelColumn = columnIndex(table, label);
  checkNames(table, "features", features, label);
  checkNames(table, "ignore", ignore, label);
  if (categorical !== "auto") checkNames(table, "categorical", categorical, label);
  const ignored = new Set(ignore).add(label);
  const names = (features ?? table.columns).filter((name) => !ignored.has(name));
  if (table.rowCount === 0)
    throw table.error("expected at least one row after the header, got none");
  if (names.length === 0)
    throw table.error("expected at least one column beside the label, got none");
  for (let i = 0; i < (rows?.length ?? 0); i++)
    checkInteger("fitEncoding", `rows[${i}]`, rows![i], 0, table.rowCount - 1);

  const labels = fitLabels(table, labelColumn, missing);
  const indices = new Map(table.columns.map((name, j) => [name, j]));
  const chosen = new Set(categorical);
  const fitted = names.map((name): FeatureEncoding => {
    const column = indices.get(name)!;
    const encoding =
      categorical !== "auto" && chosen.has(name) ? undefined : fitNumber(table, name, column, rows);
    if (encoding !== undefined) return encoding;
    if (categorical === "auto" || chosen.has(name)) return fitCategories(table, name, column, rows);
    throw table.error(
      `expected a number, got ${showCell(table, 0, column)}; no cell of ${show(name)} is one: name it in categorical or in ignore`,
      0,
      column,
    );
  });
  return { features: fitted, label, classes: labels, missing };
}

/** A column's mean over `rows`, or undefined when it has no number at all. */
function fitNumber(
  table: Table,
  name: string,
  column: number,
  rows?: ArrayLike<number>,
): FeatureEncoding | undefined {
  const meanOf = (count: number, rowAt: (i: number) => number): number => {
    let sum = 0;
    let seen = 0;
    for (let i = 0; i < count; i++) {
      const value = table.number(rowAt(i), column);
      if (value !== value) continue;
      sum += value;
      seen++;
    }
    return sum / seen;
  };
  let mean = rows === undefined ? NaN : meanOf(rows.length, (i) => rows[i]);
  // all rows are meant, or the chosen ones have no number
  if (mean !== mean) mean = meanOf(table.rowCount, (i) => i);
  return mean === mean ? { column: name, mean } : undefined;
}

function fitCategories(
  table: Table,
  name: string,
  column: number,
  rows?: ArrayLike<number>,
): FeatureEncoding {
  const counts = new Map<string, number>();
  let numbers = true;
  for (let row = 0; row < table.rowCount; row++) {
    if (isBlank(table, row, column)) continue;
    numbers &&= table.isNumber(row, column);
    counts.set(table.text(row, column), 0);
    if (counts.size > MAX_CATEGORIES) {
      throw table.error(
        `expected at most ${MAX_CATEGORIES} categories in ${show(name)}, got more; name it in ignore`,
        row,
        column,
      );
    }
  }
  if (counts.size === 0)
    throw table.error(
      `expected a category in ${show(name)}, got only empty cells; name it in ignore`,
      0,
      column,
    );
  const categories = numbers
    ? sortClasses([...counts.keys()].map(Number)).map(String)
    : sortClasses(counts.keys());
  let total = 0;
  for (let i = 0; i < (rows?.length ?? table.rowCount); i++) {
    const row = rows?.[i] ?? i;
    if (isBlank(table, row, column)) continue;
    const category = table.text(row, column);
    counts.set(category, counts.get(category)! + 1);
    total++;
  }
  return {
    column: name,
    categories,
    shares: categories.map((category) => (total === 0 ? 0 : counts.get(category)! / total)),
  };
}

function fitLabels(table: Table, column: number, missing: Missing): ClassName[] {
  const texts = new Set<string>();
  let numbers = true;
  for (let row = 0; row < table.rowCount; row++) {
    if (isBlank(table, row, column)) {
      if (missing === "drop") continue;
      throw table.error("expected a label, got an empty cell", row, column);
    }
    numbers &&= table.isNumber(row, column);
    texts.add(table.text(row, column));
  }
  return encodeLabels(numbers ? [...texts].map(Number) : [...texts]).classes;
}

/**
 * X (N, D) and y (N) as `encoding` has it, the table's columns in any order and others ignored.
 * `rows` are the table's rows that X has: all of them, unless missing is "drop". Throws the table's
 * error, naming the cell, for a cell that cannot be encoded, a label that is not known, and when no
 * row is left.
 * @example
 * const fruit = parseCsv("weight,color,kind\n3,red,plum\n8,green,pear\n9,red,pear\n");
 * const { X, y } = encodeTable(fruit, fitEncoding(fruit, { label: "kind", categorical: "auto" }));
 * console.log(JSON.stringify(X.toRows()), y.join()); // [[3,0,1],[8,1,0],[9,0,1]] 1,0,0
 */
export function encodeTable(
  table: Table,
  encoding: Encoding,
): { X: Matrix; y: Int32Array; rows: Int32Array } {
  const column = columnIndex(table, encoding.label);
  const classOf = new Map(encoding.classes.map((label, c) => [String(label), c]));
  const classes = new Int32Array(table.rowCount);
  for (let row = 0; row < table.rowCount; row++) {
    const blank = isBlank(table, row, column);
    const label = table.text(row, column);
    classes[row] = blank
      ? -1
      : (classOf.get(label) ?? classOf.get(String(table.number(row, column))) ?? -2);
    if (classes[row] === -1 && encoding.missing !== "drop")
      throw table.error("expected a label, got an empty cell", row, column);
    if (classes[row] === -2)
      throw table.error(
        `expected a label of ${listClasses(encoding.classes)}, got ${show(label)}`,
        row,
        column,
      );
  }
  const { X, rows } = encodeRows(table, encoding, (row) => classes[row] >= 0);
  if (rows.length === 0) {
    throw table.error(
      table.rowCount === 0
        ? "expected at least one row after the header, got none"
        : "expected a row without missing cells, got none",
    );
  }
  return { X, y: Int32Array.from(rows, (row) => classes[row]), rows };
}

/**
 * X (N, D) and the rows it has, as encodeTable, of a table that needs no label. No rows give 0×D.
 */
export function encodeFeatures(table: Table, encoding: Encoding): { X: Matrix; rows: Int32Array } {
  return encodeRows(table, encoding, () => true);
}

/** Where one feature is in the table and in X. */
type Plan = {
  feature: FeatureEncoding;
  from: number;
  to: number;
  places: Map<string, number> | undefined;
};

function encodeRows(
  table: Table,
  encoding: Encoding,
  wanted: (row: number) => boolean,
): { X: Matrix; rows: Int32Array } {
  // no records have no columns to miss
  const nothing = table.rowCount === 0 && table.columns.length === 0;
  const indices = nothing
    ? []
    : columnIndices(
        table,
        encoding.features.map(({ column }) => column),
      );
  let width = 0;
  const plans = encoding.features.map((feature, f): Plan => {
    const places =
      "categories" in feature
        ? new Map(feature.categories.map((category, k) => [category, k]))
        : undefined;
    const plan = { feature, from: indices[f], to: width, places };
    width += places?.size ?? 1;
    return plan;
  });
  const X = new Matrix(table.rowCount, width);
  const rows = new Int32Array(table.rowCount);
  let kept = 0;
  for (let row = 0; row < table.rowCount; row++) {
    if (!wanted(row)) continue;
    if (encodeRow(table, row, plans, encoding.missing, X.data, kept * width)) rows[kept++] = row;
    else X.data.fill(0, kept * width, (kept + 1) * width);
  }
  if (kept === table.rowCount) return { X, rows };
  return { X: X.sliceRows(0, kept).clone(), rows: rows.slice(0, kept) };
}

/** Writes one row of X at `start`. False when the row is to be dropped. */
function encodeRow(
  table: Table,
  row: number,
  plans: readonly Plan[],
  missing: Missing,
  out: Float64Array,
  start: number,
): boolean {
  for (const { feature, from, to, places } of plans) {
    if (places === undefined) {
      const value = table.number(row, from);
      if (value === value) {
        out[start + to] = value;
        continue;
      }
      if (missing === "error")
        throw table.error(`expected a number, got ${showCell(table, row, from)}`, row, from);
      if (missing === "drop") return false;
      out[start + to] = (feature as { mean: number }).mean;
    } else {
      const place = isBlank(table, row, from)
        ? undefined
        : (places.get(table.text(row, from)) ?? places.get(String(table.number(row, from))));
      if (place !== undefined) {
        out[start + to + place] = 1;
        continue;
      }
      const { categories, shares } = feature as { categories: string[]; shares: number[] };
      if (missing === "error")
        throw table.error(
          `expected one of ${listClasses(categories)}, got ${showCell(table, row, from)}`,
          row,
          from,
        );
      if (missing === "drop") return false;
      out.set(shares, start + to);
    }
  }
  return true;
}

function isBlank(table: Table, row: number, column: number): boolean {
  return !table.isNumber(row, column) && table.text(row, column).trim() === "";
}

function showCell(table: Table, row: number, column: number): string {
  const text = table.text(row, column);
  return text === "" ? "an empty cell" : show(text);
}

function columnIndex(table: Table, name: string): number {
  return columnIndices(table, [name])[0];
}

/** Where columns are. Throws the table's error, naming what is missing and what there is. */
function columnIndices(table: Table, names: readonly string[]): number[] {
  const places = new Map(table.columns.map((name, j) => [name, j]));
  const absent = names.filter((name) => !places.has(name));
  if (absent.length > 0) {
    const wanted = absent.length === 1 ? "a column" : "columns";
    throw table.error(
      `expected ${wanted} ${listClasses(absent)}, got ${listClasses(table.columns)}`,
    );
  }
  return names.map((name) => places.get(name)!);
}

/**
 * Throws unless an option is a list of the table's columns, each once and none of them the label.
 */
function checkNames(
  table: Table,
  option: string,
  names: readonly string[] | undefined,
  label: string,
): void {
  if (names === undefined) return;
  if (!Array.isArray(names) || !names.every((name) => typeof name === "string")) {
    throw new ArgumentTypeError(
      `fitEncoding: ${option} expected an array of column names, got ${show(names)}`,
    );
  }
  columnIndices(table, names);
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (twice !== undefined)
    throw new ArgumentRangeError(
      `fitEncoding: ${option} expected names that differ, got ${show(twice)} twice`,
    );
  if (names.includes(label))
    throw new ArgumentRangeError(
      `fitEncoding: ${option} expected columns other than the label, got ${show(label)}`,
    );
}
