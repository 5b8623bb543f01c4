import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../../lib/base/errors.ts";
import type { Table } from "../../../lib/base/table.ts";
import { type CsvOptions, parseCsv } from "../../../lib/formats/csv/csv.ts";
import { csvTables, readCsv } from "../../../lib/formats/csv/stream.ts";

function chunksOf(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
}

async function tablesOf(
  text: string | Uint8Array,
  chunk: number,
  size: number,
  options: CsvOptions = {},
): Promise<Table[]> {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const tables: Table[] = [];
  for await (const table of csvTables(chunksOf(bytes, chunk), { name: "f.csv", ...options }, size))
    tables.push(table);
  return tables;
}

const rowsOf = (tables: readonly Table[]): string[][] =>
  tables.flatMap((table) =>
    Array.from({ length: table.rowCount }, (_, i) => table.columns.map((_, j) => table.text(i, j))),
  );

// Long enough to be cut after the first piece, which decides about the dialect.
const long = "y".repeat(3000);
const repeat = (rows: string, count = 100): string => rows.repeat(count);

const TEXTS: Record<string, string> = {
  plain: `a,b\n${repeat(`1,${long}\n3,4\n`)}`,
  "CRLF, quotes with line ends, delimiters and quotes in them": `a;"b\r\nc"\r\n${repeat(
    `1;"x;""y"""\r\n2;"two\r\nlines${long}"\r\n3;z\r\n4;5" pipe\r\n`,
  )}`,
  "CR alone": `a,b\r${repeat(`1,2\r3,${long}\r`)}`,
  "no header, no last line end": `${repeat(`1,${long}\n`)}5,6`,
  "a byte order mark and letters of several bytes": `\ufeffä,ö\n${repeat(`1,ß€😀${long}\n2,ü\n`)}`,
  "empty lines and blank rows": `\n\na,b\n\n${repeat(`1,2\n\n\n,\n3,${long}\n\n`)}`,
  "decimal commas": `a;b;c\n${repeat(`1,5;2,5;${long}\n`)}`,
  "a trailing delimiter": `a,b\n${repeat(`1,${long},\n`)}`,
  "names of rows": `a,b\n${repeat(`r,1,${long}\n`)}`,
  "runs of blanks": `a  b\n${repeat(`1   ${long}\n 2 3\n`)}`,
  comments: `# b,c\n# d\na,b\n${repeat(`1,${long}\n# 5\n`)}`,
  short: "a,b\n1,2\n",
};

for (const [name, text] of Object.entries(TEXTS)) {
  test(`csvTables and readCsv read what parseCsv reads, however it is cut: ${name}`, async () => {
    const whole = parseCsv(text, { name: "f.csv" });
    for (const chunk of [997, 4096, 1 << 20]) {
      for (const size of [1, 5000]) {
        const tables = await tablesOf(text, chunk, size);
        assert.deepEqual(rowsOf(tables), whole.toRows(), `chunks of ${chunk}, tables of ${size}`);
        for (const { columns } of tables) assert.deepEqual(columns, whole.columns);
        if (chunk < 5000 && name !== "short") assert.ok(tables.length > 1, "it is cut at all");
      }
      const bytes = new TextEncoder().encode(text);
      const table = await readCsv(chunksOf(bytes, chunk), { name: "f.csv" });
      assert.deepEqual(table.toRows(), whole.toRows());
      assert.deepEqual(table.columns, whole.columns);
      assert.deepEqual(table.remarks, whole.remarks);
    }
  });
}

test("csvTables reads UTF-16 whose byte order mark is split over two chunks", async () => {
  const utf16 = Uint8Array.from([0xff, 0xfe, ...Buffer.from("a,b\n1,ä\n2,ö\n", "utf16le")]);
  for (const size of [1, 2, 3, 5, 100]) {
    assert.deepEqual(rowsOf(await tablesOf(utf16, size, 4)), [
      ["1", "ä"],
      ["2", "ö"],
    ]);
  }
});

test("csvTables gives errors the line, the cell and the offset of the file", async () => {
  const head = `"a\nb",c\n${`1,${long}\n`.repeat(200)}`;
  for (const size of [1, 10_000]) {
    await assert.rejects(tablesOf(`${head}3\n`, 6000, size), (error) => {
      assert.ok(error instanceof FormatError);
      assert.equal(error.message, "f.csv:203:2: expected 2 cells as in the first line, got 1");
      assert.equal(error.line, 203);
      assert.equal(error.column, 2);
      assert.equal(error.offset, head.length);
      return true;
    });
    await assert.rejects(tablesOf(`${head}4,"x\n5,6\n7,8\n`, 6000, size), {
      message: "f.csv:203:2: expected a closing quote, got the end of the text",
    });
  }
  const tables = await tablesOf(`${head}x,4\n`, 6000, 10_000);
  const last = tables.at(-1)!;
  const error = last.error("expected a number", last.rowCount - 1, 0) as FormatError;
  assert.equal(error.message, "f.csv:203:1: expected a number");
  assert.equal(error.offset, head.length);
});

test("csvTables takes the names of the columns once, not of every piece", async () => {
  const tables = await tablesOf(`1,2\n3,4\n${`5,${long}\n`.repeat(100)}`, 4096, 1, {
    header: true,
  });
  assert.ok(tables.length > 1);
  assert.deepEqual(rowsOf(tables)[0], ["3", "4"]);
  for (const { columns } of tables) assert.deepEqual(columns, ["1", "2"]);
});

test("csvTables reads bytes that are not UTF-8 as windows-1252 and says so once", async () => {
  const latin1 = Buffer.from(`a,b\n${`1,${long}\n`.repeat(100)}2,\xe4\n3,\xdf\n`, "latin1");
  const tables = await tablesOf(latin1, 4096, 1);
  assert.deepEqual(rowsOf(tables).slice(-2), [
    ["2", "ä"],
    ["3", "ß"],
  ]);
  const remarks = tables.flatMap((table) => table.remarks ?? []);
  assert.equal(remarks.length, 1);
  assert.equal(remarks[0].option, "--encoding windows-1252");
  await assert.rejects(tablesOf(latin1, 4096, 1, { encoding: "utf-8" }), (error) => {
    assert.ok(error instanceof FormatError);
    assert.equal(
      error.message,
      `f.csv:102: expected utf-8 text, got e4 (byte ${latin1.indexOf(0xe4)})`,
    );
    return true;
  });
});

test("csvTables refuses nothing at all and reads a header alone", async () => {
  await assert.rejects(tablesOf("", 1, 1), {
    message: "f.csv:1:1: expected a header or a row of cells, got nothing",
  });
  const [table, ...rest] = await tablesOf("a,b\n", 1, 1000);
  assert.deepEqual(table.columns, ["a", "b"]);
  assert.equal(table.rowCount, 0);
  assert.equal(rest.length, 0);
});
