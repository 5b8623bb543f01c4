// X and y from the cells of a table, as an Encoding says, whatever the order of the columns. Cells
// that are missing, no number or no known category are counted for each column.

import type { NewInt32Array } from "../base/arrays.ts";
import { checkTable, type Table } from "../base/table.ts";
import { Matrix } from "../matrix/matrix.ts";
import { columnIndex, columnIndices } from "./column-names.ts";
import { checkEncoding, type Encoding, type FeatureEncoding, widthOf } from "./encoding.ts";
import { listClasses } from "./labels.ts";
import { emptyNumbers, type IsMissing, type Missing, missingTest, showCell } from "./missing.ts";

/** The numbers of cells in a column that could not be used as they are. */
export type CellCounts = {
  column: string;
  missing: number;
  /** Texts in a column of numbers, and an example. */
  notNumbers: number;
  /** Categories that the encoding does not know, and an example. */
  unknown: number;
  example?: string | undefined;
};

/** X and the rows of the table that it has. */
export type EncodedFeatures = { X: Matrix; rows: NewInt32Array; cells: CellCounts[] };

/**
 * X (N, D) and y (N) as `encoding` has it, the table's columns in any order and others ignored.
 * `rows` are the table's rows that X has: those with a label, and without missing cells when
 * missing is "drop". Throws the table's error, naming the cell, for a cell that cannot be encoded,
 * a label that is not known, and when no row is left.
 * @example
 * const fruit = parseCsv("weight,color,kind\n3,red,plum\n8,green,pear\n9,red,pear\n");
 * const { X, y } = encodeTable(fruit, fitEncoding(fruit, { label: "kind" }));
 * console.log(JSON.stringify(X.toRows()), y.join()); // [[3,0,1],[8,1,0],[9,0,1]] 1,0,0
 */
export function encodeTable(
  table: Table,
  encoding: Encoding,
): EncodedFeatures & { y: NewInt32Array } {
  checkTable("encodeTable", table);
  checkEncoding("encodeTable", encoding);
  const labels = encodeLabelColumn(table, encoding);
  const { X, rows, cells } = encodeRows(table, encoding, (row) => labels[row] >= 0);
  if (rows.length === 0) {
    throw table.error(
      table.rowCount === 0
        ? "expected at least one row after the header, got none"
        : "expected a row without missing cells, got none",
    );
  }
  return { X, y: Int32Array.from(rows, (row) => labels[row]), rows, cells };
}

/**
 * The label of each row of the table, -1 where its cell is missing. Throws the table's error for a
 * label that is not known, and for a missing one when missing is "error".
 */
export function encodeLabelColumn(source: Table, encoding: Encoding): NewInt32Array {
  const table = emptyNumbers(source, encoding.na);
  const column = columnIndex(table, encoding.label);
  const isMissing = missingTest(encoding.na);
  const labelOf = new Map(encoding.classes.map((name, label) => [String(name), label]));
  return Int32Array.from({ length: table.rowCount }, (_, row) => {
    const text = table.text(row, column);
    const label = labelOf.get(text) ?? labelOf.get(plainNumber(table, row, column));
    if (label !== undefined) return label;
    const isAbsent = isMissing(text);
    if (isAbsent && encoding.missing !== "error") return -1;
    const expected = isAbsent ? "a label" : `a label of ${listClasses(encoding.classes)}`;
    throw table.error(`expected ${expected}, got ${showCell(text)}`, row, column);
  });
}

/**
 * X (N, D) and the rows it has, as encodeTable, of a table that needs no label. No rows give 0×D.
 */
export function encodeFeatures(table: Table, encoding: Encoding): EncodedFeatures {
  return encodeRows(table, encoding, () => true);
}

/** Where one feature is in the table and in X, and what its cells are. */
type Plan = {
  index: number;
  start: number;
  /** What numbers are written with. */
  unit?: string | undefined;
  /** The categories, and the column of X, from `start`, of each; undefined for numbers. */
  categories?: readonly string[];
  places?: Map<string, number>;
  missingPlace?: number | undefined;
  rarePlace?: number | undefined;
  /** What is in X where a cell has no place there: the mean, or the shares of the categories. */
  standIn: readonly number[];
  counts: CellCounts;
};

