// What has to be remembered to make X and y from a table again: plain JSON, as it stands in a model
// file.

import { checkChoice, checkFinite, checkOptions, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { type ClassName, checkClassNames } from "./labels.ts";

export const MISSING = ["error", "drop", "mean"] as const;
/**
 * What an empty or unreadable cell means: "error", that its row is left out ("drop"), or its
 * column's mean ("mean").
 */
export type Missing = (typeof MISSING)[number];

/** What one column of the table becomes: one column of X, or one for each of its categories. */
export type FeatureEncoding =
  | { column: string; mean: number }
  | { column: string; categories: string[]; shares: number[] };

/** Everything needed to make X and y from a table. Plain JSON. */
export type Encoding = {
  features: FeatureEncoding[];
  label: string;
  classes: ClassName[];
  missing: Missing;
};

/**
 * `value` as an Encoding, after checking all of it: for what comes out of a file. Throws TypeError
 * or RangeError that name the member, as in `model: features[2].mean expected a finite number, got
 * "x"`.
 */
export function checkEncoding(where: string, value: unknown): Encoding {
  checkOptions(where, value, ["features", "label", "classes", "missing"]);
  const { features, label, classes, missing } = value as Record<string, unknown>;
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
    const name = `features[${f}]`;
    if (typeof feature !== "object" || feature === null)
      throw new ArgumentTypeError(`${where}: ${name} expected an object, got ${show(feature)}`);
    const { column, mean, categories, shares } = feature as Record<string, unknown>;
    if (typeof column !== "string")
      throw new ArgumentTypeError(
        `${where}: ${name}.column expected a column name, got ${show(column)}`,
      );
    if (seen.size === seen.add(column).size)
      throw new ArgumentRangeError(
        `${where}: ${name}.column expected names that differ, got ${show(column)} twice`,
      );
    if (categories === undefined) {
      checkFinite(where, `${name}.mean`, mean);
      return;
    }
    checkArray(where, `${name}.categories`, categories);
    checkArray(where, `${name}.shares`, shares);
    if (
      categories.length === 0 ||
      new Set(categories).size < categories.length ||
      !categories.every((category) => typeof category === "string")
    ) {
      throw new ArgumentRangeError(
        `${where}: ${name}.categories expected strings that differ, got ${show(categories)}`,
      );
    }
    if (shares.length !== categories.length) {
      throw new ArgumentRangeError(
        `${where}: ${name}.shares expected ${categories.length} numbers, got ${shares.length}`,
      );
    }
    shares.forEach((share, k) => checkFinite(where, `${name}.shares[${k}]`, share, 0));
  });
  return value as Encoding;
}

function checkArray(where: string, name: string, value: unknown): asserts value is unknown[] {
  if (!Array.isArray(value))
    throw new ArgumentTypeError(`${where}: ${name} expected an array, got ${show(value)}`);
}

/** The names of X's columns: a feature's own, or `column=category`. */
export function featureNames(encoding: Encoding): string[] {
  return encoding.features.flatMap((feature) =>
    "categories" in feature
      ? feature.categories.map((category) => `${feature.column}=${category}`)
      : [feature.column],
  );
}
