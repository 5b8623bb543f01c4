import assert from "node:assert/strict";
import { test } from "node:test";
import type { Table } from "../../../lib/base/table.ts";
import { type CsvOptions, parseCsv } from "../../../lib/formats/csv/csv.ts";
import { csvTables } from "../../../lib/formats/csv/stream.ts";

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

const TEXTS: Record<string, string> = {
  plain: "a,b\n1,2\n3,4\n5,6\n7,8\n",
  "CRLF, quotes with line ends, delimiters and quotes in them":
    'a;"b\r\nc"\r\n1;"x;""y"""\r\n2;"two\r\nlines"\r\n3;z\r\n4;5" pipe\r\n',
  "CR alone": "a,b\r1,2\r3,4\r5,6\r",
  "no header, no last line end": "1,2\n3,4\n5,6",
  "a byte order mark and letters of several bytes": "\ufeffä,ö\n1,ß€😀\n2,ü\n3,x\n",
  "empty lines": "\n\na,b\n\n1,2\n\n\n3,4\n\n",
  "one column": "a\n1\n2\n3\n",
};

for (const [name, text] of Object.entries(TEXTS)) {
  test(`csvTables reads what parseCsv reads, however it is cut: ${name}`, async () => {
    const whole = parseCsv(text, { name: "f.csv" });
    for (const chunk of [1, 3, 7, 1000]) {
      for (const size of [1, 5, 12, 1000]) {
        const tables = await tablesOf(text, chunk, size);
        assert.deepEqual(rowsOf(tables), whole.toRows(), `chunks of ${chunk}, tables of ${size}`);
        for (const { columns } of tables) assert.deepEqual(columns, whole.columns);
        if (size === 1 && chunk === 1 && whole.rowCount > 2)
          assert.ok(tables.length > 1, "it is cut at all");
      }
    }
  });
}

test("errors name the line of the file", async () => {
  const text = `"a\nb",c\n${"1,2\n".repeat(20)}3\n`;
  for (const size of [1, 10, 1000]) {
    await assert.rejects(tablesOf(text, 6, size), {
      name: "FormatError",
      message: "f.csv:23:2: expected 2 cells as in the first line, got 1",
    });
  }
  const tables = await tablesOf(text.replace(/3\n$/, "x,4\n"), 6, 10);
  const last = tables.at(-1)!;
  assert.equal(
    last.error("expected a number", last.rowCount - 1, 0).message,
    "f.csv:23:1: expected a number",
  );
  assert.equal(last.error("expected more").message, "f.csv: expected more");
});

test("the columns' names are asked for once, not of every piece", async () => {
  const tables = await tablesOf("1,2\n3,4\n5,6\n", 2, 4, { header: true });
  assert.deepEqual(rowsOf(tables), [
    ["3", "4"],
    ["5", "6"],
  ]);
});

test("encodings: UTF-16 by its mark, others by name, wrong bytes refused", async () => {
  const utf16 = Uint8Array.from([0xff, 0xfe, ...Buffer.from("a,b\n1,ä\n2,ö\n", "utf16le")]);
  assert.deepEqual(rowsOf(await tablesOf(utf16, 5, 4)), [
    ["1", "ä"],
    ["2", "ö"],
  ]);
  const latin1 = Uint8Array.from([0x61, 10, 0xe4, 10]);
  assert.deepEqual(rowsOf(await tablesOf(latin1, 1, 1, { encoding: "windows-1252" })), [["ä"]]);
  await assert.rejects(tablesOf(latin1, 1, 1), {
    name: "FormatError",
    message:
      'f.csv: expected utf-8 text, got bytes that are not; older files are often encoding "windows-1252"',
  });
  await assert.rejects(tablesOf(latin1, 1, 1, { encoding: "klingon" }), {
    name: "RangeError",
    message: 'csv: encoding expected a name TextDecoder knows, got "klingon"',
  });
});

test("nothing at all, a header alone and an unclosed quote", async () => {
  await assert.rejects(tablesOf("", 1, 1), {
    message: "f.csv:1:1: expected a header or a row of cells, got nothing",
  });
  const [table, ...rest] = await tablesOf("a,b\n", 1, 1000);
  assert.deepEqual([table.columns, table.rowCount, rest.length], [["a", "b"], 0, 0]);
  await assert.rejects(tablesOf(`a,b\n1,"${"x\n".repeat(50)}`, 4, 8), {
    message: "f.csv:2:2: expected a closing quote, got the end of the text",
  });
});
