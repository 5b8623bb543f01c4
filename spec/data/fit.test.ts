import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Table } from "../../lib/base/table.ts";
import { encodeFeatures, encodeTable } from "../../lib/data/encode.ts";
import { checkEncoding, type Encoding, featureNames } from "../../lib/data/encoding.ts";
import { type EncodingOptions, fitEncoding } from "../../lib/data/fit.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";

/** All columns but the label: named, they are learned from even when they are constant. */
const numbersOf = (table: Table): string[] => table.columns.filter((name) => name !== "label");
const csv = (text: string): Table => parseCsv(text, { name: "iris.csv" });
/** Encodes a text in one go: X as rows, y, and the table's rows that are in it. */
function encode(
  text: string,
  options: EncodingOptions,
): { X: number[][]; y: number[]; rows: number[]; encoding: Encoding } {
  const table = csv(text);
  const encoding = fitEncoding(table, options);
  const { X, y, rows } = encodeTable(table, encoding);
  return { X: X.toRows(), y: [...y], rows: [...rows], encoding };
}
const refuses = (
  text: string,
  options: EncodingOptions,
  message: string,
  name = "FormatError",
): void => {
  assert.throws(() => encode(text, options), { name, message });
};

for (const [file, rows, columns, counts] of [
  ["../fixtures/data/iris.csv", 150, 4, [50, 50, 50]],
  ["../fixtures/data/wine.csv", 178, 13, [59, 71, 48]],
  ["../fixtures/data/breast_cancer.csv", 569, 30, [212, 357]],
  [
    "../../examples/digits/digits.csv",
    1797,
    64,
    [178, 182, 177, 183, 181, 182, 181, 179, 174, 180],
  ],
] as const) {
  test(`${file.split("/").at(-1)} becomes X and y as Number reads its cells`, () => {
    const bytes = readFileSync(new URL(file, import.meta.url));
    const table = parseCsv(bytes);
    const { X, y } = encodeTable(
      table,
      fitEncoding(table, { label: "label", features: numbersOf(table) }),
    );
    assert.deepEqual([X.rows, X.cols], [rows, columns]);
    assert.deepEqual(
      counts.map((_, c) => y.filter((label) => label === c).length),
      counts,
    );
    bytes
      .toString()
      .trimEnd()
      .split(/\r?\n/)
      .slice(1)
      .forEach((line, i) => {
        const cells = line.split(",").map(Number);
        assert.deepEqual([...X.row(i), y[i]], cells);
      });
  });
}

test("features are all columns but the label, or those named, or all but those ignored", () => {
  const text = "id,a,b,y\n1,2,3,x\n4,5,6,z\n";
  assert.deepEqual(encode(text, { label: "y" }).X, [
    [1, 2, 3],
    [4, 5, 6],
  ]);
  assert.deepEqual(encode(text, { label: "y", features: ["b", "a"] }).X, [
    [3, 2],
    [6, 5],
  ]);
  assert.deepEqual(encode(text, { label: "y", ignore: ["id"] }).X, [
    [2, 3],
    [5, 6],
  ]);
  assert.deepEqual(encode(text, { label: "a", ignore: ["y"] }).X, [
    [1, 3],
    [4, 6],
  ]);
});

test("Labels that are all numbers stay numbers and sort by size", () => {
  assert.deepEqual(encode("a,y\n1,10\n1,9\n1,10", { label: "y" }).encoding.classes, [9, 10]);
  assert.deepEqual(encode("a,y\n1,10\n1,9\n1,x", { label: "y" }).encoding.classes, [
    "10",
    "9",
    "x",
  ]);
  const { encoding, y } = encode("a,y\n1,07\n1,7\n1,7.0", { label: "y" });
  assert.deepEqual(
    [encoding.classes, y],
    [
      ["07", "7"],
      [0, 1, 1],
    ],
  );
});

