import assert from "node:assert/strict";
import { test } from "node:test";
import { isCurrency, readNumberText, unitOf } from "../../lib/base/number-text.ts";

const NUMBERS: [string, number, string][] = [
  ["1,234,567.5", 1234567.5, ""],
  ["1'234.5", 1234.5, ""],
  ["1 234 567", 1234567, ""],
  ["1\u00a0234", 1234, ""],
  ["1\u202f234.5", 1234.5, ""],
  ["10,00,000", 1000000, ""],
  ["$1,234.50", 1234.5, "$"],
  ["-$5", -5, "$"],
  ["$-5", -5, "$"],
  ["US$ 12", 12, "US$"],
  ["EUR 12.5", 12.5, "EUR"],
  ["12.50 €", 12.5, "€"],
  ["(12.30)", -12.3, ""],
  ["($1,200)", -1200, "$"],
  ["45.5%", 45.5, "%"],
  ["45.5 %", 45.5, "%"],
  ["170.3 cm", 170.3, "cm"],
  ["70kg", 70, "kg"],
  ["12.5°C", 12.5, "°C"],
  ["90 km/h", 90, "km/h"],
  ["3 m²", 3, "m²"],
  ["36 months", 36, "months"],
  ["1.5D+03", 1500, ""],
  ["2.5E-3", 0.0025, ""],
  ["\u22124.5", -4.5, ""],
  ["１２．５", 12.5, ""],
  ["٤٢", 42, ""],
  ["1.5\u200b", 1.5, ""],
  [".5", 0.5, ""],
  ["5.", 5, ""],
];

for (const [text, value, unit] of NUMBERS) {
  test(`readNumberText reads ${JSON.stringify(text)}`, () =>
    assert.deepEqual(readNumberText(text), { value, unit }));
}

test("readNumberText reads decimal commas where they are the decimal point", () => {
  assert.deepEqual(readNumberText("1.234,50 €", ","), { value: 1234.5, unit: "€" });
  assert.deepEqual(readNumberText("45,5%", ","), { value: 45.5, unit: "%" });
  assert.equal(readNumberText("1.5", ","), undefined);
  assert.equal(readNumberText("1,5"), undefined);
});

test("readNumberText takes other texts for no numbers", () => {
  const texts = ["", "-", "abc", "A-12", "12/40", "12:30", "1-2", "1.2.3", "1,23,4", "(5", "5)"];
  for (const text of [...texts, "--5", "+-5", "(-5)", "$5 €", "1e999", "0x1f", "5 big red dogs"])
    assert.equal(readNumberText(text), undefined, text);
});

test("unitOf finds the unit with either decimal point", () => {
  assert.equal(unitOf("1,5 kg"), "kg");
  assert.equal(unitOf("1.5 kg"), "kg");
  assert.equal(unitOf("1.5"), "");
  assert.equal(unitOf("kg"), undefined);
});

test("isCurrency tells signs and codes of currencies from other units", () => {
  for (const unit of ["$", "€", "US$", "EUR"]) assert.ok(isCurrency(unit), unit);
  for (const unit of ["", "%", "kg", "cm"]) assert.ok(!isCurrency(unit), unit);
});
