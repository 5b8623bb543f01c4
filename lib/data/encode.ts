// X and y from the cells of a table, as an Encoding says, whatever the order of the columns. Cells
// that are missing, no number or no known category are counted for each column.

import type { NewInt32Array } from "../base/arrays.ts";
import { show } from "../base/checks.ts";
import { checkTable, type Table } from "../base/table.ts";
import { Matrix } from "../matrix/matrix.ts";
import { columnIndex, columnIndices } from "./column-names.ts";
import { checkEncoding, type Encoding, type FeatureEncoding, widthOf } from "./encoding.ts";
import { listClasses } from "./labels.ts";
import { emptyNumbers, type IsMissing, type Missing, missingTest } from "./missing.ts";

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
    if (!isMissing(text))
      throw table.error(
        `expected a label of ${listClasses(encoding.classes)}, got ${show(text)}`,
        row,
        column,
      );
    if (encoding.missing === "error")
      throw table.error(`expected a label, got ${showCell(text)}`, row, column);
    return -1;
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
  feature: FeatureEncoding;
  index: number;
  start: number;
  /** What numbers are written with. */
  unit: string | undefined;
  /** The column of X, from `start`, of each category. */
  places: Map<string, number> | undefined;
  missingPlace: number | undefined;
  rarePlace: number | undefined;
  counts: CellCounts;
};

function plan(feature: FeatureEncoding, index: number, start: number): Plan {
  const counts = { column: feature.column, missing: 0, notNumbers: 0, unknown: 0 };
  const base = { feature, index, start, counts, missingPlace: undefined, rarePlace: undefined };
  if (!("categories" in feature)) return { ...base, unit: feature.unit, places: undefined };
  const { categories, rare = [], hasMissing = false } = feature;
  const places = new Map(categories.map((category, k) => [category, k]));
  for (const category of rare) places.set(category, categories.length);
  const rarePlace = rare.length > 0 ? categories.length : undefined;
  const missingPlace = hasMissing ? widthOf(feature) - 1 : undefined;
  return { ...base, unit: undefined, places, rarePlace, missingPlace };
}

function encodeRows(
  source: Table,
  encoding: Encoding,
  isWanted: (row: number) => boolean,
): EncodedFeatures {
  const table = emptyNumbers(source, encoding.na);
  const names = encoding.features.map(({ column }) => column);
  // An empty array of records has no columns, so none can be missing.
  const isEmpty = table.rowCount === 0 && table.columns.length === 0;
  const indices = isEmpty ? [] : columnIndices(table, names);
  let width = 0;
  const plans = encoding.features.map((feature, f) => {
    const start = width;
    width += widthOf(feature);
    return plan(feature, indices[f], start);
  });
  const isMissing = missingTest(encoding.na);
  const X = new Matrix(table.rowCount, width);
  const rows = new Int32Array(table.rowCount);
  const encoder = new RowEncoder(table, plans, encoding.missing, isMissing, X.data);
  let kept = 0;
  for (let row = 0; row < table.rowCount; row++) {
    if (!isWanted(row)) continue;
    if (encoder.encode(row, kept * width)) rows[kept++] = row;
    else X.data.fill(0, kept * width, (kept + 1) * width);
  }
  const cells = plans
    .map(({ counts }) => counts)
    .filter(({ missing, notNumbers, unknown }) => missing + notNumbers + unknown > 0);
  if (kept === table.rowCount) return { X, rows, cells };
  return { X: X.sliceRows(0, kept).clone(), rows: rows.slice(0, kept), cells };
}

/** Writes rows of a table into X. */
class RowEncoder {
  readonly #table: Table;
  readonly #plans: readonly Plan[];
  readonly #missing: Missing;
  readonly #isMissing: IsMissing;
  readonly #out: Float64Array;

  constructor(
    table: Table,
    plans: readonly Plan[],
    missing: Missing,
    isMissing: IsMissing,
    out: Float64Array,
  ) {
    this.#table = table;
    this.#plans = plans;
    this.#missing = missing;
    this.#isMissing = isMissing;
    this.#out = out;
  }

  /** Writes the row of X that begins at `start`. False when the row is to be dropped. */
  encode(row: number, start: number): boolean {
    let isComplete = true;
    for (const each of this.#plans) {
      const done =
        each.places === undefined
          ? this.#number(row, each, start + each.start)
          : this.#category(row, each, each.places, start + each.start);
      isComplete &&= done;
    }
    return isComplete;
  }

  #number(row: number, plan: Plan, at: number): boolean {
    const value = this.#table.number(row, plan.index, plan.unit);
    if (value !== value) return this.#notNumber(row, plan, at);
    this.#out[at] = value;
    return true;
  }

  /** Writes what a cell that holds no number of its column means. */
  #notNumber(row: number, { index, feature, counts }: Plan, at: number): boolean {
    const text = this.#table.text(row, index);
    const isMissing = this.#isMissing(text);
    if (isMissing) counts.missing++;
    else {
      counts.notNumbers++;
      counts.example ??= text;
    }
    if (this.#missing === "error")
      throw this.#table.error(`expected a number, got ${showCell(text)}`, row, index);
    this.#out[at] = (feature as { mean: number }).mean;
    return this.#missing !== "drop";
  }

  #category(row: number, plan: Plan, places: Map<string, number>, at: number): boolean {
    const { index, feature, counts } = plan;
    const text = this.#table.text(row, index);
    let place = places.get(text) ?? places.get(plainNumber(this.#table, row, index));
    if (place === undefined) {
      const isMissing = this.#isMissing(text);
      if (isMissing) counts.missing++;
      else {
        counts.unknown++;
        counts.example ??= text;
      }
      if (this.#missing === "drop") return false;
      place = isMissing ? plan.missingPlace : plan.rarePlace;
      if (this.#missing === "error" && (place === undefined || isMissing)) {
        const { categories } = feature as { categories: string[] };
        const message = `expected one of ${listClasses(categories)}, got ${showCell(text)}`;
        throw this.#table.error(message, row, index);
      }
    }
    if (place === undefined) this.#out.set((feature as { shares: number[] }).shares, at);
    else this.#out[at + place] = 1;
    return true;
  }
}

/** A number in JavaScript's spelling, for a category that is spelt 1.0 or 1,000 here. */
export function plainNumber(table: Table, row: number, column: number): string {
  const value = table.number(row, column);
  return value === value ? String(value) : "";
}

function showCell(text: string): string {
  return text === "" ? "an empty cell" : show(text);
}
