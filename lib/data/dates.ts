// Which texts and numbers are dates or times of day.

import { lazyPattern } from "../base/lazy-pattern.ts";

// How the names of months begin in English, German, French, Spanish, Italian, Portuguese, Dutch.
const MONTHS =
  "jan|gen|ene|feb|fév|fev|mar|mär|mrt|maa|apr|avr|abr|may|mai|mei|mag|jun|jui|giu|jul|lug|" +
  "aug|aoû|ago|sep|set|oct|okt|ott|out|nov|dec|dez|déc|dic";
const WORD = `(?:${MONTHS})\\p{L}{0,9}\\.?`;
const WEEKDAY = "(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\\.?,? )?";
const TIME = "\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?(?: ?[ap]\\.?m\\.?| uhr)?";
const ZONE = " ?(?:z|utc|gmt|[+-]\\d{2}:?\\d{2})?";
const DATES = [
  `\\d{4}[-/.]\\d{1,2}(?:[-/.]\\d{1,2})?`,
  `(?:19|20)\\d{2}-[0-3]\\d{2}`,
  `\\d{4}-?w\\d{2}(?:-?\\d)?`,
  `\\d{4}[-/ ]?q[1-4]`,
  `q[1-4][-/ ]\\d{4}`,
  `\\d{1,2}[-/.]\\d{1,2}[-/.](?:\\d{4}|\\d{2})`,
  `\\d{1,2}\\.?[ /.-]*${WORD}[ ,/.-]*(?:\\d{4}|\\d{2})`,
  `${WORD} \\d{1,2},? \\d{4}`,
  `${WORD}[ -]\\d{4}`,
  `${WORD} \\d{1,2} ${TIME} \\d{4}`,
  `\\d{4}年\\d{1,2}月(?:\\d{1,2}日)?`,
].join("|");
const DATE = lazyPattern(
  `^(?:${WEEKDAY}(?:${DATES})(?:[t ,:]+${TIME}${ZONE})?|\\d{8}t\\d{4,6}z?|${TIME})$`,
  "iu",
);
const DATE_SHARE = 0.95;

/** Whether nearly all of `total` cells hold dates or times; `texts` counts the different ones. */
export function areDates(texts: ReadonlyMap<string, { count: number }>, total: number): boolean {
  let dates = 0;
  for (const [text, { count }] of texts) if (DATE().test(text)) dates += count;
  return dates >= DATE_SHARE * total;
}

/** Whether an integer is a date such as 20240131. */
export function isDateNumber(value: number): boolean {
  const text = String(value);
  return /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(text);
}
