// Which texts spell a decimal number.

/**
 * Whether the text is a decimal number as JavaScript writes and reads it: digits with an optional
 * sign, point and exponent. It takes time in proportion to the text.
 */
export function isDecimal(text: string): boolean {
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text);
}
