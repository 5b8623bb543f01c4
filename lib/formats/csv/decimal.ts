// Which text is a decimal number, and which float64 it is: [+-] digits [. digits] [e [+-] digits],
// with a digit on one side of the point at least; in a decimal-comma file the point is a comma. No
// hexadecimal, no "inf" or "nan": in a table those are words. readCell also takes what people and
// spreadsheets write: groups of thousands (1,234,567), units, TRUE or FALSE.

import { type DecimalPoint, type NumberText, readNumberText } from "../../base/number-text.ts";

// Powers of ten that float64 holds exactly. With at most 15 digits both operands are exact, so that
// one multiplication or division rounds correctly (W. D. Clinger, "How to read floating point
// numbers accurately", 1990).
const EXACT_POWERS = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
const EXACT_DIGITS = 15;

/** What the last scanDecimal saw. One object, reused, so that a cell costs no allocation. */
export const scanned = {
  /** Where the number ends. */
  end: 0,
  /**
   * Whether the spelling says more than the number: an integer with leading zeros or more than 15
   * digits, as identifiers have.
   */
  identifier: false,
};

const POINT = 46;
const COMMA = 44;

/**
 * The number that begins at `start`, rounded to nearest; NaN when none does or it overflows. Sets
 * `scanned`. `point` is the character code of the decimal point.
 */
export function scanDecimal(text: string, start: number, point = POINT): number {
  let at = start;
  let code = text.charCodeAt(at);
  const negative = code === 45;
  if (negative || code === 43) code = text.charCodeAt(++at);
  const firstDigit = at;
  const leadingZero = code === 48;
  let mantissa = 0;
  let digits = 0; // significant ones, leading zeros left out
  let exponent = 0;
  while (code >= 48 && code <= 57) {
    mantissa = mantissa * 10 + (code - 48);
    if (mantissa !== 0) digits++;
    code = text.charCodeAt(++at);
  }
  let seen = at - firstDigit;
  const whole = seen;
  const integer = code !== point && code !== 101 && code !== 69;
  if (code === point) {
    code = text.charCodeAt(++at);
    const firstDecimal = at;
    while (code >= 48 && code <= 57) {
      mantissa = mantissa * 10 + (code - 48);
      if (mantissa !== 0) digits++;
      code = text.charCodeAt(++at);
    }
    exponent = firstDecimal - at;
    seen -= exponent;
  }
  scanned.end = start;
  if (seen === 0) return NaN;
  if (code === 101 || code === 69) {
    code = text.charCodeAt(++at);
    const down = code === 45;
    if (down || code === 43) code = text.charCodeAt(++at);
    if (!(code >= 48 && code <= 57)) return NaN;
    let power = 0;
    while (code >= 48 && code <= 57) {
      if (power < 100000) power = power * 10 + (code - 48);
      code = text.charCodeAt(++at);
    }
    exponent += down ? -power : power;
  }
  scanned.end = at;
  scanned.identifier = integer && ((leadingZero && whole > 1) || whole > EXACT_DIGITS);
  let value: number;
  if (digits <= EXACT_DIGITS && exponent >= -22 && exponent <= 22) {
    value = exponent < 0 ? mantissa / EXACT_POWERS[-exponent] : mantissa * EXACT_POWERS[exponent];
  } else {
    const spelling = text.slice(firstDigit, at);
    value = Number(point === POINT ? spelling : spelling.replace(",", "."));
  }
  if (value === Infinity) return NaN;
  return negative ? -value : value;
}

/**
 * The number that a cell's text means, with its unit: a decimal number, TRUE (1) or FALSE (0) in
 * any case, or what readNumberText reads. Blanks around it are allowed. Undefined for other texts.
 */
export function readCell(text: string, decimal: DecimalPoint = "."): NumberText | undefined {
  const trimmed = text.trim();
  const value = scanDecimal(trimmed, 0, decimal === "." ? POINT : COMMA);
  if (value === value && scanned.end === trimmed.length) return { value, unit: "" };
  if (/^(?:true|false)$/i.test(trimmed)) return { value: trimmed.length === 4 ? 1 : 0, unit: "" };
  return readNumberText(trimmed, decimal);
}
