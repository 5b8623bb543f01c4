// What npz needs of zip is tested through npz.test.ts, hostile archives included; here is what only
// other archives have.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { FormatError } from "../../lib/base/errors.ts";
import { type Inflate, openZip, writeZip } from "../../lib/formats/zip.ts";

/** All entries, unpacked. */
function readZip(format: string, bytes: Uint8Array, inflate?: Inflate): Map<string, Uint8Array> {
  const entries = [...openZip(format, bytes, { inflate })];
  return new Map(entries.map(([name, unpack]) => [name, unpack().bytes]));
}

import { assertThrows } from "../helpers/throws.ts";

/** `bytes` with little-endian numbers put at places: [offset, width, value]. */
function patched(bytes: Uint8Array, ...patches: [number, 1 | 2 | 4, number][]): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (const [at, width, value] of patches) {
    if (width === 4) view.setUint32(at, value, true);
    else if (width === 2) view.setUint16(at, value, true);
    else view.setUint8(at, value);
  }
  return bytes;
}

test("writeZip and openZip give back every name and byte, stored and deflated", () => {
  const entries = new Map([
    ["empty", new Uint8Array(0)],
    ["folder/größe 層", Uint8Array.of(1, 2, 3)],
    ["zeros", new Uint8Array(5000)],
  ]);
  assert.deepEqual(readZip("zip", writeZip("f", entries)), entries);
  const packed = writeZip("f", entries, deflateRawSync);
  assert.ok(packed.length < 500);
  const unpacked = readZip("zip", packed, inflateRawSync);
  assert.deepEqual(
    [...unpacked].map(([name, bytes]) => [name, Uint8Array.from(bytes)]),
    [...entries],
  );
  assert.deepEqual(readZip("zip", writeZip("f", new Map())), new Map());
});

test("openZip finds the end record before a comment that holds another one", () => {
  const archive = writeZip(
    "f",
    new Map([
      ["a", Uint8Array.of(1)],
      ["b", Uint8Array.of(2)],
    ]),
  );
  const end = archive.length - 22;
  const bytes = Uint8Array.from([...archive, ...archive.slice(end), 33]);
  bytes[end + 20] = 23;
  assert.deepEqual([...readZip("zip", bytes).keys()], ["a", "b"]);
});

test("openZip reads 64-bit sizes in extra fields of the directory", () => {
  // One stored entry of three bytes with sizes and offset of ffffffff in the directory and field 1
  // (24 bytes) behind the name.
  const archive = writeZip("test", new Map([["a", Uint8Array.of(1, 2, 3)]]));
  const directory = 31 + 3;
  const extra = new Uint8Array(28);
  patched(extra, [0, 2, 1], [2, 2, 24], [4, 4, 3], [12, 4, 3], [20, 4, 0]);
  const bytes = Uint8Array.from([
    ...archive.slice(0, directory + 47),
    ...extra,
    ...archive.slice(directory + 47),
  ]);
  patched(
    bytes,
    [directory + 20, 4, 0xffffffff],
    [directory + 24, 4, 0xffffffff],
    [directory + 30, 2, 28],
    [directory + 42, 4, 0xffffffff],
    [bytes.length - 10, 4, 47 + 28],
  );
  assert.deepEqual([...readZip("zip", bytes)], [["a", Uint8Array.of(1, 2, 3)]]);
  patched(bytes, [directory + 47 + 2, 2, 20]); // a field too short for the offset
  assert.throws(() => readZip("zip", bytes), FormatError);
});

test("writeZip refuses what no reader takes", () => {
  const empty = new Uint8Array(0);
  const many = new Map(Array.from({ length: 65535 }, (_, i) => [`${i}`, empty]));
  assertThrows(
    () => writeZip("f", many),
    RangeError,
    "f: expected fewer than 65535 entries, got 65535",
  );
  assertThrows(
    () => writeZip("f", new Map([["", empty]])),
    RangeError,
    'f: entry "": expected a name, got none',
  );
  assertThrows(
    () => writeZip("f", new Map([["x".repeat(65536), empty]])),
    RangeError,
    "f: expected names below 64 KiB and an archive below 4 GiB, got more at entry " +
      `"${"x".repeat(39)}…"`,
  );
});

test("openZip reads an archive that ends with a zip64 end record", () => {
  const plain = writeZip("f", new Map([["a", Uint8Array.of(1, 2, 3)]]));
  const end = plain.length - 22;
  const view = new DataView(plain.buffer, plain.byteOffset);
  const size = view.getUint32(end + 12, true);
  const directoryAt = view.getUint32(end + 16, true);
  for (const masked of [true, false]) {
    const bytes = new Uint8Array(plain.length + 56 + 20);
    bytes.set(plain.subarray(0, end));
    const wide = new DataView(bytes.buffer);
    wide.setUint32(end, 0x06064b50, true);
    wide.setBigUint64(end + 4, 44n, true);
    for (const at of [24, 32]) wide.setBigUint64(end + at, 1n, true);
    wide.setBigUint64(end + 40, BigInt(size), true);
    wide.setBigUint64(end + 48, BigInt(directoryAt), true);
    wide.setUint32(end + 56, 0x07064b50, true);
    wide.setBigUint64(end + 64, BigInt(end), true);
    wide.setUint32(end + 72, 1, true);
    bytes.set(plain.subarray(end), end + 76);
    if (masked) bytes.fill(0xff, end + 76 + 8, end + 76 + 20);
    assert.deepEqual([...readZip("zip", bytes)], [["a", Uint8Array.of(1, 2, 3)]]);
    wide.setBigUint64(end + 4, 45n, true);
    assert.throws(() => readZip("zip", bytes), {
      message: `zip: expected the zip64 end record to end at ${end + 56} (byte ${end})`,
    });
  }
});
