import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../lib/base/random.ts";
import { readCell, scanDecimal, scanned } from "../../../lib/formats/csv/decimal.ts";

/** The number without a unit that a cell's text means, NaN for none. */
const numberIn = (text: string, decimal?: "." | ","): number => {
  const { value, unit } = readCell(text, decimal) ?? { value: NaN, unit: "" };
  return unit === "" ? value : NaN;
};

test("readCell reads what people write as decimal numbers, with blanks around", () => {
  const cases: [string, number][] = [
    ["0", 0],
    ["-0", -0],
    ["+5", 5],
    ["5.", 5],
    [".5", 0.5],
    ["-.5e1", -5],
    ["1e3", 1000],
    ["1E+3", 1000],
    ["1e-3", 0.001],
    [" 7\t", 7],
    ["007", 7],
    ["1e22", 1e22],
    ["1e23", 1e23],
    ["9007199254740993", 9007199254740992],
    ["123456789012345678901234567890", 123456789012345678901234567890],
    ["5e-324", 5e-324],
    ["2.4703282292062327e-324", 0],
    ["1.7976931348623157e308", Number.MAX_VALUE],
    ["0e999999999", 0],
    ["1e-999999999", 0],
    ["0.000000000000000000000000000001234", 1.234e-30],
  ];
  for (const [text, value] of cases)
    assert.ok(Object.is(numberIn(text), value), `${text} gave ${numberIn(text)}`);
});

test("readCell gives NaN for everything else", () => {
  const words = [
    "",
    " ",
    ".",
    "+",
    "-",
    "--1",
    "+-1",
    "e5",
    "1e",
    "1e+",
    ".e1",
    "1.2.3",
    "1 2",
    "0x10",
    "0b1",
    "1_000",
    "1,5",
    "NaN",
    "nan",
    "Infinity",
    "-inf",
    "1e309",
    "-1e999",
    "12a",
    "a12",
    "1\u0000",
  ];
  for (const text of words) assert.ok(Number.isNaN(numberIn(text)), JSON.stringify(text));
});

test("readCell rounds as the engine does, over 20 000 spellings of random numbers", () => {
  const random = new Random(1);
  const mantissas = random.uniform(20000);
  const exponents = random.integers(20000, 60);
  const digits = random.integers(20000, 20);
  mantissas.forEach((mantissa, i) => {
    const value = (mantissa - 0.5) * Number(`1e${exponents[i] - 30}`);
    const text = [String(value), value.toPrecision(1 + digits[i]), value.toFixed(digits[i])][i % 3];
    assert.ok(Object.is(numberIn(text), Number(text)), text);
  });
});

test("scanDecimal stops where the number ends and tells identifiers", () => {
  assert.equal(scanDecimal("x12.5,7", 1), 12.5);
  assert.equal(scanned.end, 5);
  for (const [text, identifier] of [
    ["007", true],
    ["-01", true],
    ["0", false],
    ["0.5", false],
    ["00.5", false],
    ["1234567890123456", true],
    ["123456789012345", false],
    ["01e2", false],
  ] as const) {
    scanDecimal(text, 0);
    assert.equal(scanned.identifier, identifier, text);
  }
});

test("readCell reads groups of thousands, TRUE and FALSE", () => {
  const cases: [string, number][] = [
    ["1,234", 1234],
    ["-1,234,567.5", -1234567.5],
    ["2'156'624", 2156624],
    ["1\u00a0234", 1234],
    ["TRUE", 1],
    [" false ", 0],
    ["True", 1],
  ];
  for (const [text, value] of cases) assert.equal(numberIn(text), value, text);
  for (const text of ["1,23", "1,234'567", ",123", "1234,567", "truth", "yes"])
    assert.ok(Number.isNaN(numberIn(text)), text);
});

test("readCell reads decimal commas, and points between thousands beside them", () => {
  const cases: [string, number][] = [
    ["5,43", 5.43],
    ["-0,5e3", -500],
    ["1.234,5", 1234.5],
    ["1.234.567", 1234567],
    ["1.234", 1234],
    ["7", 7],
    ["12345678901234567,25", 12345678901234567.25],
  ];
  for (const [text, value] of cases) assert.equal(numberIn(text, ","), value, text);
  for (const text of ["5.43", "1,234,567", "1.2345"])
    assert.ok(Number.isNaN(numberIn(text, ",")), text);
});
