import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { FormatError } from "../../lib/base/errors.ts";
import { type NpyArray, serializeNpy } from "../../lib/formats/npy.ts";
import { parseNpz, serializeNpz } from "../../lib/formats/npz.ts";
import { toMatrix } from "../../lib/formats/tensor.ts";
import { writeZip } from "../../lib/formats/zip.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { refusesEveryTruncation, survivesEveryByteChange } from "../helpers/mutations.ts";

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/npz/${name}`, import.meta.url));
const answers: Record<string, [string, string, number[], number[]][]> = JSON.parse(
  fixture("answers.json").toString(),
);
const inflate = inflateRawSync;

for (const [name, arrays] of Object.entries(answers)) {
  test(`parseNpz reads NumPy's ${name}.npz`, () => {
    const found = parseNpz(fixture(`${name}.npz`), { inflate });
    assert.deepEqual(
      [...found.keys()],
      arrays.map(([key]) => key),
    );
    for (const [key, dtype, shape, data] of arrays) {
      const array = found.get(key)!;
      assert.equal(array.dtype, dtype);
      assert.deepEqual(array.shape, shape);
      assert.deepEqual(Array.from<unknown>(array.data), data);
    }
  });
}

test("parseNpz needs no inflate for stored files and says what to pass for deflated ones", () => {
  assert.equal(parseNpz(fixture("stored.npz")).size, 4);
  assert.equal(parseNpz(fixture("stored-streamed.npz")).size, 4);
  assert.throws(() => parseNpz(fixture("compressed.npz")), {
    name: "FormatError",
    message:
      /^npz: entry "W1\.npy" is deflated; pass the option inflate, in Node inflateRawSync .*\d\)$/,
  });
});

test("serializeNpz and parseNpz give back every bit, name and shape, stored and deflated", () => {
  const arrays = new Map([
    ["W1", new Matrix(3, 2, Float64Array.of(0.1, -0, 5e-324, NaN, Infinity, 1 / 3))],
    ["layer/größe.npy", new Matrix(20, 30)],
    ["__proto__", new Matrix(0, 3)],
  ]);
  for (const options of [{}, { deflate: deflateRawSync }]) {
    const bytes = serializeNpz(arrays, options);
    const read = parseNpz(bytes, { inflate });
    assert.deepEqual([...read.keys()], [...arrays.keys()]);
    for (const [name, matrix] of arrays) assert.deepEqual(toMatrix(read.get(name)!), matrix);
    assert.deepEqual(serializeNpz(arrays, options), bytes);
    assert.equal(bytes.length < 4000, "deflate" in options);
  }
  assert.deepEqual([...parseNpz(serializeNpz({}))], []);
  const labels = serializeNpz(
    { y: { shape: [3], data: Float64Array.of(0, 2, 1) } },
    { dtype: "int64" },
  );
  assert.deepEqual(
    [...parseNpz(labels)],
    [["y", { dtype: "int64", shape: [3], data: Float64Array.of(0, 2, 1) }]],
  );
});

// Hostile archives: a plain one of two entries, at known places, is damaged on purpose. Both locals
// are 30 + name + data.
const npy = serializeNpy(new Matrix(1, 1));
const plain = (): Uint8Array =>
  writeZip(
    "test",
    new Map([
      ["a.npy", npy],
      ["b.npy", npy],
    ]),
  );
const deflated = (): Uint8Array => writeZip("test", new Map([["a.npy", npy]]), deflateRawSync);
const LOCAL_B = 35 + npy.length;
const DIRECTORY = 2 * LOCAL_B;
const DIRECTORY_B = DIRECTORY + 51;
const END = DIRECTORY + 102;

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

/** plain() with another name of five bytes for entry b in both of its headers. */
function renamed(name: string): Uint8Array {
  const bytes = plain();
  const encoded = new TextEncoder().encode(name);
  bytes.set(encoded, LOCAL_B + 30);
  bytes.set(encoded, DIRECTORY_B + 46);
  return bytes;
}

