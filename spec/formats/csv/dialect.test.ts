import assert from "node:assert/strict";
import { test } from "node:test";
import { type CsvOptions, parseCsv } from "../../../lib/formats/csv/csv.ts";

/** What parseCsv makes of a text: columns, rows and the texts of its remarks. */
function read(
  text: string,
  options: CsvOptions = {},
): { columns: readonly string[]; rows: string[][]; remarks: string[] } {
  const table = parseCsv(text, options);
  return {
    columns: table.columns,
    rows: table.toRows(),
    remarks: table.remarks.map((remark) => remark.text),
  };
}

/** Texts that hold the table kind,size: oak 3.1 / elm 4.5 in another shape, and what is said. */
const SHAPES: Record<string, [text: string, ...remarks: string[]]> = {
  commas: ["kind,size\noak,3.1\nelm,4.5\n"],
  semicolons: ["kind;size\noak;3.1\nelm;4.5\n"],
  tabs: ["kind\tsize\noak\t3.1\nelm\t4.5\n"],
  pipes: ["kind|size\noak|3.1\nelm|4.5\n"],
  "runs of blanks": ["kind   size\n oak  3.1\nelm \t 4.5  \n"],
  "a line with the separator": ["sep=;\r\nkind;size\r\noak;3.1\r\nelm;4.5\r\n"],
  "comment lines": [
    "# a, b\n#\nkind,size\noak,3.1\n# c\nelm,4.5\n",
    "skipped 2 comment lines at the top",
  ],
  "a comment between the rows": ["kind,size\noak,3.1\n# c\nelm,4.5\n"],
  "a header behind #": ["# kind,size\noak,3.1\nelm,4.5\n"],
  "a trailing delimiter in every row": [
    "kind,size\noak,3.1,\nelm,4.5,\n",
    "every row ends with a delimiter that the header lacks",
  ],
  "blank rows": ["kind,size\noak,3.1\n,\n , \nelm,4.5\n", "skipped 2 blank rows"],
  "decimal commas": ["kind;size\noak;3,1\nelm;4,5\n", "decimal numbers are written with a comma"],
  "decimal commas in quotes": [
    'kind,size\noak,"3,1"\nelm,"4,5"\n',
    "decimal numbers are written with a comma",
  ],
  "blanks before quotes": ['"kind", "size"\n"oak", 3.1\n"elm" , "4.5"\n'],
  "CR line ends": ["kind,size\roak,3.1\relm,4.5\r"],
};
for (const [name, [text, ...remarks]] of Object.entries(SHAPES)) {
  test(`parseCsv reads ${name}`, () => {
    assert.deepEqual(read(text), {
      columns: ["kind", "size"],
      rows: [
        ["oak", "3.1"],
        ["elm", "4.5"],
      ],
      remarks,
    });
  });
}

test("parseCsv names the first column of a table whose header is one cell short", () => {
  const { columns, rows, remarks } = read('"w","h","k"\n"1",3.1,2.2,"oak"\n"2",4,1.9,"elm"\n');
  assert.deepEqual(columns, ["row_names", "w", "h", "k"]);
  assert.deepEqual(rows[1], ["2", "4", "1.9", "elm"]);
  assert.deepEqual(remarks, [
    'the header lacks a name for the first column, which is called "row_names"',
  ]);
});

test("parseCsv numbers names that occur twice and columns without a name", () => {
  const { columns, remarks } = read("size,size,,size,column_3,\nx,1,2,3,4,5\n");
  assert.deepEqual(columns, ["size", "size_2", "column_4", "size_3", "column_3", "column_6"]);
  assert.deepEqual(remarks, [
    'column names that occur twice are numbered: "size" in column 2 is "size_2", ' +
      '"size" in column 4 is "size_3"',
  ]);
});

test("parseCsv takes a first line whose cells occur again below for data", () => {
  const { columns, rows, remarks } = read("p,x\ne,x\ne,b\np,y\n");
  assert.deepEqual(columns, ["column_1", "column_2"]);
  assert.equal(rows.length, 4);
  assert.match(remarks[0], /the first line is data/);
  assert.deepEqual(read("p,x\ne,x\ne,b\np,y\n", { header: true }).columns, ["p", "x"]);
});

test("parseCsv takes a first line that holds an expected name for the header", () => {
  const text = "0,1,2\n5,6,7\n8,9,10\n";
  assert.deepEqual(read(text, { expected: ["2"] }).columns, ["0", "1", "2"]);
  assert.deepEqual(read(text, { expected: ["kind"] }).columns, [
    "column_1",
    "column_2",
    "column_3",
  ]);
  assert.deepEqual(read("a,b\n1,2\n", { expected: ["column_1"] }).rows.length, 2);
});

test("parseCsv tells a decimal comma from groups of thousands", () => {
  const second = (cells: string[], delimiter = ";"): number[] => {
    const text =
      ["a", "x"].join(delimiter) + cells.map((cell) => `\nx${delimiter}${cell}`).join("");
    const table = parseCsv(text);
    return cells.map((_, row) => table.number(row, 1));
  };
  assert.deepEqual(second(["1,234", "5,5"]), [1.234, 5.5]);
  assert.deepEqual(second(["1,234", "5,678"]), [1.234, 5.678]);
  assert.deepEqual(second(["1,234", "5.5"]), [1234, 5.5]);
  assert.deepEqual(second(["1,234", "1,234,567"]), [1234, 1234567]);
  assert.deepEqual(second(["1.234,5", "1.234"]), [1234.5, 1234]);
  assert.deepEqual(second(['"1,234"', '"5,678"'], ","), [1234, 5678]);
});
