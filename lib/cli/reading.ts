// The chunks of a CSV file or of standard input on their way to the reader: decompressed where they
// are gzipped, hashed, and with the progress of a long reading on stderr.

import type { Hash } from "node:crypto";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { FileError, readChunks, sizeOf } from "./files.ts";
import { ProgressDisplay } from "./terminal.ts";

/** The bytes of the file, decompressed; `digest` is of the file as it is. */
export async function* tableChunks(path: string, digest?: Hash): AsyncGenerator<Uint8Array> {
  const chunks = watched(path, digest)[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    yield first.value;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next())
      yield next.value;
  };
  const isGzip = first.value[0] === 0x1f && first.value[1] === 0x8b;
  yield* isGzip ? gunzip(path, rest()) : rest();
}

/** The chunks of the file, hashed and counted on the way. */
async function* watched(path: string, digest: Hash | undefined): AsyncGenerator<Uint8Array> {
  const display = new ProgressDisplay();
  const size = path === "-" ? undefined : sizeOf(path);
  let done = 0;
  try {
    for await (const chunk of readChunks(path)) {
      digest?.update(chunk);
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