const deflatedDirectory = (() => deflated().length - 22 - 51)();
const HOSTILE: [string, Uint8Array, string][] = [
  [
    "an empty file",
    new Uint8Array(0),
    "expected a zip archive, got no end record (PK\\x05\\x06) at the end of the file (byte 0)",
  ],
  [
    "a file behind the archive",
    Uint8Array.from([...plain(), 0]),
    "expected a zip archive, got no end record (PK\\x05\\x06) at the end of the file (byte 0)",
  ],
  [
    "a file before the archive",
    Uint8Array.from([0, ...plain()]),
    `expected the directory to end at ${END + 1}, where the end record is, got offset ` +
      `${DIRECTORY} and 102 bytes (byte ${END + 1})`,
  ],
  [
    "a spanned archive",
    patched(plain(), [END + 4, 2, 1]),
    `expected a zip archive in one file, got a part of a spanned one (byte ${END})`,
  ],
  [
    "the mark of a zip64 end record without one",
    patched(plain(), [END + 16, 4, 0xffffffff]),
    `expected the directory to end at ${END}, where the end record is, ` +
      `got offset 4294967295 and 102 bytes (byte ${END})`,
  ],
  [
    "more entries than there are",
    patched(plain(), [END + 8, 2, 3], [END + 10, 2, 3]),
    `reading a directory entry, expected 4 bytes, got 0 (byte ${END})`,
  ],
  [
    "fewer entries than there are",
    patched(plain(), [END + 8, 2, 1], [END + 10, 2, 1]),
    "expected the end after the 1 entries of the directory, got 51 more bytes (byte " +
      `${DIRECTORY_B})`,
  ],
  [
    "an encrypted entry",
    patched(plain(), [DIRECTORY_B + 8, 2, 1]),
    `entry "b.npy" is encrypted (byte ${DIRECTORY_B})`,
  ],
  [
    "a patched entry",
    patched(plain(), [DIRECTORY_B + 8, 2, 0x20]),
    'entry "b.npy" has flags 0x20, of which some change the meaning of its data (byte ' +
      `${DIRECTORY_B})`,
  ],
  [
    "another method",
    patched(plain(), [DIRECTORY_B + 10, 2, 12]),
    'entry "b.npy" is packed by method 12; expected 0 (stored) or 8 (deflated) (byte ' +
      `${DIRECTORY_B})`,
  ],
  [
    "an entry on another disk",
    patched(plain(), [DIRECTORY_B + 34, 2, 1]),
    `entry "b.npy" lies in another file of a spanned archive (byte ${DIRECTORY_B})`,
  ],
  [
    "a stored entry of two sizes",
    patched(plain(), [DIRECTORY_B + 24, 4, 1000000000]),
    'entry "b.npy" is stored, expected two equal sizes, got 136 and 1000000000 (byte ' +
      `${DIRECTORY_B})`,
  ],
  [
    "a stored entry larger than the file",
    patched(
      plain(),
      [DIRECTORY_B + 20, 4, 5000],
      [DIRECTORY_B + 24, 4, 5000],
      [LOCAL_B + 18, 4, 5000],
      [LOCAL_B + 22, 4, 5000],
    ),
    `entry "b.npy", expected its 5000 bytes to end before the directory at ${DIRECTORY}, got ` +
      `${LOCAL_B + 35 + 5000} (byte ${DIRECTORY_B})`,
  ],
  [
    "a deflate bomb",
    patched(deflated(), [deflatedDirectory + 24, 4, 4000000000]),
    'entry "a.npy" claims 4000000000 bytes, expected at most 1032 times ' +
      `${deflateRawSync(npy).length} deflated ones (byte ${deflatedDirectory})`,
  ],
  [
    "a deflated entry shorter than it says",
    patched(deflated(), [deflatedDirectory + 24, 4, 200], [22, 4, 200]),
    'entry "a.npy" does not inflate to 200 bytes: got 136 (byte 35)',
  ],
  [
    "overlapping entries",
    patched(plain(), [DIRECTORY_B + 42, 4, LOCAL_B - 1]),
    `entry "b.npy" overlaps the one before it (byte ${DIRECTORY_B})`,
  ],
  [
    "two entries of the same data",
    patched(plain(), [DIRECTORY_B + 42, 4, 0]),
    `entry "b.npy" overlaps the one before it (byte ${DIRECTORY_B})`,
  ],
  [
    "the data of one entry under another name",
    patched(plain(), [DIRECTORY + 42, 4, LOCAL_B], [DIRECTORY_B + 42, 4, 0]),
    'entry "b.npy" has another name in its local header than in the directory (byte 0)',
  ],
  [
    "a local header that is none",
    patched(plain(), [LOCAL_B, 1, 0]),
    'reading the local header of entry "b.npy", expected 50 4b 03 04, got 00 4b 03 04 (byte ' +
      `${LOCAL_B})`,
  ],
  [
    "a local header of another size",
    patched(plain(), [LOCAL_B + 22, 4, 8]),
    'entry "b.npy" has another size in its local header than in the directory (byte ' +
      `${LOCAL_B})`,
  ],
  [
    "a local header outside the file",
    patched(plain(), [DIRECTORY_B + 42, 4, 1000000]),
    `entry "b.npy", expected a local header before the directory at ${DIRECTORY}, got offset ` +
      `1000000 (byte ${DIRECTORY_B})`,
  ],
  [
    "a damaged entry",
    patched(plain(), [LOCAL_B + 35 + 130, 1, 1]),
    `entry "b.npy" is damaged: its CRC-32 differs from the stored one (byte ${LOCAL_B + 35})`,
  ],
  ["a name twice", renamed("a.npy"), `entry "a.npy" occurs twice (byte ${DIRECTORY_B})`],
  [
    "a name that climbs out",
    renamed("../.n"),
    `entry "../.n": expected a relative name without ".." (byte ${DIRECTORY_B + 46})`,
  ],
  [
    "a name that climbs from within",
    renamed("a/../"),
    `entry "a/../": expected a relative name without ".." (byte ${DIRECTORY_B + 46})`,
  ],
  [
    "an absolute name",
    renamed("/.npy"),
    `entry "/.npy": expected a relative name without ".." (byte ${DIRECTORY_B + 46})`,
  ],
  [
    "a drive letter",
    renamed("c:npy"),
    `entry "c:npy": expected a relative name without ".." (byte ${DIRECTORY_B + 46})`,
  ],
  [
    "a backslash",
    renamed("a\\npy"),
    `entry "a\\\\npy": expected a name without backslash and NUL (byte ${DIRECTORY_B + 46})`,
  ],
  [
    "a NUL in a name",
    renamed("a\0npy"),
    `entry "a\\u0000npy": expected a name without backslash and NUL (byte ${DIRECTORY_B + 46})`,
  ],
  [
    "a name in an unknown code page",
    renamed("ä.np"),
    `entry "ä.np": expected a name in ASCII or marked as UTF-8 (byte ${DIRECTORY_B + 46})`,
  ],
  [
    "an entry that is no npy file by name",
    renamed("b.txt"),
    'expected entries called NAME.npy, got "b.txt"',
  ],
  [
    "an entry that is no npy file",
    writeZip("test", new Map([["a.npy", new Uint8Array(9)]])),
    'entry "a.npy": reading the magic string, expected 93 4e 55 4d 50 59, got 00 00 00 00 00 00 ' +
      "(byte 0 of the entry)",
  ],
];
for (const [what, bytes, message] of HOSTILE) {
  test(`parseNpz refuses ${what}`, () => {
    assert.throws(() => parseNpz(bytes, { inflate }), {
      name: "FormatError",
      message: `npz: ${message}`,
      format: "npz",
    });
  });
}

