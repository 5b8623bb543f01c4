// Numbers as people and spreadsheets write them: with groups of thousands, a currency sign, a unit,
// in brackets when they are negative, with digits and signs of other scripts.

/** How decimal numbers are written: with a point or a comma before the decimals. */
export type DecimalPoint = "." | ",";

/** A number and the unit it is written with: "$", "%", "cm", or "" for none. */
export type NumberText = { value: number; unit: string };

const CODES = "USD|EUR|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|BRL|CAD|AUD|NZD|ZAR|RUB";
const CURRENCY = `[A-Z]{0,3}\\p{Sc}|(?:${CODES})(?= )`;
// A unit after the number: a percent or currency sign, or a short word such as cm, km/h or °C.
const UNIT = "[%‰]|[A-Z]{0,3}\\p{Sc}|[\\p{L}°][\\p{L}°²³/·]{0,11}\\.?";

// Made when first asked for: an import would wait 0.3 ms for them.
const patterns: { [decimal in DecimalPoint]?: RegExp } = {};

/** The pattern of numbers with this point; the other mark separates groups of thousands. */
function patternOf(decimal: DecimalPoint): RegExp {
  return (patterns[decimal] ??= decimal === "." ? pattern("\\.", ",") : pattern(",", "\\."));
}

/** The pattern of numbers with this point and this mark between groups of thousands. */
function pattern(point: string, mark: string): RegExp {
  const groups = ["'", " "].map((separator) => `\\d{1,3}(?:${separator}\\d{3})+`);
  const whole = [
    ...groups,
    `\\d{1,3}(?:${mark}\\d{3})+`,
    `\\d{1,2}(?:${mark}\\d{2})+${mark}\\d{3}`,
  ];
  const digits = `(?:(?:${whole.join("|")}|\\d+)(?:${point}\\d*)?|${point}\\d+)`;
  const number = `${digits}(?:[eEdD][+-]?\\d{1,4})?`;
  const source = `(\\()?([+-])? ?(${CURRENCY})? ?([+-])?(${number}) ?(${UNIT})?(\\))?`;
  return new RegExp(`^${source}$`, "u");
}

const MARKS = { ".": /[, ']/g, ",": /[. ']/g };

// How a text begins that may be a number or the code of a currency.
const BEGINNING = /^[\d(+\-.,$\u00a2-\u00a5\u2212A-Z]|^[^\0-\x7f]/;

/**
 * The number that `text` means, with its unit; undefined when it is no number. "(1,234.50)" is
 * −1234.5, "€ 5" has the unit "€", "12 cm" the unit "cm". TRUE is no number here.
 * @example
 * readNumberText("$1,234.50"); // { value: 1234.5, unit: "$" }
 * readNumberText("1.234,5 kg", ","); // { value: 1234.5, unit: "kg" }
 */
export function readNumberText(text: string, decimal: DecimalPoint = "."): NumberText | undefined {
  if (!BEGINNING.test(text) || !hasDigit(text)) return undefined;
  const found = patternOf(decimal).exec(plainCharacters(text).trim());
  if (found === null) return undefined;
  const [, open, outer, before, inner, number, after, close] = found;
  if ((open === undefined) !== (close === undefined)) return undefined;
  const signs = [open && "-", outer, inner].filter((sign) => sign !== undefined);
  if (signs.length > 1 || (before !== undefined && after !== undefined)) return undefined;
  const spelling = number.replace(MARKS[decimal], "").replace(",", ".").replace(/d/i, "e");
  const value = Number(spelling);
  if (!Number.isFinite(value)) return undefined;
  return { value: signs[0] === "-" ? -value : value, unit: before ?? after ?? "" };
}

/** The unit of a number, whatever its decimal point is; undefined when the text is no number. */
export function unitOf(text: string): string | undefined {
  return (readNumberText(text, ".") ?? readNumberText(text, ","))?.unit;
}

/** Whether a unit is a currency: its numbers mean the same with and without the sign. */
export function isCurrency(unit: string): boolean {
  return /^(?:[A-Z]{0,3}\p{Sc}|[A-Z]{3})$/u.test(unit);
}

function hasDigit(text: string): boolean {
  return /[\d\uff10-\uff19\u0660-\u0669\u06f0-\u06f9]/.test(text);
}

/** The text with plain digits, signs and blanks in place of those of other scripts. */
function plainCharacters(text: string): string {
  if (!/[^\x20-\x7e]/.test(text)) return text;
  return text
    .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/[\u2212\u2013]/g, "-")
    .replace(/\u2019/g, "'")
    .replace(/[\u200b-\u200f\u2060\ufeff]/g, "")
    .replace(/[\u00a0\u2007-\u200a\u202f]/g, " ");
}
