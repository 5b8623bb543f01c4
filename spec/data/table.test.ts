import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Table } from "../../lib/base/table.ts";
import { checkEncoding, type Encoding, featureNames } from "../../lib/data/encoding.ts";
import {
  type EncodingOptions,
  encodeFeatures,
  encodeTable,
  fitEncoding,
} from "../../lib/data/table.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";

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
    const { X, y } = encodeTable(table, fitEncoding(table, { label: "label" }));
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

test("labels that are all numbers stay numbers and sort by size; any other spelling makes all of them text", () => {
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

test("an encoding is plain JSON and serves later tables with the same columns in any order", () => {
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
    missing: "error",
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

test('categories are one-hot encoded when asked: named columns, or with "auto" those without a number', () => {
  const text = "n,c,d,y\n10,x,1,a\n9,z,2,b\n10,y,,a";
  assert.deepEqual(
    encode(text, { label: "y", categorical: ["n", "c"], ignore: ["d"] }).X,
    [
      [0, 1, 1, 0, 0],
      [1, 0, 0, 0, 1],
      [0, 1, 0, 1, 0],
    ],
    "numbers are categories by size: 9, 10",
  );
  const auto = encode(text, { label: "y", categorical: "auto", missing: "mean" });
  assert.deepEqual(auto.X, [
    [10, 1, 0, 0, 1],
    [9, 0, 0, 1, 2],
    [10, 0, 1, 0, 1.5],
  ]);
});

test("a cell that is no number is an error with file, line and column", () => {
  const rows = Array.from({ length: 15 }, (_, i) => `5.${i},3,1.4,0.2,a`).join("\n");
  refuses(
    `a,b,c,d,y\n${rows}\n5,3,n/a,0.2,a\n`,
    { label: "y" },
    'iris.csv:17:3: expected a number, got "n/a"',
  );
  refuses("a,y\n1,p\n,p", { label: "y" }, "iris.csv:3:1: expected a number, got an empty cell");
  refuses("a,y\n1,p\n  ,p", { label: "y" }, "iris.csv:3:1: expected a number, got an empty cell");
  refuses("a,y\n1,p\n1e999,p", { label: "y" }, 'iris.csv:3:1: expected a number, got "1e999"');
  refuses(
    't,a,y\n"x\n\n",1,p\nx,nan,p',
    { label: "y", ignore: ["t"] },
    'iris.csv:5:2: expected a number, got "nan"',
  );
  refuses(
    "a,c,y\n1,red,p\n2,blue,q",
    { label: "y" },
    'iris.csv:2:2: expected a number, got "red"; no cell of "c" is one: name it in categorical or in ignore',
  );
  refuses(
    "a,c,y\n1,red,p\n2,,q",
    { label: "y", categorical: ["c"] },
    'iris.csv:3:2: expected one of "red", got an empty cell',
  );
  refuses("a,y\n1,p\n2,", { label: "y" }, "iris.csv:3:2: expected a label, got an empty cell");
  refuses(
    "a,y\n1,p\n2,",
    { label: "y", missing: "mean" },
    "iris.csv:3:2: expected a label, got an empty cell",
  );
});

test('missing: "drop" leaves out rows with a cell that cannot be used', () => {
  const text = "a,c,y\n1,u,p\n?,u,p\n3,,q\n4,v,\n5,v,q";
  const { X, y, rows } = encode(text, { label: "y", categorical: ["c"], missing: "drop" });
  assert.deepEqual(
    [X, y, rows],
    [
      [
        [1, 1, 0],
        [5, 0, 1],
      ],
      [0, 1],
      [0, 4],
    ],
  );
  refuses(
    "a,b,y\n1,,p\n,2,q",
    { label: "y", missing: "drop" },
    "iris.csv: expected a row without missing cells, got none",
  );
});

test('missing: "mean" puts in the column\'s mean, for a category its shares, from the rows given', () => {
  const text = "a,c,y\n1,u,p\n?,,p\n3,v,q\n8,u,q";
  const options: EncodingOptions = { label: "y", categorical: ["c"], missing: "mean" };
  assert.deepEqual(encode(text, options).X[1], [4, 2 / 3, 1 / 3]);
  assert.deepEqual(
    encode(text, { ...options, rows: [0, 2] }).X[1],
    [2, 1 / 2, 1 / 2],
    "rows 0 and 2 only",
  );
  assert.deepEqual(
    encode(text, { ...options, rows: [1] }).X[1],
    [4, 0, 0],
    "no number among the rows: all rows' mean",
  );
  const { encoding } = encode(text, options);
  assert.deepEqual(
    encodeFeatures(csv("a,c\n,w"), encoding).X.toRows(),
    [[4, 2 / 3, 1 / 3]],
    "an unknown category counts as missing",
  );
});

test("an unknown label or category of a later table is named with what is known", () => {
  const { encoding } = encode("a,c,y\n1,u,p\n2,v,q", { label: "y", categorical: ["c"] });
  assert.throws(() => encodeTable(csv("a,c,y\n1,u,z"), encoding), {
    name: "FormatError",
    message: 'iris.csv:2:3: expected a label of "p", "q", got "z"',
  });
  assert.throws(() => encodeTable(csv("a,c,y\n1,w,p"), encoding), {
    name: "FormatError",
    message: 'iris.csv:2:2: expected one of "u", "v", got "w"',
  });
});

test("numbers spelt another way are the same label and category in a later table", () => {
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

test("a column that is not there is named with those that are, a few of them when they are many", () => {
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
  const wide = Array.from({ length: 40 }, (_, i) => `c${i}`).join(",");
  refuses(
    `${wide}\n${wide}`,
    { label: "y" },
    'iris.csv: expected a column "y", got "c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9", … (40 in all)',
  );
  const { encoding } = encode("a,b,y\n1,2,p", { label: "y" });
  assert.throws(() => encodeFeatures(csv("a,c\n1,2"), encoding), {
    name: "FormatError",
    message: 'iris.csv: expected a column "b", got "a", "c"',
  });
});

test("a table without rows, or without a column to learn from, is refused", () => {
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

test("a column of names is no category: X would explode", () => {
  const rows = Array.from({ length: 1001 }, (_, i) => `name${i},p`).join("\n");
  refuses(
    `name,y\n${rows}`,
    { label: "y", categorical: "auto" },
    'iris.csv:1002:1: expected at most 1000 categories in "name", got more; name it in ignore',
  );
  refuses(
    "a,c,y\n1,,p\n2,,p",
    { label: "y", categorical: ["c"], missing: "mean" },
    'iris.csv:2:2: expected a category in "c", got only empty cells; name it in ignore',
  );
});

test("column names that mean something to JavaScript are harmless as features, labels and categories", () => {
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
    [{}, "TypeError", "fitEncoding: label expected a column name, got undefined"],
    [
      { label: "y", category: ["a"] },
      "TypeError",
      "fitEncoding: unknown option category; expected label, features, ignore, categorical, missing, rows",
    ],
    [
      { label: "y", missing: "zero" },
      "TypeError",
      'fitEncoding: missing expected "error" | "drop" | "mean", got "zero"',
    ],
    [
      { label: "y", features: "a" },
      "TypeError",
      'fitEncoding: features expected an array of column names, got "a"',
    ],
    [
      { label: "y", ignore: [0] },
      "TypeError",
      "fitEncoding: ignore expected an array of column names, got an array of 1",
    ],
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
