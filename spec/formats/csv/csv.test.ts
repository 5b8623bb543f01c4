import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { FormatError } from "../../../lib/base/errors.ts";
import { Random } from "../../../lib/base/random.ts";
import { type CsvOptions, parseCsv, serializeCsvRecord } from "../../../lib/formats/csv/csv.ts";

/** Columns and rows as text. */
const read = (text: string | Uint8Array, options?: CsvOptions): [readonly string[], string[][]] => {
  const table = parseCsv(text, options);
  return [table.columns, table.toRows()];
};

function refuses(
  text: string | Uint8Array,
  message: string,
  offset: number,
  options: CsvOptions = { name: "a.csv" },
): void {
  assert.throws(
    () => parseCsv(text, options),
    (error) => {
      assert.ok(error instanceof FormatError, String(error));
      assert.deepEqual([error.message, error.format, error.offset], [message, "csv", offset]);
      return true;
    },
  );
}

test("parseCsv reads a header and rows, whatever ends the lines", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    for (const last of ["", end, end + end]) {
      assert.deepEqual(
        read(["a,b", "1,x", "2,y"].join(end) + last),
        [
          ["a", "b"],
          [
            ["1", "x"],
            ["2", "y"],
          ],
        ],
        JSON.stringify(end + last),
      );
    }
  }
  assert.deepEqual(
    read("\ufeff\n\na,b\n\n1,2\r\r\n3,4"),
    [
      ["a", "b"],
      [
        ["1", "2"],
        ["3", "4"],
      ],
    ],
    "a byte order mark and empty lines",
  );
});

test("parseCsv keeps delimiters, quotes and line ends in quoted cells", () => {
  assert.deepEqual(read('"a,1","b"\n"x ""y"" z","1\n2\r\n3"\n"",""""\n'), [
    ["a,1", "b"],
    [
      ['x "y" z', "1\n2\r\n3"],
      ["", '"'],
    ],
  ]);
  assert.deepEqual(
    read('a,b\n5" pipe,x"y"'),
    [["a", "b"], [['5" pipe', 'x"y"']]],
    "a quote inside a plain cell is itself",
  );
  assert.deepEqual(
    read('a,b\n"1.50","x"'),
    [["a", "b"], [["1.5", "x"]]],
    "a number in quotes is a number",
  );
  assert.deepEqual(
    read('a,b\n" 1\t","\n1"'),
    [["a", "b"], [["1", "\n1"]]],
    "with blanks too, but a line end stays",
  );
});

test("parseCsv removes the blanks around cells and names", () => {
  const table = parseCsv('a, b ,"c"\n 1 ,\t2.50, "x"\n x ,, " y " \n');
  assert.deepEqual(table.columns, ["a", "b", "c"]);
  assert.deepEqual(table.toRows(), [
    ["1", "2.5", "x"],
    ["x", "", " y "],
  ]);
  assert.equal(table.number(0, 1), 2.5);
  assert.ok(Number.isNaN(table.number(1, 0)));
});

test("parseCsv keeps the spelling of identifiers, which still count as numbers", () => {
  const table = parseCsv("zip,n\n01234,12345678901234567890");
  assert.deepEqual(
    [table.text(0, 0), table.number(0, 0), table.isNumber(0, 0)],
    ["01234", 1234, false],
  );
  assert.deepEqual(
    [table.text(0, 1), table.number(0, 1)],
    ["12345678901234567890", 12345678901234567890],
  );
});

test("parseCsv takes the delimiter that is steady over the first lines", () => {
  assert.deepEqual(read("a;b\n1,5;2"), [["a", "b"], [["1.5", "2"]]]);
  assert.deepEqual(read("a;b\n2,5;3,5", { decimal: "." })[1][0], ["2,5", "3,5"]);
  assert.deepEqual(read("a\tb\nx, y\tz"), [["a", "b"], [["x, y", "z"]]]);
  assert.deepEqual(read("a|b\n1|2"), [["a", "b"], [["1", "2"]]]);
  assert.deepEqual(read('"a;b;c;d",e\n1,2'), [["a;b;c;d", "e"], [["1", "2"]]]);
  assert.deepEqual(read("a\nx y"), [["a"], [["x y"]]], "no candidate: one column");
  assert.deepEqual(read("a b\n1 2", { delimiter: " " }), [["a", "b"], [["1", "2"]]]);
  assert.deepEqual(read("a,b;c\n1,2;3", { delimiter: ";" }), [["a,b", "c"], [["1.2", "3"]]]);
  assert.deepEqual(
    read("a\tb\n\t1\n2\t", { delimiter: "\t" }),
    [
      ["a", "b"],
      [
        ["", "1"],
        ["2", ""],
      ],
    ],
    "a blank that delimits is no blank",
  );
});

