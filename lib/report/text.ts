// Text in terminals and figures: foreign text made harmless, measured and cut to fit, and numbers
// as text.

import { lazyPattern } from "../base/lazy-pattern.ts";

// Control characters; line separators, direction marks and overrides, byte order marks; with the u
// flag the last range matches lone surrogates only.
const CONTROL = lazyPattern(
  String.raw`[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]` +
    String.raw`|[\ud800-\udfff]`,
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

/**
 * `text` with every control character, direction override and lone surrogate spelled out (`\x1b`,
 * `\u202e`), so that it cannot control a terminal.
 */
export function visibleText(text: string): string {
  return String(text).replace(CONTROL(), spellOut);
}

/**
 * `text` for a figure or a page: tabs and line breaks become one space, and other control
 * characters, direction overrides and lone surrogates, which XML forbids or which mislead a reader,
 * are spelled out.
 */
export function printableText(text: string): string {
  return String(text)
    .replace(/[\t\n\r]+/g, " ")
    .replace(CONTROL(), spellOut);
}

function spellOut(character: string): string {
  const code = character.charCodeAt(0);
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
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
export function pad(text: string, width: number, align: "left" | "right" | "center"): string {
  const missing = Math.max(0, width - displayWidth(text));
  const left = align === "left" ? 0 : align === "right" ? missing : missing >> 1;
  return " ".repeat(left) + text + " ".repeat(missing - left);
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

/** `text` cut to at most `width` pixels at font size `size`. */
export function fitText(text: string, size: number, width: number): string {
  return cut(text, width, (part) => textWidth(part, size));
}

/**
 * `text` in at most `lines` lines of at most `width` pixels, broken at spaces. A longer word and a
 * longer last line are cut.
 */
export function wrapText(text: string, size: number, width: number, lines = 3): string[] {
  const out: string[] = [];
  let line = "";
  // no break before the dot between two facts
  const words = text.slice(0, 4096).split(/ (?!\u00b7)/);
  for (const [i, word] of words.entries()) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || textWidth(longer, size) <= width) line = longer;
    else if (out.length === lines - 1) {
      line = [line, ...words.slice(i)].join(" ");
      break;
    } else {
      out.push(line);
      line = word;
    }
  }
  return [...out, line].map((part) => fitText(part, size, width));
}

function cut(text: string, width: number, measure: (text: string) => number): string {
  if (text.length <= 4096 && measure(text) <= width) return text;
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
  const text =
    size !== 0 && (size >= 1e6 || size < 1e-4)
      ? // 1.798e308 would read back as infinite
        (Number.isFinite(rounded) ? rounded.toExponential() : value.toPrecision(digits)).replace(
          "e+",
          "e",
        )
      : groupThousands(String(rounded));
  return text.replaceAll("-", "−");
}

/** "12345.5" as "12,345.5"; four digits have no comma. */
export function groupThousands(decimal: string): string {
  const [sign, digits, rest] = /^(-?)(\d*)(.*)$/s.exec(decimal)!.slice(1);
  if (digits.length < 5) return decimal;
  const first = digits.length % 3;
  const groups = digits.slice(first).match(/\d{3}/g)!;
  return sign + [...(first > 0 ? [digits.slice(0, first)] : []), ...groups].join(",") + rest;
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
