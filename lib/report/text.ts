// Text in terminals and figures: foreign text made harmless, measured and cut to fit, and numbers
// as text.

import { lazyPattern } from "../base/lazy-pattern.ts";

// Control characters, lone surrogates, line separators, direction marks and overrides, byte order
// marks.
const CONTROL = lazyPattern(
  String.raw`[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff\ufffe\uffff]`,
  "gu",
);
// East Asian wide characters, Hangul, full-width forms, emoji
const WIDE = new RegExp(
  String.raw`[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff` +
    String.raw`\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]`,
  "u",
);
const ZERO_WIDTH = lazyPattern(String.raw`[\p{Mn}\p{Me}\u200b-\u200d\ufe00-\ufe0f]`, "u");
const UPPER_CASE = lazyPattern(String.raw`\p{Lu}`, "u");
const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const MAX_LENGTH = 4096; // longer text is cut before it is measured
const MAX_LINES = 3;

/**
 * `text` with every control character, direction override and lone surrogate spelled out (`\x1b`,
 * `\u202e`), so that it cannot control a terminal.
 */
export function visibleText(text: string): string {
  return String(text).replace(CONTROL(), (character) => {
    const code = character.charCodeAt(0).toString(16);
    const escaped = code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
    return ESCAPES[character] ?? escaped;
  });
}

/**
 * `text` for a figure or a page: tabs and line breaks become one space, and other control
 * characters, direction overrides and lone surrogates, which XML forbids or which mislead a reader,
 * are spelled out.
 */
export function printableText(text: string): string {
  return visibleText(String(text).replace(/[\t\n\r]+/g, " "));
}

/**
 * The number of terminal columns of `text`: two for East Asian wide characters and emoji, none for
 * combining marks.
 */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text)
    width += ZERO_WIDTH().test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** `text` padded with spaces to `width` columns; longer text is returned unchanged. */
export function pad(text: string, width: number, align: "left" | "right"): string {
  const length = width + text.length - displayWidth(text);
  return align === "left" ? text.padEnd(length) : text.padStart(length);
}

/** `text` cut to at most `width` columns, with an ellipsis at the end if it was cut. */
export function truncate(text: string, width: number): string {
  return cut(text, width, displayWidth);
}

/** The width of `text` in pixels, estimated on the wide side for a sans-serif font of `size`. */
export function textWidth(text: string, size: number, bold = false): number {
  let ems = 0;
  for (const character of text) {
    if (ZERO_WIDTH().test(character)) continue;
    if (WIDE.test(character)) ems += 1.05;
    else if (/[iljtfrI.,:;|!'()[\] ]/.test(character)) ems += 0.36;
    else if (/[mwMW@%\u2014]/.test(character)) ems += 0.92;
    else if (UPPER_CASE().test(character)) ems += 0.72;
    else ems += 0.62;
  }
  return ems * size * (bold ? 1.1 : 1);
}

/** `text`, made printable, cut to at most `width` pixels at font size `size`. */
export function fitText(text: string, size: number, width: number): string {
  return cut(printableText(text), width, (part) => textWidth(part, size));
}

/**
 * `text`, made printable, in at most three lines of at most `width` pixels, broken at spaces. A
 * longer word and a longer last line are cut.
 */
export function wrapText(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  // no break before the dot between two facts
  for (const word of printableText(text)
    .slice(0, MAX_LENGTH)
    .split(/ (?!\u00b7)/)) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length === MAX_LINES || (lines.length > 0 && textWidth(longer, size) <= width))
      lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map((line) => fitText(line, size, width));
}

function cut(text: string, width: number, measure: (text: string) => number): string {
  if (text.length <= MAX_LENGTH && measure(text) <= width) return text;
  let kept = "";
  let used = measure("…");
  if (used > width) return "";
  for (const character of text) {
    used += measure(character);
    if (used > width) break;
    kept += character;
  }
  return kept.trimEnd() + "…";
}

/**
 * A number as figures show it: at most `digits` significant digits, no trailing zeros, a minus sign
 * (−), and an exponent only for very large and very small numbers.
 */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size === 0 || (size < 1e6 && size >= 1e-4)) return typeset(String(rounded));
  // 1.798e308 would read back as infinite
  return typeset(size < Infinity ? rounded.toExponential() : value.toPrecision(digits));
}

/** A number in decimal or exponential notation as figures show it: "-1.5e+7" as "−1.5e7". */
export function typeset(notation: string): string {
  return groupThousands(notation).replace("e+", "e").replaceAll("-", "−");
}

/** "12345.5" as "12,345.5"; four digits have no comma. */
export function groupThousands(decimal: string): string {
  return decimal.replace(/^(-?)(\d{5,})/, (_, sign: string, digits: string) => {
    const first = digits.length % 3;
    const groups = digits.slice(first).match(/\d{3}/g)!;
    return sign + (first > 0 ? `${digits.slice(0, first)},` : "") + groups.join(",");
  });
}

/** A number with at most `digits` significant digits, as one can type it again. */
export function shortNumber(value: number, digits = 4): string {
  return String(Number(value.toPrecision(digits)));
}

/**
 * A fraction as a percentage with `decimals` decimals: 0.97 is "97.0%". A fraction that is not
 * finite, such as a share of nothing, is "–".
 */
export function formatPercent(fraction: number, decimals = 1): string {
  return Number.isFinite(fraction) ? `${(fraction * 100).toFixed(decimals)}%` : "–";
}

/** A value as a percentage, or as a number with at most `digits` significant digits. */
export function valueText(value: number, percent = false, digits?: number): string {
  return percent ? formatPercent(value) : formatNumber(value, digits);
}
