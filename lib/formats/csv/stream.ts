// A CSV file of any length, chunk by chunk: as one table, or as a sequence of tables of about a
// megabyte each, which is what predicting needs, row after row, without ever holding the whole
// file.

import { type CsvOptions, checkCsvOptions } from "./csv.ts";
import { ByteQueue, PIECE } from "./pieces.ts";
import { CsvReader } from "./reader.ts";
import type { CsvTable } from "./table.ts";

type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

// Bytes of a table, where each piece becomes one.
const TABLE_PIECE = 1 << 20;

/**
 * The tables of the file whose bytes are `chunks`, in order, at least one; all have the same
 * columns. Throws what parseCsv throws, with lines and offsets of the file. `size` is the number
 * of bytes that make a table.
 */
export async function* csvTables(
  chunks: Chunks,
  options: CsvOptions,
  size = TABLE_PIECE,
): AsyncGenerator<CsvTable> {
  let isFirst = true;
  let last: CsvReader | undefined;
  for await (const reader of readPieces(chunks, options, size)) {
    last = reader;
    if (!reader.hasRows) continue;
    isFirst = false;
    yield reader.takeTable();
  }
  if (isFirst) yield last!.takeTable();
}

/** All of the file whose bytes are `chunks` as one table. Throws what parseCsv throws. */
export async function readCsv(chunks: Chunks, options: CsvOptions): Promise<CsvTable> {
  let whole: CsvReader | undefined;
  for await (const reader of readPieces(chunks, options, PIECE)) whole = reader;
  return whole!.takeTable();
}

/** The reader of the chunks, whenever it has read another piece, and after the last one. */
async function* readPieces(
  chunks: Chunks,
  options: CsvOptions,
  size: number,
): AsyncGenerator<CsvReader> {
  checkCsvOptions(options);
  const reader = new CsvReader(options);
  const queue = new ByteQueue();
  const read = (last: boolean): void => {
    reader.addBytes(queue.take(last), last);
    reader.read(last);
  };
  let enough = size;
  for await (const chunk of chunks) {
    queue.add(chunk);
    if (queue.length + reader.waiting < enough) continue;
    read(false);
    // A record that is longer than a piece is not read again with every chunk of it.
    enough = Math.max(size, 2 * reader.waiting);
    yield reader;
  }
  read(true);
  yield reader;
}