test("parseNpz inflates no more of an entry than it is said to hold", () => {
  const bytes = patched(deflated(), [deflatedDirectory + 24, 4, 100], [22, 4, 100]);
  assert.throws(() => parseNpz(bytes, { inflate }), {
    name: "FormatError",
    message: /^npz: entry "a\.npy" does not inflate to 100 bytes: .+ \(byte 35\)$/,
  });
});

test("parseNpz unpacks nothing before every entry has passed its checks", () => {
  const bytes = patched(
    writeZip(
      "test",
      new Map([
        ["a.npy", npy],
        ["b.npy", npy],
      ]),
      deflateRawSync,
    ),
  );
  patched(bytes, [bytes.length - 22 - 51 + 24, 4, 4000000000]); // the second entry's claim
  let calls = 0;
  assert.throws(
    () => parseNpz(bytes, { inflate: (packed) => (calls++, inflateRawSync(packed)) }),
    FormatError,
  );
  assert.equal(calls, 0);
});

test("parseNpz refuses every truncation and survives every change of one byte", () => {
  const parse = (bytes: Uint8Array): Map<string, NpyArray> => parseNpz(bytes, { inflate });
  const net = { W: new Matrix(1, 2), b: new Matrix(1, 1) };
  const check = (arrays: Map<string, NpyArray>): void =>
    assert.ok([...arrays.values()].every(({ data }) => data.length <= 200));
  const stored = serializeNpz(net);
  refusesEveryTruncation(stored, parse);
  survivesEveryByteChange(stored, parse, {
    check,
    values: [0x00, 0x01, 0x08, 0x50, 0x7f, 0x80, 0xff],
  });
  const packed = serializeNpz({ W: new Matrix(1, 2) }, { deflate: deflateRawSync });
  refusesEveryTruncation(packed, parse);
  survivesEveryByteChange(packed, parse, { check });
  for (const name of ["stored.npz", "compressed-streamed.npz"]) {
    refusesEveryTruncation(fixture(name), parse);
    survivesEveryByteChange(fixture(name), parse, { values: [0x00, 0xff] });
  }
});

