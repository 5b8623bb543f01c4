// Which categories of a column get a column of X each, and which ones are so rare that they share
// one.

import { sortClasses } from "./labels.ts";
import type { IsMissing } from "./missing.ts";

// A column of more categories would make X explode; those beyond are rare.
const MAX_CATEGORIES = 200;
// A category is rare below a hundredth of the rows, at most below 10 rows.
const RARE_SHARE = 0.01;
const RARE_COUNT = 10;
/** The test for missing cells of a column in which a minus may stand beside a plus. */
export function withoutMinus(texts: ReadonlyMap<string, unknown>, isMissing: IsMissing): IsMissing {
  return texts.has("+") ? (text) => text !== "-" && isMissing(text) : isMissing;
}

/** The categories that have a column of X each, and the rare ones that share one. */
export function splitRare(
  counts: Map<string, number>,
  total: number,
): { categories: string[]; rare: string[] } {
  const limit = Math.max(1, Math.min(RARE_COUNT, Math.round(RARE_SHARE * total)));
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const common = sorted.slice(0, MAX_CATEGORIES).filter(([, count]) => count >= limit);
  const kept = new Set(common.map(([text]) => text));
  const rare = sortClasses([...counts.keys()].filter((text) => !kept.has(text)));
  return { categories: sortTexts([...kept]), rare };
}

/** Numbers by size, anything else by code unit. */
function sortTexts(texts: string[]): string[] {
  const numbers = texts.map(Number);
  const allNumbers = numbers.every((value, i) => String(value) === texts[i]);
  return allNumbers ? sortClasses(numbers).map(String) : sortClasses(texts);
}
