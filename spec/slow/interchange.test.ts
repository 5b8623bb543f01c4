// Seeded mutants of every fixture of the interchange formats, with bytes changed, inserted, left
// out and copied elsewhere: each is read or refused with a FormatError that points into the file.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { FormatError } from "../../lib/base/errors.ts";
import { Random } from "../../lib/base/random.ts";
import { parseNpy } from "../../lib/formats/npy.ts";
import { parseNpz } from "../../lib/formats/npz.ts";
import { parseOnnx } from "../../lib/formats/onnx/onnx.ts";
import { parseSafetensors } from "../../lib/formats/safetensors.ts";
import { readForeignNet } from "../../lib/model/foreign-net.ts";
import { netFromOnnx } from "../../lib/model/net-onnx.ts";

const inflate = inflateRawSync;
const READERS: { [format: string]: ((bytes: Uint8Array) => unknown)[] } = {
  npy: [parseNpy],
  npz: [
    (bytes) => parseNpz(bytes, { inflate }),
    (bytes) => readForeignNet("npz", bytes, { inflate }),
  ],
  safetensors: [parseSafetensors, (bytes) => readForeignNet("safetensors", bytes)],
  onnx: [parseOnnx, netFromOnnx],
};
const MUTANTS = 4000; // of each fixture

/** One to five edits, each at a random place. */
function mutant(original: Uint8Array, random: Random): Uint8Array {
  const bytes = Array.from(original);
  for (let edits = 1 + random.integers(1, 5)[0]; edits > 0; edits--) {
    const [at, from] = random.integers(2, Math.max(1, bytes.length));
    const [kind, special, value, length] = random.integers(4, 256);
    const byte = [0, 1, 0x7f, 0x80, 0xff, value][special % 6];
    if (kind % 5 === 0) bytes[at] = byte;
    else if (kind % 5 === 1) bytes[at] ^= 1 << (value % 8);
    else if (kind % 5 === 2) bytes.splice(at, 0, byte);
    else if (kind % 5 === 3) bytes.splice(at, 1 + (length % 8));
    else bytes.copyWithin(at, from, from + 1 + (length % 32));
  }
  return Uint8Array.from(bytes);
}

for (const [format, readers] of Object.entries(READERS)) {
  const folder = new URL(`../fixtures/${format}/`, import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith(`.${format}`));
  test(`${MUTANTS} mutants of each ${format} fixture are read or are FormatErrors`, () => {
    assert.ok(files.length > 0);
    const random = new Random(1);
    Error.stackTraceLimit = 0;
    for (const file of files) {
      const original = readFileSync(new URL(file, folder));
      for (let i = 0; i < MUTANTS; i++) {
        const bytes = mutant(original, random);
        for (const read of readers) {
          try {
            read(bytes);
          } catch (error) {
            const where = `mutant ${i} of ${file}: ${error}`;
            assert.ok(error instanceof FormatError, where);
            assert.ok(
              error.offset >= 0 && error.offset <= bytes.length,
              `${where}: offset ${error.offset} of ${bytes.length}`,
            );
          }
        }
      }
    }
  });
}
