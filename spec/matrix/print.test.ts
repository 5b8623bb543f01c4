import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { print } from "../../lib/matrix/print.ts";
import { counting } from "../helpers/matrices.ts";

test("print writes the shape and then one line of aligned numbers a row", () => {
  const matrix = Matrix.fromRows([
    [1, -2.5, 1000],
    [0.1 + 0.2, 1 / 3, -4e-7],
    [NaN, Infinity, -Infinity],
  ]);
  assert.equal(
    print(matrix),
    [
      "Matrix 3×3",
      "    1      -2.5       1000",
      "  0.3   0.33333      -4e-7",
      "  NaN  Infinity  -Infinity",
    ].join("\n"),
  );
});

test("print keeps integers whole and rounds other numbers to five digits", () => {
  const shown = (value: number): string =>
    print(Matrix.filled(1, 1, value))
      .split("\n")[1]
      .trim();
  const cases: [number, string][] = [
    [0, "0"],
    [-0, "-0"],
    [123456, "123456"],
    [-9007199254740991, "-9007199254740991"],
    [1e16, "1e+16"],
    [123456.7, "1.2346e+5"],
    [99999.96, "1e+5"],
    [12345.67, "12346"],
    [1234.567, "1234.6"],
    [0.000123456, "0.00012346"],
    [1.23456e-7, "1.2346e-7"],
    [1e300, "1e+300"],
    [5e-324, "4.9407e-324"],
    [1.7976931348623157e308, "1.7977e+308"],
  ];
  for (const [value, text] of cases) assert.equal(shown(value), text);
});

test("print leaves out the middle beyond 10 rows or columns", () => {
  assert.equal(print(counting(10, 1)).split("\n").length, 11);
  assert.equal(
    print(counting(11, 2)),
    [
      "Matrix 11×2",
      "   1   2",
      "   3   4",
      "   5   6",
      "   …   …",
      "  17  18",
      "  19  20",
      "  21  22",
    ].join("\n"),
  );
  assert.equal(
    print(counting(2, 11)),
    ["Matrix 2×11", "   1   2   3  …   9  10  11", "  12  13  14  …  20  21  22"].join("\n"),
  );
  const large = print(counting(2000, 3000)).split("\n");
  assert.deepEqual(
    { lines: large.length, head: large[0], gap: large[4].trim() },
    {
      lines: 8,
      head: "Matrix 2000×3000",
      gap: "…        …        …  …        …        …        …",
    },
  );
});

test("print writes only the shape of a matrix without elements", () => {
  assert.equal(print(new Matrix(0, 0)), "Matrix 0×0");
  assert.equal(print(new Matrix(0, 3)), "Matrix 0×3");
  assert.equal(print(new Matrix(3, 0)), "Matrix 3×0");
  assert.equal(print(new Matrix(300, 0)), "Matrix 300×0");
});

test("toString, template strings and Node's inspect print the matrix", () => {
  const matrix = Matrix.fromRows([
    [1, 2],
    [3, 4.5],
  ]);
  const text = "Matrix 2×2\n  1    2\n  3  4.5";
  assert.equal(matrix.toString(), text);
  assert.equal(`${matrix}`, text);
  assert.equal(inspect(matrix), text);
  assert.equal(
    inspect({ matrix }, { compact: false, breakLength: Infinity }).includes("Matrix 2×2"),
    true,
  );
});
