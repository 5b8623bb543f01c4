import assert from "node:assert/strict";
import { test } from "node:test";
import { FormatError } from "../../lib/base/errors.ts";
import { Random } from "../../lib/base/random.ts";
import { type IdxArray, parseIdx } from "../../lib/formats/idx.ts";
import { refusesEveryTruncation, survivesEveryByteChange } from "../helpers/mutations.ts";

/** An IDX file byte by byte: two zeros, type, number of dimensions, big-endian sizes, elements. */
function idx(type: number, shape: number[], elements: number[]): Uint8Array {
  return Uint8Array.from([
    0,
    0,
    type,
    shape.length,
    ...shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]),
    ...elements,
  ]);
}

const ALL_TYPES: [code: number, dtype: IdxArray["dtype"], elements: number[], values: number[]][] =
  [
    [0x08, "uint8", [0, 1, 128, 255], [0, 1, 128, 255]],
    [0x09, "int8", [0, 1, 128, 255], [0, 1, -128, -1]],
    [0x0b, "int16", [0, 1, 1, 0, 0x80, 0, 0xff, 0xfe], [1, 256, -32768, -2]],
    [
      0x0c,
      "int32",
      [0, 0, 1, 0, 0x7f, 0xff, 0xff, 0xff, 0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
      [256, 2147483647, -2147483648, -1],
    ],
    [
      0x0d,
      "float32",
      [0x3f, 0x80, 0, 0, 0xc0, 0x20, 0, 0, 0x7f, 0x80, 0, 0, 0x80, 0, 0, 0],
      [1, -2.5, Infinity, -0],
    ],
    [
      0x0e,
      "float64",
      [
        0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 0x40, 0x09, 0x21, 0xfb, 0x54, 0x44, 0x2d, 0x18, 0xff, 0xf0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
      ],
      [1, Math.PI, -Infinity, 5e-324],
    ],
  ];

for (const [code, dtype, elements, values] of ALL_TYPES) {
  test(`parseIdx reads ${dtype} in one to four dimensions`, () => {
    for (const shape of [[4], [2, 2], [2, 1, 2], [1, 2, 2, 1]]) {
      const parsed = parseIdx(idx(code, shape, elements));
      assert.equal(parsed.dtype, dtype);
      assert.deepEqual(parsed.shape, shape);
      assert.deepEqual(Array.from(parsed.data), values);
    }
  });
}

test("parseIdx copies the elements, also from a view, and accepts sizes of 0", () => {
  const file = idx(0x08, [2], [7, 8]);
  const padded = Uint8Array.from([9, 9, 9, ...file]).subarray(3);
  const { data } = parseIdx(padded);
  padded.fill(0);
  assert.deepEqual(data, Uint8Array.of(7, 8));
  assert.deepEqual(parseIdx(idx(0x0e, [0, 28, 28], [])), {
    dtype: "float64",
    shape: [0, 28, 28],
    data: new Float64Array(0),
  });
});

const REFUSED: [string, Uint8Array, string, number][] = [
  [
    "nothing",
    new Uint8Array(0),
    "idx: reading the magic number, expected 4 bytes, got 0 (byte 0)",
    0,
  ],
  [
    "gzip data",
    Uint8Array.of(0x1f, 0x8b, 8, 0),
    "idx: expected an IDX file, got a gzip file; decompress it first (byte 0)",
    0,
  ],
  [
    "another magic number",
    Uint8Array.of(0x51, 0x4b, 3, 4),
    "idx: reading the magic number, expected 00 00, got 51 4b (byte 0)",
    0,
  ],
  [
    "a type that does not exist",
    idx(0x0a, [1], [1]),
    "idx: reading the element type, expected one of 08 09 0b 0c 0d 0e, got 0a (byte 2)",
    2,
  ],
  [
    "no dimensions",
    idx(0x08, [], [1]),
    "idx: reading the number of dimensions, expected 1..4, got 0 (byte 3)",
    3,
  ],
  [
    "five dimensions",
    idx(0x08, [1, 1, 1, 1, 1], [1]),
    "idx: reading the number of dimensions, expected 1..4, got 5 (byte 3)",
    3,
  ],
  [
    "sizes cut off",
    idx(0x08, [1, 1], []).subarray(0, 10),
    "idx: reading the size of dimension 1, expected 4 bytes, got 2 (byte 8)",
    8,
  ],
  [
    "elements cut off",
    idx(0x0c, [2, 3], [1, 2, 3]),
    "idx: reading the elements, expected 24 bytes for int32 (2, 3), got 3 (byte 12)",
    12,
  ],
  [
    "more elements than it says",
    idx(0x08, [2], [1, 2, 3]),
    "idx: expected the end after the elements, got 1 more bytes (byte 10)",
    10,
  ],
  [
    "sizes that no file can hold",
    idx(0x0e, [2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], [1]),
    "idx: reading the elements, expected 2.7222589328322065e+39 bytes for float64 (4294967295, " +
      "4294967295, 4294967295, 4294967295), got 1 (byte 20)",
    20,
  ],
];
for (const [title, file, message, offset] of REFUSED) {
  test(`parseIdx refuses ${title}`, () => {
    assert.throws(
      () => parseIdx(file),
      (error) => {
        assert.ok(error instanceof FormatError, String(error));
        assert.deepEqual([error.message, error.format, error.offset], [message, "idx", offset]);
        return true;
      },
    );
  });
}

test("parseIdx refuses what are no bytes", () => {
  assert.throws(() => parseIdx("file" as never), {
    name: "TypeError",
    message: 'parseIdx: bytes expected a Uint8Array, got "file"',
  });
});

test("parseIdx refuses every truncation and survives every change of one byte", () => {
  const file = idx(0x0b, [2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  refusesEveryTruncation(file, parseIdx);
  const refused = survivesEveryByteChange(file, parseIdx, {
    check: ({ data }) => assert.ok(data.byteLength <= file.length),
  });
  assert.ok(refused > 2000, `${refused} refused`);
});

test("500 byte changes of an MNIST-like file throw a FormatError or parse", () => {
  const file = idx(0x08, [20, 28, 28], Array.from(new Random(1).integers(20 * 784, 256)));
  const random = new Random(2);
  const places = random.integers(500, 60); // most of them in the header, where they matter
  const values = random.integers(500, 256);
  places.forEach((place, i) => {
    const bytes = Uint8Array.from(file);
    bytes[place < 30 ? place % 16 : place * 37] = values[i];
    try {
      assert.ok(parseIdx(bytes).data.byteLength <= file.length);
    } catch (error) {
      assert.ok(error instanceof FormatError, String(error));
    }
  });
});