test("An encoding is plain JSON and serves later tables with the same columns in any order", () => {
  const { encoding } = encode("a,color,y\n1,red,no\n2,blue,yes\n3,red,no", {
    label: "y",
    categorical: ["color"],
  });
  assert.deepEqual(JSON.parse(JSON.stringify(encoding)), {
    features: [
      { column: "a", mean: 2 },
      { column: "color", categories: ["blue", "red"], shares: [1 / 3, 2 / 3] },
    ],
    label: "y",
    classes: ["no", "yes"],
    missing: "mean",
  });
  assert.deepEqual(featureNames(encoding), ["a", "color=blue", "color=red"]);
  assert.deepEqual(checkEncoding("model", JSON.parse(JSON.stringify(encoding))), encoding);
  const later = csv("extra,y,color,a\nx,yes,red,7\n");
  const { X, y, rows } = encodeTable(later, encoding);
  assert.deepEqual([X.toRows(), [...y], [...rows]], [[[7, 0, 1]], [1], [0]]);
  const features = encodeFeatures(csv("color,a\nblue,8"), encoding);
  assert.deepEqual([features.X.toRows(), [...features.rows]], [[[8, 1, 0]], [0]]);
  const none = encodeFeatures(csv("color,a\n"), encoding);
  assert.deepEqual([none.X.rows, none.X.cols, none.rows.length], [0, 3, 0]);
});

test("Categories are one-hot encoded: columns of words, and those that are named", () => {
  const text = "n,c,d,y\n10,x,1,a\n9,z,2,b\n10,y,,a";
  const named = { label: "y", categorical: ["n", "c"], ignore: ["d"] };
  assert.deepEqual(
    encode(text, named).X,
    [
      [0, 1, 1, 0, 0],
      [1, 0, 0, 0, 1],
      [0, 1, 0, 1, 0],
    ],
    "numbers are categories by size: 9, 10",
  );
  assert.deepEqual(encode(text, { label: "y" }).X, [
    [10, 1, 0, 0, 1],
    [9, 0, 0, 1, 2],
    [10, 0, 1, 0, 1.5],
  ]);
});

test('missing: "error" refuses missing cells with file, line and column', () => {
  const strict = { label: "y", missing: "error" } as const;
  const rows = Array.from({ length: 15 }, (_, i) => `5.${i},3.${i},1.4${i},0.2${i},a`).join("\n");
  refuses(
    `a,b,c,d,y\n${rows}\n5,3,n/a,0.2,a\n`,
    strict,
    'iris.csv:17:3: expected a number, got "n/a"',
  );
  refuses("a,y\n1,p\n2,q\n,p", strict, "iris.csv:4:1: expected a number, got an empty cell");
  refuses("a,y\n1,p\n2,q\n  ,p", strict, "iris.csv:4:1: expected a number, got an empty cell");
  refuses(
    't,a,y\n"x\n\n",1,p\nx,2,p\nx,nan,p',
    { ...strict, ignore: ["t"] },
    'iris.csv:6:2: expected a number, got "nan"',
  );
  refuses(
    "a,c,y\n1,red,p\n2,,q",
    { ...strict, categorical: ["c"] },
    'iris.csv:3:2: expected one of "red", got an empty cell',
  );
  refuses("a,y\n1,p\n2,", strict, "iris.csv:3:2: expected a label, got an empty cell");
  refuses("a,y\n1,p\n2,NA", strict, 'iris.csv:3:2: expected a label, got "NA"');
});

test('missing: "drop" leaves out rows with a missing cell', () => {
  const text = "a,c,y\n1,u,p\n?,u,p\n3,,q\n4,v,\n5,v,q";
  const { X, y, rows } = encode(text, { label: "y", categorical: ["c"], missing: "drop" });
  assert.deepEqual(X, [
    [1, 1, 0],
    [5, 0, 1],
  ]);
  assert.deepEqual(y, [0, 1]);
  assert.deepEqual(rows, [0, 4]);
  refuses(
    "a,b,y\n1,,p\n,2,q",
    { label: "y", missing: "drop" },
    "iris.csv: expected a row without missing cells, got none",
  );
});

test("A missing number takes the mean of the rows given, a missing category one of its own", () => {
  const text = "a,c,y\n1,u,p\n?,,p\n3,v,q\n8,u,q\n9,w,NA";
  const { X, y, rows, encoding } = encode(text, { label: "y" });
  assert.deepEqual(X[1], [21 / 4, 0, 0, 1]);
  assert.deepEqual(y, [0, 0, 1, 1]);
  assert.deepEqual(rows, [0, 1, 2, 3]);
  assert.deepEqual(featureNames(encoding), ["a", "c=u", "c=v", "c=(missing)"]);
  const some = encode(text, { label: "y", rows: [0, 2] });
  assert.equal(some.X[1][0], 2, "rows 0 and 2 only");
  assert.deepEqual(
    "shares" in some.encoding.features[1] && some.encoding.features[1].shares,
    [0.5, 0.5, 0],
  );
  assert.equal(encode(text, { label: "y", rows: [1] }).X[1][0], 21 / 4, "no number: all rows");
});

