// Which texts and numbers are dates or times of day.

const MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?";
const TIME = "\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?(?: ?[ap]\\.?m\\.?)?";
const ZONE = " ?(?:z|utc|gmt|[+-]\\d{2}:?\\d{2})?";
const DATES = [
  `\\d{4}[-/.]\\d{1,2}(?:[-/.]\\d{1,2})?`,
  `\\d{1,2}[-/.]\\d{1,2}[-/.](?:\\d{4}|\\d{2})`,
  `\\d{1,2}[ .-]+${MONTH}[ ,-]+(?:\\d{4}|\\d{2})`,
  `${MONTH} \\d{1,2},? \\d{4}`,
].join("|");
const DATE = new RegExp(`^(?:(?:${DATES})(?:[t ,]+${TIME}${ZONE})?|${TIME})$`, "i");
const DATE_SHARE = 0.95;

/** Whether nearly all of `total` cells hold dates or times; `texts` counts the different ones. */
export function areDates(texts: ReadonlyMap<string, { count: number }>, total: number): boolean {
  let dates = 0;
  for (const [text, { count }] of texts) if (DATE.test(text)) dates += count;
  return dates >= DATE_SHARE * total;
}

/** Whether an integer is a date such as 20240131. */
export function isDateNumber(value: number): boolean {
  const text = String(value);
  return /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(text);
}
