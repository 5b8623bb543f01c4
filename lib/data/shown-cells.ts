// The cells of a table as a person is to see them beside a prediction: as they stand in the file,
// with a mark where the net was given something else.

import type { Table } from "../base/table.ts";
import { columnIndices } from "./column-names.ts";
import { plainNumber } from "./encode.ts";
import type { Encoding, FeatureEncoding } from "./encoding.ts";
import { emptyNumbers, type IsMissing, missingTest } from "./missing.ts";

/**
 * A function that returns the cells of a row that the encoding reads, in the order of its features.
 * A missing cell is "(missing)". Where the mean of a column stands in for a cell, the mark says so,
 * as in "(missing, taken as 2.5)" and "abc (taken as 2.5)"; a category that was not known in
 * training is marked as unknown.
 */
export function describeCells(source: Table, encoding: Encoding): (row: number) => string[] {
  const table = emptyNumbers(source, encoding.na);
  const indices = columnIndices(
    table,
    encoding.features.map(({ column }) => column),
  );
  const isMissing = missingTest(encoding.na);
  return (row) =>
    encoding.features.map((feature, f) => describeCell(table, row, indices[f], feature, isMissing));
}

function describeCell(
  table: Table,
  row: number,
  index: number,
  feature: FeatureEncoding,
  isMissing: IsMissing,
): string {
  const text = table.text(row, index);
  if ("categories" in feature) {
    const { categories, rare = [] } = feature;
    const isKnown = (name: string): boolean => categories.includes(name) || rare.includes(name);
    if (isKnown(text) || isKnown(plainNumber(table, row, index))) return text;
    return isMissing(text) ? "(missing)" : `${text} (unknown)`;
  }
  const value = table.number(row, index, feature.unit);
  if (value === value) return text;
  const taken = `taken as ${Number(feature.mean.toPrecision(4))}`;
  return isMissing(text) ? `(missing, ${taken})` : `${text} (${taken})`;
}