test("An unknown category takes the shares, or the place of the rare ones if there are any", () => {
  const { encoding } = encode("a,c,y\n1,u,p\n3,v,q\n8,u,q", { label: "y" });
  const { X, cells } = encodeFeatures(csv("a,c\nx,w\n,u\n5,"), encoding);
  assert.deepEqual(X.toRows(), [
    [4, 2 / 3, 1 / 3],
    [4, 1, 0],
    [5, 2 / 3, 1 / 3],
  ]);
  assert.deepEqual(cells, [
    { column: "a", missing: 1, notNumbers: 1, unknown: 0, example: "x" },
    { column: "c", missing: 1, notNumbers: 0, unknown: 1, example: "w" },
  ]);
});

test("Rare categories share one column, which unknown ones take too", () => {
  const rows = Array.from(
    { length: 300 },
    (_, i) => `${i % 7},${i < 4 ? `r${i}` : "uv"[i % 2]},p${i % 2}`,
  );
  const { encoding } = encode(`a,c,y\n${rows.join("\n")}`, { label: "y" });
  assert.deepEqual(featureNames(encoding), ["a", "c=u", "c=v", "c=(rare)"]);
  const { X, cells } = encodeFeatures(csv("a,c\n1,r2\n1,new\n1,u"), encoding);
  assert.deepEqual(X.toRows(), [
    [1, 0, 0, 1],
    [1, 0, 0, 1],
    [1, 1, 0, 0],
  ]);
  assert.deepEqual(cells, [{ column: "c", missing: 0, notNumbers: 0, unknown: 1, example: "new" }]);
});

test("An unknown label or category of a later table is named with what is known", () => {
  const { encoding } = encode("a,c,y\n1,u,p\n2,v,q", { label: "y", missing: "error" });
  assert.throws(() => encodeTable(csv("a,c,y\n1,u,z"), encoding), {
    name: "FormatError",
    message: 'iris.csv:2:3: expected a label of "p", "q", got "z"',
  });
  assert.throws(() => encodeTable(csv("a,c,y\n1,w,p"), encoding), {
    name: "FormatError",
    message: 'iris.csv:2:2: expected one of "u", "v", got "w"',
  });
});

test("Numbers spelt another way are the same label and category in a later table", () => {
  const { encoding } = encode("a,n,y\n1,1,3\n2,2,4", { label: "y", categorical: ["n"] });
  const { X, y } = encodeTable(csv("a,n,y\n5,02,4.0\n6, 1.0,003"), encoding);
  assert.deepEqual(
    [X.toRows(), [...y]],
    [
      [
        [5, 0, 1],
        [6, 1, 0],
      ],
      [1, 0],
    ],
  );
});

test("A column that is not there is named with those that are, and with the closest one", () => {
  refuses(
    "a,b,y\n1,2,p",
    { label: "species" },
    'iris.csv: expected a column "species", got "a", "b", "y"',
  );
  refuses(
    "a,b,y\n1,2,p",
    { label: "y", features: ["a", "c", "d"] },
    'iris.csv: expected columns "c", "d", got "a", "b", "y"',
  );
  const names = Array.from({ length: 120 }, (_, i) => `name${i}`);
  const list = names
    .slice(0, 100)
    .map((name) => JSON.stringify(name))
    .join(", ");
  refuses(
    `${names}\n${names.map((_, i) => i)}`,
    { label: "Name113" },
    `iris.csv: expected a column "Name113", got ${list}, … (120 in all); did you mean name113?`,
  );
  const { encoding } = encode("a,b,y\n1,2,p", { label: "y" });
  assert.throws(() => encodeFeatures(csv("a,c\n1,2"), encoding), {
    name: "FormatError",
    message: 'iris.csv: expected a column "b", got "a", "c"',
  });
});

test("Blanks around a column's name do not count, in the file or in an option", () => {
  const { encoding, X } = encode("a, b ,y \n1,2,p\n3,4,q", { label: " y", features: [" b"] });
  assert.equal(encoding.label, "y");
  assert.deepEqual(X, [[2], [4]]);
});