test("parseCsv takes a first record without numbers out of quotes for the header", () => {
  assert.deepEqual(read("1,x\n2,y"), [
    ["column_1", "column_2"],
    [
      ["1", "x"],
      ["2", "y"],
    ],
  ]);
  assert.deepEqual(read('"2019","2020"\n1,2'), [["2019", "2020"], [["1", "2"]]]);
  assert.deepEqual(read("2019,2020\n1,2", { header: true }), [["2019", "2020"], [["1", "2"]]]);
  assert.deepEqual(read("p,x\ne,x", { header: false }), [
    ["column_1", "column_2"],
    [
      ["p", "x"],
      ["e", "x"],
    ],
  ]);
  assert.deepEqual(
    read(",a\n0,1"),
    [["column_1", "a"], [["0", "1"]]],
    "a column without a name gets one",
  );
  assert.deepEqual(read("1.50\n"), [["column_1"], [["1.5"]]]);
  assert.deepEqual(
    read("1.50,\n", { header: true }),
    [["1.50", "column_2"], []],
    "names keep their spelling",
  );
});

test("parseCsv decodes UTF-8, UTF-16 with its mark, and the encoding that is named", () => {
  assert.deepEqual(read(new TextEncoder().encode("\ufeffé,b\n1,2")), [["é", "b"], [["1", "2"]]]);
  assert.deepEqual(read(Uint8Array.of(0xff, 0xfe, ...Buffer.from("é;b\n1;2", "utf16le"))), [
    ["é", "b"],
    [["1", "2"]],
  ]);
  assert.deepEqual(read(Buffer.from("é,b\n1,2", "latin1"), { encoding: "latin1" }), [
    ["é", "b"],
    [["1", "2"]],
  ]);
});

const HOSTILE: [title: string, text: string | Uint8Array, message: string, offset: number][] = [
  ["an empty text", "", "a.csv:1:1: expected a header or a row of cells, got nothing", 0],
  ["line ends only", "\n\r\n\r", "a.csv:1:1: expected a header or a row of cells, got nothing", 0],
  [
    "a byte order mark only",
    "\ufeff",
    "a.csv:1:1: expected a header or a row of cells, got nothing",
    0,
  ],
  [
    "a short row",
    "a,b,c\n1,2,3\n4,5\n",
    "a.csv:3:3: expected 3 cells as in the first line, got 2",
    12,
  ],
  [
    "a long row",
    "a,b\n1,2,3,4\n",
    "a.csv:2:3: expected 2 cells as in the first line, got 4; " +
      'a cell that contains the delimiter "," needs quotes',
    4,
  ],
  [
    "a row after line ends inside cells",
    'a,b\n"1\n2",x\n\n3\n',
    "a.csv:5:2: expected 2 cells as in the first line, got 1",
    13,
  ],
  [
    "an unclosed quote",
    'a,b\n1,"2\n3,4\n',
    "a.csv:2:2: expected a closing quote, got the end of the text",
    6,
  ],
  [
    "an unclosed quote in the header",
    '"a,b\n1,2\n',
    "a.csv:1:1: expected a closing quote, got the end of the text",
    0,
  ],
  [
    "text after a closing quote",
    'a,b\n"1"2,3',
    'a.csv:2:1: expected a delimiter or the end of the line after the closing quote, got "2"',
    7,
  ],
  [
    "a NUL character",
    "a,b\n1,x\0y\n",
    "a.csv:2:2: expected text, got a NUL character; " +
      "is the file binary, or UTF-16 without a byte order mark?",
    7,
  ],
  [
    "a NUL character in quotes",
    'a,b\n1,"x\n\0"\n',
    "a.csv:3:2: expected text, got a NUL character; " +
      "is the file binary, or UTF-16 without a byte order mark?",
    9,
  ],
  [
    "bytes that are not the UTF-8 they begin as",
    Uint8Array.of(...Buffer.from("a,ö\n1,"), 0xe9, 10),
    'a.csv:2: expected utf-8 text, got e9; older files are often encoding "windows-1252" (byte 7)',
    7,
  ],
];
for (const [title, text, message, offset] of HOSTILE)
  test(`parseCsv refuses ${title}`, () => refuses(text, message, offset));

