// The chunks of a CSV file or of standard input on their way to the reader: decompressed where they
// are gzipped, hashed, and with the progress of a long reading on stderr.

import { basename } from "node:path";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { DataDigest } from "./data-digest.ts";
import { FileError, readChunks, sizeOf } from "./files.ts";
import { ProgressDisplay } from "./progress-display.ts";

/** The bytes of the file, decompressed and added to the digest. */
export async function* tableChunks(path: string, digest?: DataDigest): AsyncGenerator<Uint8Array> {
  const chunks = watched(path)[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    let next: IteratorResult<Uint8Array> = first;
    for (; next.done !== true; next = await chunks.next()) {
      if (isGzip) digest?.addBytes(next.value);
      else digest?.addText(next.value);
      yield next.value;
    }
  };
  if (!isGzip) yield* rest();
  else
    for await (const chunk of gunzip(path, rest())) {
      digest?.addDecompressed(chunk);
      yield chunk;
    }
}

/** The chunks of the file, counted on the way. */
async function* watched(path: string): AsyncGenerator<Uint8Array> {
  const display = new ProgressDisplay();
  const size = sizeOf(path);
  let done = 0;
  try {
    for await (const chunk of readChunks(path)) {
      done += chunk.length;
      display.updateText(() => readingText(path, done, size));
      yield chunk;
    }
  } finally {
    display.end();
  }
}

const MEGABYTE = 1e6;

function readingText(path: string, done: number, size: number | undefined): string {
  const megabytes = (bytes: number): string => (bytes / MEGABYTE).toFixed(0);
  const of = size === undefined ? "" : ` of ${megabytes(size)}`;
  const name = path === "-" ? "standard input" : basename(path);
  return `reading ${name}: ${megabytes(done)}${of} MB`;
}

async function* gunzip(
  path: string,
  chunks: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const source = Readable.from(chunks);
  const unzipped = createGunzip();
  source.on("error", (error) => unzipped.destroy(error));
  try {
    yield* source.pipe(unzipped);
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw new FileError(`${path}: cannot be decompressed: ${(error as Error).message}`);
  }
}
