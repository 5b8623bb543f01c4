import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkArray,
  checkChoice,
  checkCount,
  checkFinite,
  checkFlag,
  checkInteger,
  checkNumbers,
  checkOptions,
  checkTextOptions,
  show,
  showName,
  wrongType,
  wrongValue,
} from "../../lib/base/checks.ts";
import { assertThrows } from "../helpers/throws.ts";

test("show writes any value short, unambiguous and on one line", () => {
  const cases: [unknown, string][] = [
    [undefined, "undefined"],
    [null, "null"],
    [true, "true"],
    [0, "0"],
    [-0, "-0"],
    [1.5, "1.5"],
    [NaN, "NaN"],
    [-Infinity, "-Infinity"],
    [12n, "12n"],
    ["x", '"x"'],
    ["", '""'],
    ["two\nlines \u001b[31m", '"two\\nlines \\u001b[31m"'],
    ["\x9b31m \x7f \u061c \u202e \u2028 é 中", '"\\u009b31m \\u007f \\u061c \\u202e \\u2028 é 中"'],
    ["x".repeat(40), `"${"x".repeat(40)}"`],
    ["x".repeat(41), `"${"x".repeat(39)}…"`],
    [[], "an array of 0"],
    [[1, 2], "an array of 2"],
    [() => 1, "a function"],
    [class A {}, "a function"],
    [Symbol("s"), "Symbol(s)"],
    [{}, "an Object"],
    [new Map(), "a Map"],
    [new Int32Array(2), "an Int32Array"],
    [new Uint8Array(2), "a Uint8Array"],
    [new Error("x"), "an Error"],
    [Object.create(null), "an object"],
    [new (class {})(), "an object"],
    [{ constructor: { name: "x\ny" } }, "an object"],
  ];
  for (const [value, text] of cases) assert.equal(show(value), text);
});

test("showName leaves plain names bare and quotes the others", () => {
  for (const name of ["W1", "0.weight", "data-2"]) assert.equal(showName(name), name);
  assert.equal(showName(""), '""');
  assert.equal(showName("a b\u001b[2J"), '"a b\\u001b[2J"');
  assert.equal(showName("x".repeat(61)), `"${"x".repeat(39)}…"`);
});

test("checkInteger takes the integers of its range, both ends included", () => {
  for (const value of [0, 1, 2 ** 53 - 1]) checkInteger("f", "n", value, 0);
  for (const value of [-3, 0, 5]) checkInteger("f", "n", value, -3, 5);
});

test("checkInteger refuses other numbers (RangeError) and other types (TypeError)", () => {
  for (const [value, text] of [
    [-1, "-1"],
    [0.5, "0.5"],
    [NaN, "NaN"],
    [Infinity, "Infinity"],
  ] as const) {
    assertThrows(
      () => checkInteger("f", "n", value, 0),
      RangeError,
      `f: n expected an integer >= 0, got ${text}`,
    );
  }
  assertThrows(
    () => checkInteger("f", "n", 2 ** 53, 1),
    RangeError,
    "f: n expected an integer in 1..9007199254740991, got 9007199254740992",
  );
  assertThrows(
    () => checkInteger("f", "n", 6, -3, 5),
    RangeError,
    "f: n expected an integer in -3..5, got 6",
  );
  assertThrows(
    () => checkInteger("f", "n", -4, -3, 5),
    RangeError,
    "f: n expected an integer in -3..5, got -4",
  );
  for (const [value, text] of [
    ["1", '"1"'],
    [null, "null"],
    [undefined, "undefined"],
    [1n, "1n"],
    [[1], "an array of 1"],
    [true, "true"],
  ] as const) {
    assertThrows(
      () => checkInteger("f", "n", value, 0),
      TypeError,
      `f: n expected an integer >= 0, got ${text}`,
    );
  }
});