test("parseCsv reads a header alone as a table without rows", () =>
  assert.deepEqual(read("a,b\n"), [["a", "b"], []]));

test("parseCsv takes column names that mean something to JavaScript", () => {
  const table = parseCsv("__proto__,constructor,toString\n1,2,3");
  assert.deepEqual(table.columns, ["__proto__", "constructor", "toString"]);
  assert.deepEqual([table.number(0, 0), table.number(0, 2)], [1, 3]);
  assert.equal(({} as Record<string, unknown>)["1"], undefined);
});

test("parseCsv reads a header of 200 000 names and refuses a short row after it", () => {
  const header = Array.from({ length: 2e5 }, (_, i) => `c${i}`).join(",");
  refuses(
    `${header}\n1,2,3\n`,
    "csv:2:4: expected 200000 cells as in the first line, got 3",
    header.length + 1,
    {},
  );
});

test("parseCsv refuses more than 2^20 columns at once, with or without a header", () => {
  for (const [cell, header] of [
    ["", undefined],
    ["1", undefined],
    ["x", false],
  ] as const) {
    const offset = 2 ** 20 * (cell.length + 1);
    refuses(
      `${cell},`.repeat(2 ** 20 + 1),
      "csv:1:1048577: expected at most 1048576 columns, got more; is the delimiter right?",
      offset,
      { header },
    );
  }
});

test("CsvTable.error counts the lines inside quoted cells, and columns by cells", () => {
  const table = parseCsv('a,b,c\n1,2,3\n"x\r\ny\rz","p\nq",n/a\n', { name: "iris.csv" });
  const error = table.error('expected a number, got "n/a"', 1, 2);
  assert.deepEqual(
    [error.message, error.format, error.offset],
    ['iris.csv:6:3: expected a number, got "n/a"', "csv", 12],
  );
  assert.equal(table.error("m", 1, 0).message, "iris.csv:3:1: m");
  assert.equal(table.error("m", 1, 1).message, "iris.csv:5:2: m");
  assert.equal(table.error("m").message, "iris.csv: m");
});

const DELIMITER =
  "parseCsv: delimiter expected one character that is no letter, digit, quote, sign, point " +
  "or line end";

test("parseCsv refuses wrong arguments by name", () => {
  const wrong: [unknown, unknown, string, string][] = [
    [5, {}, "TypeError", "parseCsv: expected a string or a Uint8Array, got 5"],
    ["a", null, "TypeError", "parseCsv: options expected an object, got null"],
    [
      "a",
      { seperator: ";" },
      "TypeError",
      "parseCsv: unknown option seperator; " +
        "expected name, delimiter, decimal, header, expected, encoding",
    ],
    ["a", { name: 1 }, "TypeError", "parseCsv: name expected a string, got 1"],
    ["a", { encoding: 1 }, "TypeError", "parseCsv: encoding expected a string, got 1"],
    ["a", { header: "yes" }, "TypeError", 'parseCsv: header expected true or false, got "yes"'],
    ["a", { delimiter: 1 }, "TypeError", "parseCsv: delimiter expected a string, got 1"],
    ["a", { decimal: 1 }, "TypeError", 'parseCsv: decimal expected "." | ",", got 1'],
    ["a", { expected: [1] }, "TypeError", "parseCsv: expected[0] expected a string, got 1"],
  ];
  for (const delimiter of ["", ",,", "a", "é", "1", '"', "\n", "\r", "-", "+", ".", "\0", "😀"]) {
    wrong.push([
      "a",
      { delimiter },
      "RangeError",
      `${DELIMITER}, got ${JSON.stringify(delimiter)}`,
    ]);
  }
  for (const [input, options, name, message] of wrong) {
    assert.throws(() => parseCsv(input as string, options as CsvOptions), { name, message });
  }
});

