// Which cells count as missing, and what becomes of them. Empty cells do, and those that hold one
// of the usual texts for nothing.

export const MISSING = ["error", "drop", "mean"] as const;
/**
 * What a missing cell means: an error, that its row is left out ("drop"), or its column's mean, for
 * a category one of its own ("mean").
 */
export type Missing = (typeof MISSING)[number];

/** The texts that mean a missing cell unless the caller gives others; empty cells always do. */
export const MISSING_TEXTS: readonly string[] = [
  "NA",
  "N/A",
  "na",
  "n/a",
  "<NA>",
  "NaN",
  "nan",
  "NAN",
  "-nan",
  "-NaN",
  "null",
  "NULL",
  "Null",
  "None",
  "?",
  "-",
  "--",
  "#N/A",
  "#N/A N/A",
  "#NA",
  "#DIV/0!",
  "#VALUE!",
  "#REF!",
  "#NAME?",
  "#NUM!",
  "#NULL!",
];

/** Whether a cell's text means that there is no value; `na` are the texts that do. */
export type IsMissing = (text: string) => boolean;

/** The test for missing cells: an empty text, or one of `na`. */
export function missingTest(na: readonly string[] = MISSING_TEXTS): IsMissing {
  const texts = new Set(na.map((text) => text.trim()));
  return (text) => text === "" || texts.has(text);
}