/** Writes rows of a table into `out`. */
type Encoder = {
  table: Table;
  plans: readonly Plan[];
  missing: Missing;
  isMissing: IsMissing;
  out: Float64Array;
};

function plan(feature: FeatureEncoding, index: number, start: number): Plan {
  const counts = { column: feature.column, missing: 0, notNumbers: 0, unknown: 0 };
  if (!("categories" in feature))
    return { index, start, counts, unit: feature.unit, standIn: [feature.mean] };
  const { categories, rare = [], hasMissing, shares: standIn } = feature;
  const places = new Map(categories.map((category, k) => [category, k]));
  for (const category of rare) places.set(category, categories.length);
  const rarePlace = rare.length > 0 ? categories.length : undefined;
  const missingPlace = hasMissing ? widthOf(feature) - 1 : undefined;
  return { index, start, counts, categories, places, missingPlace, rarePlace, standIn };
}

function encodeRows(
  source: Table,
  encoding: Encoding,
  isWanted: (row: number) => boolean,
): EncodedFeatures {
  const { features, missing, na } = encoding;
  const table = emptyNumbers(source, na);
  const { rowCount } = table;
  const names = features.map(({ column }) => column);
  // An empty array of records has no columns, so none can be missing.
  const isEmpty = rowCount === 0 && table.columns.length === 0;
  const indices = isEmpty ? [] : columnIndices(table, names);
  let width = 0;
  const plans = features.map((feature, f) => {
    const start = width;
    width += widthOf(feature);
    return plan(feature, indices[f], start);
  });
  const X = new Matrix(rowCount, width);
  const rows = new Int32Array(rowCount);
  const encoder = { table, plans, missing, isMissing: missingTest(na), out: X.data };
  let kept = 0;
  for (let row = 0; row < rowCount; row++) {
    if (!isWanted(row)) continue;
    if (encodeRow(encoder, row, kept * width)) rows[kept++] = row;
    else X.data.fill(0, kept * width, (kept + 1) * width);
  }
  const cells = plans
    .map(({ counts }) => counts)
    .filter(({ missing, notNumbers, unknown }) => missing + notNumbers + unknown > 0);
  if (kept === rowCount) return { X, rows, cells };
  return { X: X.sliceRows(0, kept).clone(), rows: rows.slice(0, kept), cells };
}

/** Writes the row of X that begins at `start`. False when the row is to be dropped. */
function encodeRow(encoder: Encoder, row: number, start: number): boolean {
  const { table, plans, out } = encoder;
  let isComplete = true;
  for (const plan of plans) {
    const { index, places } = plan;
    const at = start + plan.start;
    if (places === undefined) {
      const value = table.number(row, index, plan.unit);
      if (value === value) {
        out[at] = value;
        continue;
      }
    } else {
      const place =
        places.get(table.text(row, index)) ?? places.get(plainNumber(table, row, index));
      if (place !== undefined) {
        out[at + place] = 1;
        continue;
      }
    }
    if (!encodeOther(encoder, plan, row, at)) isComplete = false;
  }
  return isComplete;
}

/** Writes a cell that is no number, or no known category. False when its row is to be dropped. */
function encodeOther(encoder: Encoder, plan: Plan, row: number, at: number): boolean {
  const { table, missing, out } = encoder;
  const { index, categories, counts } = plan;
  const text = table.text(row, index);
  const isMissing = encoder.isMissing(text);
  if (isMissing) counts.missing++;
  else {
    counts[categories === undefined ? "notNumbers" : "unknown"]++;
    counts.example ??= text;
  }
  if (missing === "drop") return false;
  const place = isMissing ? plan.missingPlace : plan.rarePlace;
  if (missing === "error" && (isMissing || place === undefined)) {
    const expected = categories === undefined ? "a number" : `one of ${listClasses(categories)}`;
    throw table.error(`expected ${expected}, got ${showCell(text)}`, row, index);
  }
  if (place === undefined) out.set(plan.standIn, at);
  else out[at + place] = 1;
  return true;
}

/** A number in JavaScript's spelling, for a category that is spelt 1.0 or 1,000 here. */
export function plainNumber(table: Table, row: number, column: number): string {
  const value = table.number(row, column);
  return value === value ? String(value) : "";
}