test("A table without rows, or without a column to learn from, is refused", () => {
  refuses(
    "a,y\n",
    { label: "y" },
    "iris.csv: expected at least one row after the header, got none",
  );
  refuses(
    "y\n1",
    { label: "y" },
    "iris.csv: expected at least one column beside the label, got none",
  );
  refuses(
    "a,y\n1,2",
    { label: "y", ignore: ["a"] },
    "iris.csv: expected at least one column beside the label, got none",
  );
  const { encoding } = encode("a,y\n1,p", { label: "y" });
  assert.throws(() => encodeTable(csv("a,y\n"), encoding), {
    message: "iris.csv: expected at least one row after the header, got none",
  });
});

test("A table of empty columns has nothing to learn from", () => {
  refuses(
    "a,b,y\n,NA,p\n?,-,q",
    { label: "y" },
    "iris.csv: expected at least one column beside the label that is not empty, got none",
  );
  refuses(
    "a,y\n1,\n2,NA",
    { label: "y" },
    "iris.csv: expected a label in at least one row, got none",
  );
});

test("Columns that would be left out are learned from when there are no others", () => {
  const rows = Array.from({ length: 20 }, (_, i) => `${i},5,${i < 10 ? "p" : "q"}`).join("\n");
  const { encoding } = encode(`id,c,y\n${rows}`, { label: "y" });
  assert.deepEqual(featureNames(encoding), ["id", "c"]);
});

test("A few other texts in a column of numbers are refused, all columns at once", () => {
  const rows = Array.from({ length: 60 }, (_, i) => `${i / 7},${i / 9},${i % 2}`);
  rows[30] = "hot,cold,1";
  rows[31] = "warm,1,0";
  refuses(
    `a,b,y\n${rows.join("\n")}`,
    { label: "y" },
    'iris.csv:32:1: expected a number as in the rest of "a", got "hot", and 1 more; ' +
      "list it in na, or the column in categorical or ignore\n" +
      'iris.csv:32:2: expected a number as in the rest of "b", got "cold"',
  );
  const { X } = encode(`a,b,y\n${rows.join("\n")}`, { label: "y", na: ["hot", "cold", "warm"] });
  assert.equal(X.length, 60);
});

test("Column names that mean something to JavaScript are names like any other", () => {
  const { X, encoding } = encode("__proto__,constructor,toString\n1,__proto__,x\n2,valueOf,y", {
    label: "toString",
    categorical: "auto",
  });
  assert.deepEqual(X, [
    [1, 1, 0],
    [2, 0, 1],
  ]);
  assert.deepEqual(featureNames(encoding), [
    "__proto__",
    "constructor=__proto__",
    "constructor=valueOf",
  ]);
  assert.equal(JSON.stringify(encoding), JSON.stringify(JSON.parse(JSON.stringify(encoding))));
});

test("fitEncoding refuses wrong options by name", () => {
  const text = "a,b,y\n1,2,p";
  const cases: [unknown, string, string][] = [
    [{}, "TypeError", "fitEncoding: label expected a string, got undefined"],
    [
      { label: "y", category: ["a"] },
      "TypeError",
      "fitEncoding: unknown option category; " +
        "expected label, features, ignore, categorical, numeric, missing, na, rows",
    ],
    [
      { label: "y", missing: "zero" },
      "TypeError",
      'fitEncoding: missing expected "error" | "drop" | "mean", got "zero"',
    ],
    [
      { label: "y", features: "a" },
      "TypeError",
      'fitEncoding: features expected an array of strings, got "a"',
    ],
    [{ label: "y", ignore: [0] }, "TypeError", "fitEncoding: ignore[0] expected a string, got 0"],
    [
      { label: "y", features: ["a", "a"] },
      "RangeError",
      'fitEncoding: features expected names that differ, got "a" twice',
    ],
    [
      { label: "y", categorical: ["y"] },
      "RangeError",
      'fitEncoding: categorical expected columns other than the label, got "y"',
    ],
    [
      { label: "y", rows: [1] },
      "RangeError",
      "fitEncoding: rows[0] expected an integer in 0..0, got 1",
    ],
  ];
  for (const [options, name, message] of cases)
    refuses(text, options as EncodingOptions, message, name);
});
