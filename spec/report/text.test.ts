import assert from "node:assert/strict";
import { test } from "node:test";
import {
  displayWidth,
  fitText,
  formatNumber,
  formatPercent,
  groupThousands,
  pad,
  printableText,
  shortNumber,
  textWidth,
  truncate,
  typeset,
  valueText,
  visibleText,
  wrapText,
} from "../../lib/report/text.ts";

test("visibleText spells out control characters and direction overrides", () => {
  assert.equal(visibleText("\x1b[31mred\x1b[0m\x07"), "\\x1b[31mred\\x1b[0m\\x07");
  assert.equal(visibleText("a\r\nb\tc"), "a\\r\\nb\\tc");
  assert.equal(
    visibleText("\u009b2J\u061c\u202eabc\u2066\ufeff\u2028"),
    "\\x9b2J\\u061c\\u202eabc\\u2066\\ufeff\\u2028",
  );
  assert.equal(visibleText("lone \ud83d, paired 🙂"), "lone \\ud83d, paired 🙂");
  assert.equal(visibleText("naïve 日本 −1 50%"), "naïve 日本 −1 50%");
  for (let code = 0; code < 0xa0; code++) {
    if (code >= 0x20 && code < 0x7f)
      assert.equal(visibleText(String.fromCharCode(code)), String.fromCharCode(code));
    else assert.match(visibleText(String.fromCharCode(code)), /^\\(x[0-9a-f]{2}|[nrt])$/);
  }
});

test("printableText spells out what XML forbids and makes one space of line breaks", () => {
  assert.equal(
    printableText("a\0b\x1b[1m\ud800c\ufffe\r\n\td\u202e"),
    "a\\x00b\\x1b[1m\\ud800c\\ufffe d\\u202e",
  );
  assert.equal(printableText("<&>"), "<&>");
});

test("displayWidth counts terminal columns", () => {
  for (const [text, width] of [
    ["", 0],
    ["abc", 3],
    ["日本", 4],
    ["é", 1],
    ["e\u0301", 1],
    ["🙂", 2],
    ["ｱ", 1],
    ["Ａ", 2],
  ] as const) {
    assert.equal(displayWidth(text), width, text);
  }
});

test("pad fills to a width in columns on the side asked for", () => {
  assert.equal(pad("日", 4, "left"), "日  ");
  assert.equal(pad("日", 4, "right"), "  日");
  assert.equal(pad("abcdef", 3, "right"), "abcdef");
});

test("truncate cuts to a width and shows that it did", () => {
  assert.equal(truncate("abcdef", 6), "abcdef");
  assert.equal(truncate("abcdef", 4), "abc…");
  assert.equal(truncate("日本語", 4), "日…");
  assert.equal(truncate("abc", 0), "");
  assert.equal(truncate("x".repeat(10_000), 3), "xx…");
});

test("fitText cuts to a width in pixels", () => {
  assert.equal(fitText("short", 12, 100), "short");
  const cut = fitText("a name much too long for its place", 12, 100);
  assert.match(cut, /^a name.*…$/);
  assert.ok(textWidth(cut, 12) <= 100);
  assert.ok(textWidth("WW", 12) > textWidth("ii", 12));
});

test("wrapText breaks at spaces, keeps a dot with what it follows, and cuts the last line", () => {
  assert.deepEqual(wrapText("one two", 10, 200), ["one two"]);
  const lines = wrapText("alpha beta · gamma delta · epsilon zeta", 10, 80);
  assert.equal(lines.join(" "), "alpha beta · gamma delta · epsilon zeta");
  for (const line of lines) assert.doesNotMatch(line, /^·/);
  const few = wrapText("word ".repeat(50).trim(), 10, 80);
  assert.equal(few.length, 3);
  assert.match(few[2], /…$/);
});

test("formatNumber writes short decimals with a minus sign, exponents where shorter", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [-0, "0"],
    [1, "1"],
    [0.1 + 0.2, "0.3"],
    [2.30258, "2.303"],
    [-1.5, "−1.5"],
    [1234, "1234"],
    [12345.6, "12,350"],
    [1e6, "1e6"],
    [1.5e-7, "1.5e−7"],
    [-2e10, "−2e10"],
    [0.0001, "0.0001"],
    [NaN, "NaN"],
    [Infinity, "∞"],
    [-Infinity, "−∞"],
    [5e-324, "5e−324"],
    [Number.MAX_VALUE, "1.798e308"],
  ];
  for (const [value, text] of cases) assert.equal(formatNumber(value), text);
  assert.equal(formatNumber(12345.678, 8), "12,345.678");
});

test("formatPercent has always as many decimals, and a dash for a share of nothing", () => {
  assert.equal(formatPercent(0.975), "97.5%");
  assert.equal(formatPercent(1), "100.0%");
  assert.equal(formatPercent(0.12345, 0), "12%");
  assert.equal(formatPercent(NaN), "–");
});

test("shortNumber rounds to significant digits and can be read back", () => {
  assert.equal(shortNumber(0.00123456), "0.001235");
  assert.equal(shortNumber(1e-7), "1e-7");
  assert.equal(shortNumber(32), "32");
  assert.equal(shortNumber(2 / 3, 6), "0.666667");
});

test("valueText writes fractions as percentages where asked for", () => {
  assert.equal(valueText(0.12345, true), "12.3%");
  assert.equal(valueText(0.12345), "0.1235");
  assert.equal(valueText(0.12345, false, 2), "0.12");
});

test("typeset writes minus signs, commas and exponents as figures show them", () => {
  assert.equal(typeset("-12345.5"), "−12,345.5");
  assert.equal(typeset("-1.5e+7"), "−1.5e7");
  assert.equal(typeset("1e-7"), "1e−7");
});

test("groupThousands separates the thousands of five digits and more", () => {
  assert.equal(groupThousands("9999"), "9999");
  assert.equal(groupThousands("-1234567.25"), "-1,234,567.25");
  assert.equal(groupThousands("123456"), "123,456");
  assert.equal(groupThousands("0.123456"), "0.123456");
});
