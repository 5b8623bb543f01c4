// What has to be remembered to make X and y from a table again: plain JSON, as it stands in a model
// file.

import { checkChoice, checkFinite, checkInteger, checkOptions, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import type { ColumnDecision } from "./column-decision.ts";
import { type ClassName, checkClassNames } from "./labels.ts";
import { MISSING, type Missing } from "./missing.ts";

/**
 * What one column of the table becomes: one column of X, or one for each of its categories, then
 * one for all rare categories together, then one for missing cells. `shares` are the means of these
 * columns of X.
 */
export type FeatureEncoding =
  | {
      column: string;
      mean: number;
      /** What the numbers are written with, such as "$" or "cm"; undefined for nothing. */
      unit?: string | undefined;
    }
  | {
      column: string;
      categories: string[];
      shares: number[];
      /** The rare categories that share one column of X. */
      rare?: string[] | undefined;
      /** Whether missing cells have a column of X. */
      hasMissing?: boolean | undefined;
    };

/** Everything needed to make X and y from a table. Plain JSON. */
export type Encoding = {
  features: FeatureEncoding[];
  label: string;
  classes: ClassName[];
  missing: Missing;
  /** The texts that mean a missing cell, besides none at all; default NA, N/A, ?, … */
  na?: string[] | undefined;
  /** What was decided about the columns when the encoding was made. */
  decisions?: ColumnDecision[] | undefined;
};

/**
 * `value` as an Encoding, after checking all of it: for what comes out of a file. Throws TypeError
 * or RangeError that name the member, as in `model: features[2].mean expected a finite number, got
 * "x"`.
 */
export function checkEncoding(where: string, value: unknown): Encoding {
  const known = ["features", "label", "classes", "missing", "na", "decisions"];
  checkOptions(where, value, known);
  const { features, label, classes, missing, na, decisions } = value as Record<string, unknown>;
  if (typeof label !== "string")
    throw new ArgumentTypeError(`${where}: label expected a column name, got ${show(label)}`);
  checkChoice(where, "missing", missing, MISSING);
  checkArray(where, "classes", classes);
  if (classes.length === 0)
    throw new ArgumentRangeError(`${where}: classes expected at least one, got none`);
  checkClassNames(`${where}: classes`, classes);
  if (new Set(classes).size < classes.length)
    throw new ArgumentRangeError(`${where}: classes expected names that differ, got one twice`);
  checkArray(where, "features", features);
  if (features.length === 0)
    throw new ArgumentRangeError(`${where}: features expected at least one, got none`);
  const seen = new Set<unknown>();
  features.forEach((feature: unknown, f) => {
    checkFeature(where, `features[${f}]`, feature);
    const { column } = feature as FeatureEncoding;
    if (seen.size === seen.add(column).size)
      throw new ArgumentRangeError(
        `${where}: features[${f}].column expected names that differ, got ${show(column)} twice`,
      );
  });
  if (na !== undefined) checkTexts(where, "na", na);
  if (decisions !== undefined) checkDecisions(where, decisions);
  return value as Encoding;
}

function checkFeature(where: string, name: string, feature: unknown): void {
  if (typeof feature !== "object" || feature === null)
    throw new ArgumentTypeError(`${where}: ${name} expected an object, got ${show(feature)}`);
  const { column, mean, unit, categories, shares, rare, hasMissing } = feature as Record<
    string,
    unknown
  >;
  if (typeof column !== "string")
    throw new ArgumentTypeError(
      `${where}: ${name}.column expected a column name, got ${show(column)}`,
    );
  if (categories === undefined) {
    checkFinite(where, `${name}.mean`, mean);
    if (unit !== undefined && typeof unit !== "string")
      throw new ArgumentTypeError(`${where}: ${name}.unit expected a text, got ${show(unit)}`);
    return;
  }
  checkTexts(where, `${name}.categories`, categories);
  checkArray(where, `${name}.shares`, shares);
  if (rare !== undefined) checkTexts(where, `${name}.rare`, rare);
  if (hasMissing !== undefined && typeof hasMissing !== "boolean")
    throw new ArgumentTypeError(
      `${where}: ${name}.hasMissing expected true or false, got ${show(hasMissing)}`,
    );
  const width = widthOf(feature as FeatureEncoding);
  if (width === 0)
    throw new ArgumentRangeError(`${where}: ${name}.categories expected at least one, got none`);
  if (shares.length !== width)
    throw new ArgumentRangeError(
      `${where}: ${name}.shares expected ${width} numbers, got ${shares.length}`,
    );
  shares.forEach((share, k) => checkFinite(where, `${name}.shares[${k}]`, share, 0));
}

function checkDecisions(where: string, decisions: unknown): void {
  checkArray(where, "decisions", decisions);
  decisions.forEach((decision: unknown, d) => {
    const { column, kind, missing, done, confirm } = (decision ?? {}) as Record<string, unknown>;
    const texts = [column, kind, done];
    if (!texts.every((text) => typeof text === "string") || !Array.isArray(confirm))
      throw new ArgumentTypeError(
        `${where}: decisions[${d}] expected a decision about a column, got ${show(decision)}`,
      );
    checkInteger(where, `decisions[${d}].missing`, missing, 0);
  });
}

/** Throws unless `value` is an array of texts that differ. */
function checkTexts(where: string, name: string, value: unknown): asserts value is string[] {
  checkArray(where, name, value);
  const areTexts = value.every((each) => typeof each === "string");
  if (!areTexts || new Set(value).size < value.length)
    throw new ArgumentRangeError(
      `${where}: ${name} expected strings that differ, got ${show(value)}`,
    );
}

function checkArray(where: string, name: string, value: unknown): asserts value is unknown[] {
  if (!Array.isArray(value))
    throw new ArgumentTypeError(`${where}: ${name} expected an array, got ${show(value)}`);
}

/** The number of columns of X that a feature has. */
export function widthOf(feature: FeatureEncoding): number {
  if (!("categories" in feature)) return 1;
  const { categories, rare = [], hasMissing = false } = feature;
  return categories.length + (rare.length > 0 ? 1 : 0) + (hasMissing ? 1 : 0);
}

/**
 * The names of X's columns: a feature's own, or `column=category`, `column=(rare)` and
 * `column=(missing)`.
 */
export function featureNames(encoding: Encoding): string[] {
  return encoding.features.flatMap((feature) => {
    if (!("categories" in feature)) return [feature.column];
    const { column, categories, rare = [], hasMissing = false } = feature;
    const names = [
      ...categories,
      ...(rare.length > 0 ? ["(rare)"] : []),
      ...(hasMissing ? ["(missing)"] : []),
    ];
    return names.map((name) => `${column}=${name}`);
  });
}