test("parseNpz and serializeNpz refuse dangerous names and other arguments", () => {
  const x = new Matrix(1, 1);
  const cases: [() => unknown, Error][] = [
    [
      () => serializeNpz({ "../x": x }),
      new RangeError('serializeNpz: entry "../x.npy": expected a relative name without ".."'),
    ],
    [
      () => serializeNpz({ "a\\b": x }),
      new RangeError('serializeNpz: entry "a\\\\b.npy": expected a name without backslash and NUL'),
    ],
    [
      () => serializeNpz({ x: 1 as never }),
      new TypeError("serializeNpz: x expected a Matrix or { shape, data: typed array }, got 1"),
    ],
    [
      () => serializeNpz({ x: x.map(() => 0.5) }, { dtype: "int8" }),
      new RangeError("serializeNpz: x expected integers that int8 holds, got 0.5 at element 0"),
    ],
    [
      () => serializeNpz({ x }, { deflate: 9 as never }),
      new TypeError("serializeNpz: deflate expected a function, got 9"),
    ],
    [
      () => serializeNpz({ x }, { inflate } as never),
      new TypeError("serializeNpz: unknown option inflate; expected dtype, deflate"),
    ],
    [
      () => parseNpz(fixture("stored.npz"), { inflate: "zlib" as never }),
      new TypeError('parseNpz: inflate expected a function, got "zlib"'),
    ],
    [() => parseNpz("x" as never), new TypeError('parseNpz: bytes expected a Uint8Array, got "x"')],
  ];
  for (const [run, expected] of cases)
    assert.throws(run, { name: expected.name, message: expected.message });
});