test("checkFinite takes finite numbers from min on, or above min when the range is open", () => {
  for (const value of [0, -0, 1e308, -1e308, 5e-324]) checkFinite("f", "x", value);
  checkFinite("f", "x", 0, 0);
  checkFinite("f", "x", 5e-324, 0, true);
  assertThrows(
    () => checkFinite("f", "x", 0, 0, true),
    RangeError,
    "f: x expected a finite number > 0, got 0",
  );
  assertThrows(
    () => checkFinite("f", "x", -1, 0),
    RangeError,
    "f: x expected a finite number >= 0, got -1",
  );
  for (const value of [NaN, Infinity, -Infinity]) {
    assertThrows(
      () => checkFinite("f", "x", value),
      RangeError,
      `f: x expected a finite number, got ${value}`,
    );
    assertThrows(
      () => checkFinite("f", "x", value, 0),
      RangeError,
      `f: x expected a finite number >= 0, got ${value}`,
    );
  }
  assertThrows(
    () => checkFinite("f", "x", "0.1"),
    TypeError,
    'f: x expected a finite number, got "0.1"',
  );
  assertThrows(
    () => checkFinite("f", "x", undefined, 0),
    TypeError,
    "f: x expected a finite number >= 0, got undefined",
  );
});

test("checkChoice names the choices", () => {
  checkChoice("f", "mode", "b", ["a", "b"]);
  assertThrows(
    () => checkChoice("f", "mode", "c", ["a", "b"]),
    TypeError,
    'f: mode expected "a" | "b", got "c"',
  );
  assertThrows(
    () => checkChoice("f", "mode", ["a"], ["a", "b"]),
    TypeError,
    'f: mode expected "a" | "b", got an array of 1',
  );
});

test("checkOptions refuses a value that is no object, and unknown or misspelt keys", () => {
  checkOptions("f", {}, ["a"]);
  checkOptions("f", { a: 1, b: undefined }, ["a", "b"]);
  checkOptions("f", Object.create(null), ["a"]);
  assertThrows(
    () => checkOptions("f", { A: 1 }, ["a", "b"]),
    TypeError,
    "f: unknown option A; expected a, b",
  );
  for (const [value, text] of [
    [null, "null"],
    [undefined, "undefined"],
    [3, "3"],
    ["a", '"a"'],
    [() => 1, "a function"],
  ] as const) {
    assertThrows(
      () => checkOptions("f", value, ["a"]),
      TypeError,
      `f: options expected an object, got ${text}`,
    );
  }
});

test("checkTextOptions and checkFlag take what is left out, and their own type alone", () => {
  checkTextOptions("f", { title: "a", width: 3 }, ["title", "label"]);
  checkFlag("f", "percent", undefined);
  checkFlag("f", "percent", false);
  assertThrows(
    () => checkTextOptions("f", { title: "a", label: null }, ["title", "label"]),
    TypeError,
    "f: label expected a string, got null",
  );
  assertThrows(
    () => checkFlag("f", "percent", 0),
    TypeError,
    "f: percent expected true or false, got 0",
  );
});

test("wrongType and wrongValue name the place, what was expected and what was got", () => {
  const type = wrongType("f", "x", "a dog", 3);
  assert.ok(type instanceof TypeError);
  assert.equal(type.message, "f: x expected a dog, got 3");
  assert.ok(wrongValue("f", "x", "1 or 3", 2) instanceof RangeError);
  assert.ok(wrongValue("f", "x", "1 or 3", "2") instanceof TypeError);
});

test("checkArray, checkNumbers and checkCount refuse what is no array or too short", () => {
  checkArray("f", "x", []);
  checkNumbers("f", "x", [1]);
  checkNumbers("f", "x", new Int8Array(2));
  checkCount("f", "x", 2, 2, "rows");
  assertThrows(() => checkArray("f", "x", {}), TypeError, "f: x expected an array, got an Object");
  for (const [value, text] of [
    ["abc", '"abc"'],
    [null, "null"],
    [{ length: 0.5 }, "an Object"],
    [() => 1, "a function"],
  ] as const)
    assertThrows(
      () => checkNumbers("f", "x", value),
      TypeError,
      `f: x expected an array of numbers, got ${text}`,
    );
  assertThrows(() => checkCount("f", "x", 1, 2, "rows"), RangeError, "f: x expected 2 rows, got 1");
});
