import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../../lib/base/errors.ts";
import { CsvScanner } from "../../../lib/formats/csv/scanner.ts";

type Cell = { value: number; spelling: string; quoted: boolean };

/** Every record of the text: the line it begins on and its cells. */
function scan(text: string, delimiter = ","): { line: number; cells: Cell[] }[] {
  const scanner = new CsvScanner("a.csv", text, { delimiter });
  const records = [];
  while (scanner.toRecord()) {
    const record = { line: scanner.line, cells: [] as Cell[] };
    do {
      scanner.cell(record.cells.length + 1);
      const { value, spelling, quoted } = scanner;
      record.cells.push({ value, spelling, quoted });
    } while (!scanner.last);
    records.push(record);
  }
  assert.equal(scanner.position, text.length, "nothing is left over");
  return records;
}

/** The cells of a text of one record. */
function cellsOf(text: string, delimiter = ","): Cell[] {
  const records = scan(text, delimiter);
  assert.equal(records.length, 1);
  return records[0].cells;
}

test("A record knows the line it begins on, whatever ends the lines", () => {
  assert.deepEqual(
    scan('a\n\n\nb\r\nc\rd\n"1\n2\r\n3\r4",x\ne').map(({ line, cells }) => [
      line,
      ...cells.map(({ spelling }) => spelling),
    ]),
    [
      [1, "a"],
      [4, "b"],
      [5, "c"],
      [6, "d"],
      [7, "1\n2\r\n3\r4", "x"],
      [11, "e"],
    ],
  );
  assert.deepEqual(scan(""), []);
  assert.deepEqual(scan("\r\n\n\r"), []);
});

test("A cell has its number and its spelling, whatever stands around it", () => {
  assert.deepEqual(cellsOf(' 1.50\t,x,"2",,"say ""hi"", you",-1e3'), [
    { value: 1.5, spelling: "1.50", quoted: false },
    { value: NaN, spelling: "x", quoted: false },
    { value: 2, spelling: "2", quoted: true },
    { value: NaN, spelling: "", quoted: false },
    { value: NaN, spelling: 'say "hi", you', quoted: true },
    { value: -1000, spelling: "-1e3", quoted: false },
  ]);
});

test("A cell that only begins as a number is text, and so is an identifier", () => {
  for (const text of [
    "1 2",
    "1x",
    "1e",
    "0x10",
    "1_000",
    "--1",
    ".",
    "1e999",
    "007",
    "1234567890123456",
    " 007 ",
  ]) {
    for (const cell of [text, `"${text}"`]) {
      const [{ value, spelling }] = cellsOf(cell);
      assert.deepEqual([value, spelling], [NaN, cell === text ? text.trim() : text], cell);
    }
  }
});

test("A record that ends with a delimiter has an empty last cell", () => {
  for (const [text, delimiter] of [
    ["1,\n2,", ","],
    ["1\t\n2\t", "\t"],
  ]) {
    assert.deepEqual(
      scan(text, delimiter).map(({ cells }) => cells.map(({ spelling }) => spelling)),
      [
        ["1", ""],
        ["2", ""],
      ],
    );
  }
});

test("A delimiter that is a blank parts numbers as any other does", () => {
  assert.deepEqual(
    cellsOf("1\t 2\t\t3 ", "\t").map(({ value }) => value),
    [1, 2, NaN, 3],
  );
  assert.deepEqual(
    cellsOf("1 \t2", " ").map(({ value }) => value),
    [1, 2],
  );
});

test("Errors name file, line, cell and offset", () => {
  const refuses = (text: string, message: string, offset: number) =>
    assert.throws(
      () => scan(text),
      (error) => {
        assert.ok(error instanceof FormatError);
        assert.deepEqual([error.message, error.format, error.offset], [message, "csv", offset]);
        return true;
      },
    );
  refuses('a\nb,"c\nd\n', "a.csv:2:2: expected a closing quote, got the end of the text", 4);
  refuses('"', "a.csv:1:1: expected a closing quote, got the end of the text", 0);
  refuses('"""', "a.csv:1:1: expected a closing quote, got the end of the text", 0);
  refuses(
    '"a\nb"c',
    'a.csv:2:1: expected a delimiter or the end of the line after the closing quote, got "c"',
    5,
  );
  const NUL = (place: string): string =>
    `a.csv:${place}: expected text, got a NUL character; ` +
    "is the file binary, or UTF-16 without a byte order mark?";
  refuses("a,1\0", NUL("1:2"), 3);
  refuses('"a\n\0"', NUL("2:1"), 3);
});

test("A scanner put back to where a record began reads the same cells again", () => {
  const scanner = new CsvScanner("a.csv", '\n"x\ny",2\n3,4', { delimiter: "," });
  assert.ok(scanner.toRecord());
  const { position, line } = scanner;
  const read = (): [string, number, number] => {
    scanner.cell(1);
    const first = scanner.spelling;
    scanner.cell(2);
    return [first, scanner.value, scanner.line];
  };
  const once = read();
  scanner.position = position;
  scanner.line = line;
  assert.deepEqual(read(), once);
  assert.deepEqual(once, ["x\ny", 2, 4]);
});

test("Blanks around a cell do not belong to it, blanks in quotes do", () => {
  const spellings = cellsOf(' a b , "c" ,\t" d "\t, ,\u00a0e').map(({ spelling }) => spelling);
  assert.deepEqual(spellings, ["a b", "c", " d ", "", "e"]);
});

test("A blank as delimiter stands for a run of blanks and tabs, also at the ends of a line", () => {
  for (const text of ["a  b \t c\n1 2\t3", "  a b c  \n 1  2 3 \n"]) {
    const records = scan(text, " ").map(({ cells }) => cells.map(({ spelling }) => spelling));
    assert.deepEqual(records, [
      ["a", "b", "c"],
      ["1", "2", "3"],
    ]);
  }
});

test("Lines that begin with # are comments when that is asked for", () => {
  const scanner = new CsvScanner("a.csv", '# "x\na\n#b\n', { delimiter: ",", comments: true });
  assert.ok(scanner.toRecord());
  scanner.cell(1);
  assert.equal(scanner.spelling, "a");
  assert.ok(!scanner.toRecord());
});

test("A record that a piece of text cuts off is incomplete", () => {
  for (const text of ["a,b", 'a,"b', 'a,"b"', "a,b\r", "a,", "a"]) {
    const scanner = new CsvScanner("a.csv", text, { delimiter: "," });
    scanner.final = false;
    assert.ok(scanner.toRecord());
    scanner.cell(1);
    if (!scanner.last) scanner.cell(2);
    assert.ok(scanner.incomplete, text);
  }
});