test("serializeCsvRecord gives what parseCsv reads back, for texts of random characters", () => {
  const CHARACTERS = ['"', '"', ",", ",", "\n", "\r", "a", "1", " ", ".", "-"];
  const random = new Random(3);
  let parsed = 0;
  for (let round = 0; round < 3000; round++) {
    const text = Array.from(
      random.integers(2 + (round % 12), CHARACTERS.length),
      (pick) => CHARACTERS[pick],
    ).join("");
    try {
      const table = parseCsv(text, { header: false, delimiter: ",", decimal: "." });
      const again = table
        .toRows()
        .map((row) => serializeCsvRecord(row))
        .join("\n");
      assert.deepEqual(
        parseCsv(again, { header: false, delimiter: ",", decimal: "." }).toRows(),
        table.toRows(),
        JSON.stringify(text),
      );
      parsed++;
    } catch (error) {
      assert.ok(error instanceof FormatError, `${JSON.stringify(text)}: ${error}`);
    }
  }
  assert.ok(parsed > 500, `${parsed} parsed`);
});

test("parseCsv reads or refuses 500 byte changes and every truncation of 40 lines", () => {
  const iris = readFileSync(new URL("../../fixtures/data/iris.csv", import.meta.url), "utf8");
  const file = Buffer.from(iris.split("\n").slice(0, 40).join("\n"));
  const random = new Random(4);
  const places = random.integers(500, file.length);
  const values = random.integers(500, 256);
  const survives = (bytes: Uint8Array): void => {
    try {
      const table = parseCsv(bytes);
      assert.ok(table.rowCount <= 41);
    } catch (error) {
      assert.ok(error instanceof FormatError, String(error));
      assert.ok(error.offset >= 0 && error.offset <= bytes.length);
    }
  };
  places.forEach((at, i) => {
    const bytes = Uint8Array.from(file);
    bytes[at] = values[i];
    survives(bytes);
  });
  for (let length = 0; length < file.length; length++) survives(file.subarray(0, length));
});

test("serializeCsvRecord puts quotes where they are needed and nowhere else", () => {
  assert.equal(
    serializeCsvRecord(["a b", 'say "x"', "1,5", "two\nlines", "", 0.1, -0, 1e21, "cr\r"]),
    'a b,"say ""x""","1,5","two\nlines",,0.1,0,1e+21,"cr\r"',
  );
  assert.equal(serializeCsvRecord(["1,5", "a;b"], ";"), '1,5;"a;b"');
  assert.deepEqual([serializeCsvRecord([""]), serializeCsvRecord(["", ""])], ['""', '"",']);
  assert.throws(() => serializeCsvRecord(["a"], "ab"), { name: "RangeError" });
});

test("parseCsv keeps every cell when rows become longer or shorter than the first ones", () => {
  for (const flip of [false, true]) {
    const rows = Array.from({ length: 6000 }, (_, i) =>
      i < 3000 !== flip ? `${i % 10},a` : `${i}.${"5".repeat(30)},word${i}`,
    );
    const table = parseCsv("x,y\n" + rows.join("\n"));
    assert.equal(table.rowCount, rows.length);
    rows.forEach((row, i) => {
      const [x, y] = row.split(",");
      assert.equal(table.number(i, 0), Number(x));
      assert.equal(table.text(i, 1), y);
    });
  }
});

test("parseCsv names a file of another kind for what it is, with what to do", () => {
  const files: [Uint8Array | Buffer, string][] = [
    [gzipSync("a,b\n1,2\n"), "a gzip file; decompress it first"],
    [Buffer.from("%PDF-1.4\n"), "a PDF document; copy the table into a spreadsheet"],
    [Buffer.from('[{"a": 1}]'), "a JSON document; convert it to CSV"],
    [Buffer.from("@relation iris\n@attribute a numeric\n"), "an ARFF file; convert it to CSV"],
    [
      Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:1\n"),
      "a Git LFS pointer; the file itself was not downloaded; run git lfs pull",
    ],
  ];
  for (const [bytes, what] of files)
    assert.throws(() => parseCsv(bytes, { name: "a.csv" }), {
      name: "FormatError",
      message: `a.csv: expected CSV text, got ${what}`,
    });
});

