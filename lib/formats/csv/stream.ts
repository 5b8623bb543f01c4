// A CSV file of any length as a sequence of tables, each of about a megabyte: what predicting
// needs, row after row, without ever holding the whole file. Every table is parsed by
// formats/csv/csv.ts; here the text is only cut where a record ends.

import { FormatError } from "../../base/errors.ts";
import type { Table } from "../../base/table.ts";
import { type CsvOptions, parseCsv, sniffDelimiter } from "./csv.ts";
import { decodeText } from "./text-decoding.ts";

const PIECE = 1 << 20; // UTF-16 units a table

/**
 * The tables of the file whose bytes are `chunks`, in order, at least one; all have the same
 * columns. Throws what parseCsv throws, with the lines of the file. `size` is how much text makes a
 * table.
 */
export async function* csvTables(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: CsvOptions & { name: string },
  size = PIECE,
): AsyncGenerator<Table> {
  const { name } = options;
  let delimiter = options.delimiter;
  let header = "";
  let hasHeader = false;
  let firstLine = 1; // of `text`
  let begun = false;
  let text = "";
  const next = (end: number): Table => {
    const piece = text.slice(0, end);
    text = text.slice(end);
    delimiter ??= sniffDelimiter(piece);
    if (!begun) {
      const first = piece.slice(0, recordEnd(piece, delimiter, "first") || piece.length);
      hasHeader = parseCsv(first, { name, delimiter, header: options.header }).rowCount === 0;
      if (hasHeader) header = first;
    }
    const repeated = begun && hasHeader;
    const shift = firstLine - 1 - (repeated ? lineCount(header) : 0);
    firstLine += lineCount(piece);
    begun = true;
    return parseShifted(
      (repeated ? header : "") + piece,
      { name, delimiter, header: hasHeader },
      shift,
    );
  };
  let enough = size;
  for await (const part of decode(chunks, options)) {
    text += part;
    if (text.length < enough) continue;
    const last = recordEnd(text, delimiter ?? sniffDelimiter(text), "last");
    // the first table has a record: the columns are known by it
    const end = begun || text.slice(0, last).trim() !== "" ? last : 0;
    // a very long record is not looked through again at every piece of it
    enough = end > 0 ? size : 2 * text.length;
    if (end > 0) yield next(end);
  }
  if (!begun || text.length > 0) yield next(text.length);
}

/** Text as it comes, for UTF-8 checked as strictly as for a whole file. */
async function* decode(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { name, encoding }: CsvOptions & { name: string },
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    const bom =
      encoding !== undefined
        ? encoding
        : chunk[0] === 0xff && chunk[1] === 0xfe
          ? "utf-16le"
          : chunk[0] === 0xfe && chunk[1] === 0xff
            ? "utf-16be"
            : "utf-8";
    // refuses an unknown name
    if (decoder === undefined && encoding !== undefined)
      decodeText("csv", name, new Uint8Array(0), encoding);
    decoder ??= new TextDecoder(bom, { fatal: true });
    yield attempt(decoder, name, chunk);
  }
  if (decoder !== undefined) yield attempt(decoder, name);
}

function attempt(decoder: TextDecoder, name: string, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new FormatError(
      "csv",
      `expected ${decoder.encoding} text, got bytes that are not; older files are often encoding "windows-1252"`,
      { source: name },
    );
  }
}

/**
 * Where the first or last record that ends within `text` ends: behind its line end, 0 when none
 * does. A quote opens only at the start of a cell. A CR at the very end does not count, since an LF
 * may follow.
 */
function recordEnd(text: string, delimiter: string, which: "first" | "last"): number {
  let end = 0;
  let cellStart = true;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted) {
      if (char !== '"') continue;
      if (text[i + 1] === '"') i++;
      else quoted = false;
    } else if (char === '"' && cellStart) {
      quoted = true;
      cellStart = false;
    } else if (char === "\n" || (char === "\r" && i + 1 < text.length && text[i + 1] !== "\n")) {
      end = i + 1;
      cellStart = true;
      if (which === "first" && text.slice(0, end).trim() !== "") return end;
    } else {
      cellStart = char === delimiter || (i === 0 && char === "\ufeff");
    }
  }
  return end;
}

function lineCount(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/** parseCsv, with `shift` added to the line in every message. */
function parseShifted(text: string, options: CsvOptions & { name: string }, shift: number): Table {
  const shifted = (error: unknown): Error => {
    if (!(error instanceof FormatError)) throw error;
    const { source, line, column, offset } = error;
    if (line === undefined) return error;
    return new FormatError("csv", error.reason, { source, line: line + shift, column, offset });
  };
  try {
    const table = parseCsv(text, options);
    return {
      columns: table.columns,
      rowCount: table.rowCount,
      number: (row, column) => table.number(row, column),
      text: (row, column) => table.text(row, column),
      isNumber: (row, column) => table.isNumber(row, column),
      error: (message, row, column) => shifted(table.error(message, row, column)),
    };
  } catch (error) {
    throw shifted(error);
  }
}
