// What has to be remembered to make X and y from a table again: plain JSON, as it stands in a model
// file.

import {
  checkArray,
  checkChoice,
  checkCount,
  checkDistinct,
  checkFinite,
  checkFlag,
  checkInteger,
  checkOptions,
  checkText,
  checkTexts,
  isRecord,
  wrongType,
} from "../base/checks.ts";
import { ArgumentRangeError } from "../base/errors.ts";
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

type CategoryEncoding = Extract<FeatureEncoding, { categories: string[] }>;

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
  checkOptions(where, value, ["features", "label", "classes", "missing", "na", "decisions"]);
  const encoding = value as Record<string, unknown>;
  const { features, label, classes, missing, na = [], decisions = [] } = encoding;
  checkText(where, "label", label);
  checkChoice(where, "missing", missing, MISSING);
  checkFilled(where, "classes", classes);
  checkClassNames(`${where}: classes`, classes);
  checkDistinct(where, "classes", classes);
  checkFilled(where, "features", features);
  features.forEach((feature, f) => checkFeature(where, `features[${f}]`, feature));
  checkDistinct(
    where,
    "features",
    (features as FeatureEncoding[]).map(({ column }) => column),
  );
  checkTexts(where, "na", na);
  checkArray(where, "decisions", decisions);
  decisions.forEach((decision, d) => checkDecision(where, `decisions[${d}]`, decision));
  return value as Encoding;
}

function checkFeature(where: string, name: string, feature: unknown): void {
  if (!isRecord(feature)) throw wrongType(where, name, "an object", feature);
  const { column, mean, unit = "", categories, shares, rare = [], hasMissing } = feature;
  checkText(where, `${name}.column`, column);
  if (categories === undefined) {
    checkFinite(where, `${name}.mean`, mean);
    checkText(where, `${name}.unit`, unit);
    return;
  }
  for (const [key, texts] of Object.entries({ categories, rare })) {
    checkTexts(where, `${name}.${key}`, texts);
    checkDistinct(where, `${name}.${key}`, texts as string[]);
  }
  checkFlag(where, `${name}.hasMissing`, hasMissing);
  checkArray(where, `${name}.shares`, shares);
  const width = widthOf(feature as FeatureEncoding);
  if (width === 0) checkFilled(where, `${name}.categories`, categories);
  checkCount(where, `${name}.shares`, shares.length, width, "numbers");
  shares.forEach((share, k) => checkFinite(where, `${name}.shares[${k}]`, share, 0));
}

function checkDecision(where: string, name: string, decision: unknown): void {
  const { column, kind, missing, done, confirm } = Object(decision);
  const isDecision = [column, kind, done].every((text) => typeof text === "string");
  if (!isDecision || !Array.isArray(confirm))
    throw wrongType(where, name, "a decision about a column", decision);
  checkInteger(where, `${name}.missing`, missing, 0);
}

/** Throws unless `value` is an array of one element at least. */
function checkFilled(
  where: string,
  name: string,
  value: unknown,
): asserts value is readonly unknown[] {
  checkArray(where, name, value);
  if (value.length === 0)
    throw new ArgumentRangeError(`${where}: ${name} expected at least one, got none`);
}

/** The number of columns of X that a feature has. */
export function widthOf(feature: FeatureEncoding): number {
  return "categories" in feature ? partsOf(feature).length : 1;
}

/**
 * The names of X's columns: a feature's own, or `column=category`, `column=(rare)` and
 * `column=(missing)`.
 */
export function featureNames(encoding: Encoding): string[] {
  return encoding.features.flatMap((feature) =>
    "categories" in feature
      ? partsOf(feature).map((part) => `${feature.column}=${part}`)
      : [feature.column],
  );
}

/** What each column of X stands for that a feature of categories has. */
function partsOf({ categories, rare = [], hasMissing = false }: CategoryEncoding): string[] {
  const others = [rare.length > 0 ? "(rare)" : "", hasMissing ? "(missing)" : ""];
  return [...categories, ...others.filter((name) => name !== "")];
}