const remarksOf = (text: string, options: CsvOptions = {}): string[] =>
  parseCsv(text, options).remarks.map((remark) => remark.text);

test("parseCsv skips no part of a header whose names hold line ends", () => {
  for (const end of ["\n", "\r\n", "\r"]) {
    const name = `the kind${end}of thing`;
    const header = ['"a, b"', `"${name}"`, "grade"].join();
    for (const expected of ["grade", "a, b", name]) {
      const table = parseCsv([header, "1,x,good", "2,y,bad", ""].join(end), {
        expected: [expected],
      });
      assert.deepEqual(table.columns, ["a, b", name, "grade"]);
      assert.deepEqual({ remarks: table.remarks, rows: table.rowCount }, { remarks: [], rows: 2 });
    }
  }
  const stray = 'Screens of 5"\na,b,ok\n1,2,yes\n';
  assert.deepEqual(parseCsv(stray, { expected: ["ok"] }).columns, ["a", "b", "ok"]);
});

test("parseCsv skips lines above the first one that holds an expected name", () => {
  const text = "Sales, 2024\n\na,b,ok\n1,2,yes\n3,4,no\n";
  const table = parseCsv(text, { expected: ["ok"] });
  assert.deepEqual(table.columns, ["a", "b", "ok"]);
  assert.deepEqual(table.remarks, [{ text: 'skipped 2 lines above the header: "Sales, 2024"' }]);
  assert.equal(table.error("wrong", 0, 0).message, "csv:4:1: wrong");
  const labels = "a,kind\n1,kind\n2,ok\n";
  assert.deepEqual(remarksOf(labels, { expected: ["ok"] }), [], "a row of data is no header");
});

test("parseCsv skips lines that repeat the header", () => {
  const table = parseCsv("a,b\n1,2\na,b\n3,4\na,bc\n");
  assert.deepEqual(table.toRows(), [
    ["1", "2"],
    ["3", "4"],
    ["a", "bc"],
  ]);
  assert.deepEqual(table.remarks, [{ text: "skipped 1 line in which the header stands again" }]);
});

test("parseCsv leaves out texts below the last row, and says so", () => {
  const text = "a,b,c\n1,2,3\nTotal: 1 row\n\nSource: office, 2024\n";
  const table = parseCsv(text);
  assert.equal(table.rowCount, 1);
  assert.deepEqual(table.remarks, [{ text: 'left out 2 lines at the end: "Total: 1 row"' }]);
});

test("parseCsv refuses a short line that a row follows, and short lines of numbers", () => {
  const message = "a.csv:3:2: expected 3 cells as in the first line, got 1";
  for (const text of ["a,b,c\n1,2,3\nhalf\n4,5,6\n", "a,b,c\n1,2,3\n4\n"])
    assert.throws(() => parseCsv(text, { name: "a.csv" }), { name: "FormatError", message });
});

test("parseCsv finds unusual delimiters when there is no usual one", () => {
  for (const delimiter of ["^", "~", ":", "\x01"]) {
    const table = parseCsv(["a|b", "1|2", "3|4"].join("\n").replaceAll("|", delimiter));
    assert.deepEqual(table.columns, ["a", "b"], delimiter);
    assert.match(table.remarks[0].text, /^the cells are separated by/);
  }
  assert.deepEqual(parseCsv("time\n12:30\n12:45\n").columns, ["time"]);
});

test("parseCsv says how a quote inside a cell is written when a backslash stands before it", () => {
  assert.throws(() => parseCsv('a,b\n"x \\"y\\"",2\n', { name: "a.csv" }), {
    message:
      "a.csv:2:1: expected a delimiter or the end of the line after the closing quote, " +
      'got "y"; a quote inside a cell is written "", not \\"',
  });
});
