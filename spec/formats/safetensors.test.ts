import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FormatError } from "../../lib/base/errors.ts";
import type { DType } from "../../lib/formats/dtype.ts";
import { parseSafetensors, serializeSafetensors } from "../../lib/formats/safetensors.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { refusesEveryTruncation, survivesEveryByteChange } from "../helpers/mutations.ts";

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/safetensors/${name}`, import.meta.url));

/** A file with this header text and this many bytes of data. */
function file(header: string, data: number | Uint8Array = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const body = typeof data === "number" ? new Uint8Array(data) : data;
  const bytes = new Uint8Array(8 + text.length + body.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 8);
  bytes.set(body, 8 + text.length);
  return bytes;
}

const tensor = (dtype: string, shape: string, begin: number, end: number): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${begin},${end}]}`;

const NUMPY_NAMES: Record<string, DType> = {
  F64: "float64",
  F32: "float32",
  F16: "float16",
  BF16: "bfloat16",
  I64: "int64",
  U64: "uint64",
  I32: "int32",
  U32: "uint32",
  I16: "int16",
  U16: "uint16",
  I8: "int8",
  U8: "uint8",
  BOOL: "bool",
};

for (const name of ["all-types", "torch-sequential", "nothing"]) {
  test(`parseSafetensors finds in ${name}.safetensors what its script wrote`, () => {
    const answer = JSON.parse(fixture(`${name}.json`).toString("utf8"));
    const { tensors, metadata } = parseSafetensors(fixture(`${name}.safetensors`));
    assert.deepEqual([...metadata], Object.entries(answer.metadata));
    assert.deepEqual(
      [...tensors.keys()],
      answer.tensors.map(([key]: [string]) => key),
    );
    for (const [key, code, shape, values] of answer.tensors) {
      const found = tensors.get(key)!;
      assert.equal(found.dtype, NUMPY_NAMES[code]);
      assert.deepEqual(found.shape, shape);
      // strict: −0 is not 0, NaN is NaN
      assert.deepEqual(Array.from(found.data), Array.from(values, Number), key);
    }
  });
}

test("serializeSafetensors and parseSafetensors keep every bit, name and shape in order", () => {
  const data = Float64Array.of(0.1, -0, 5e-324, Number.MAX_VALUE, Infinity, -Infinity, NaN, 1 / 3);
  const tensors = new Map([
    ["W1", { shape: [2, 2, 2], data }],
    ["__proto__", { shape: [], data: Float64Array.of(7) }],
    ["10", { shape: [0, 3], data: new Float64Array(0) }],
    ['"quoted"\n\u0001 ünï 𝒩', { shape: [8], data }],
    ["", { shape: [8, 1], data }],
  ]);
  const metadata = new Map([
    ["b", "2"],
    ["a", '{"json":"inside"}'],
    ["__proto__", "π"],
  ]);
  const back = parseSafetensors(serializeSafetensors(tensors, { metadata }));
  assert.deepEqual([...back.metadata], [...metadata]);
  assert.deepEqual(
    [...back.tensors],
    [...tensors].map(([name, t]) => [name, { dtype: "float64", ...t }]),
  );
});

test("serializeSafetensors writes the documented bytes", () => {
  const bytes = serializeSafetensors(
    { w: new Matrix(1, 2, Float64Array.of(1, -2)) },
    { metadata: { k: "v" } },
  );
  const header =
    '{"__metadata__":{"k":"v"},"w":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]}}';
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  assert.equal(
    Buffer.from(bytes).toString("latin1"),
    `${String.fromCharCode(padded.length)}\0\0\0\0\0\0\0${padded}` +
      "\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\xc0",
  );
  for (let length = 0; length < 20; length++) {
    const at = serializeSafetensors({
      ["x".repeat(length)]: { shape: [0], data: new Float64Array(0) },
    }).length;
    assert.equal(at % 8, 0);
  }
});

test("serializeSafetensors rounds to float32 on request and refuses numbers beyond it", () => {
  const data = Float64Array.of(0.1, 16777217, 1e-50, -0, Infinity, NaN);
  const { tensors } = parseSafetensors(
    serializeSafetensors({ x: { shape: [6], data } }, { dtype: "float32" }),
  );
  assert.deepEqual(tensors.get("x"), {
    dtype: "float32",
    shape: [6],
    data: Float32Array.from(data),
  });
  assert.throws(
    () =>
      serializeSafetensors(
        { x: { shape: [2], data: Float64Array.of(1, 1e39) } },
        { dtype: "float32" },
      ),
    new RangeError(
      'serializeSafetensors: tensor "x" expected numbers within float32\'s ±3.4e38, got 1e+39 ' +
        "at element 1",
    ),
  );
});

test("parseSafetensors reads tensors in any order, also from a view", () => {
  const data = new Uint8Array(Float64Array.of(1, 2, 3).buffer);
  const bytes = file(
    `{ "b" :${tensor("F64", "[1]", 16, 24)},\n\t"empty":${tensor("F32", "[5,0]", 16, 16)}, ` +
      `"a":${tensor("F64", "[2]", 0, 16)} }  `,
    data,
  );
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  const { tensors } = parseSafetensors(shifted.subarray(3));
  assert.deepEqual(
    [...tensors].map(([name, t]) => [name, ...t.data]),
    [["b", 3], ["empty"], ["a", 1, 2]],
  );
});

const HOSTILE: [string, Uint8Array, string][] = [
  [
    "an empty file",
    new Uint8Array(0),
    "reading the header's length, expected 8 bytes, got 0 (byte 0)",
  ],
  [
    "a header longer than the file",
    Uint8Array.of(20, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d),
    "reading the header, expected 20 bytes, got 2 (byte 8)",
  ],
  [
    "a header over 100 MB",
    Uint8Array.of(1, 0xe1, 0xf5, 5, 0, 0, 0, 0),
    "expected a header of at most 100000000 bytes, got 100000001 (byte 0)",
  ],
  [
    "a header length beyond 2^53",
    new Uint8Array(16).fill(255),
    "reading the header's length, expected an integer of at most 2^53 - 1, got " +
      "18446744073709552000 (byte 0)",
  ],
  [
    "no header",
    file(""),
    'reading the header, expected "{" as its first byte, got its end (byte 8)',
  ],
  [
    "a leading space",
    file(" {}"),
    'reading the header, expected "{" as its first byte, got " {}" (byte 8)',
  ],
  ["an array", file("[]"), 'reading the header, expected "{" as its first byte, got "[]" (byte 8)'],
  [
    "invalid UTF-8",
    file("", Uint8Array.of(0xff)).fill(1, 0, 1),
    "reading the header, expected UTF-8 text, got 1 bytes that are not (byte 8)",
  ],
  ["text after the object", file("{}x"), 'reading the header, expected its end, got "x" (byte 10)'],
  [
    "an unclosed object",
    file("{"),
    "reading the header, expected a key in quotes, got its end (byte 9)",
  ],
  [
    "an unclosed string",
    file('{"a'),
    'reading the header, expected a key in quotes, got "\\"a" (byte 9)',
  ],
  [
    "a raw line break in a string",
    file('{"a\n":1}'),
    "reading the header, expected a key in quotes, correct and well-formed, " +
      'got "\\"a\\n\\":1}" (byte 9)',
  ],
  [
    "a lone surrogate",
    file('{"\\ud800":1}'),
    "reading the header, expected a key in quotes, correct and well-formed, got " +
      '"\\"\\\\ud800\\":1}" (byte 9)',
  ],
  [
    "a number for a tensor",
    file('{"ü":1}'),
    'reading the header, expected "{", got "1}" (byte 14)',
  ],
  [
    "a trailing comma",
    file(`{"a":${tensor("U8", "[0]", 0, 0)},}`),
    'reading the header, expected a key in quotes, got "}" (byte 61)',
  ],
  [
    "a nesting bomb",
    file(`{"a":{"dtype":${"[".repeat(100000)}`),
    'reading the header, expected a dtype, got "[[[[[[[[[[[[[[[[[[[[[[[[" (byte 22)',
  ],
  [
    "a nested shape",
    file(`{"a":${tensor("U8", "[[1]]", 0, 1)}}`, 1),
    "reading the header, expected an integer in 0..2^53 - 1, " +
      'got "[1]],\\"data_offsets\\":[0,1" (byte 36)',
  ],
  [
    "a negative size",
    file(`{"a":${tensor("U8", "[-1]", 0, 1)}}`, 1),
    "reading the header, expected an integer in 0..2^53 - 1, " +
      'got "-1],\\"data_offsets\\":[0,1]" (byte 36)',
  ],
  [
    "a fractional size",
    file(`{"a":${tensor("U8", "[1.5]", 0, 1)}}`, 1),
    'reading the header, expected "," or "]", got ".5],\\"data_offsets\\":[0,1]" (byte 37)',
  ],
  [
    "a size beyond 2^53",
    file(`{"a":${tensor("U8", "[9007199254740992]", 0, 1)}}`, 1),
    "reading the header, expected an integer in 0..2^53 - 1, " +
      'got "9007199254740992],\\"data_" (byte 36)',
  ],
  [
    "a leading zero",
    file(`{"a":${tensor("U8", "[01]", 0, 1)}}`, 1),
    "reading the header, expected an integer in 0..2^53 - 1, " +
      'got "01],\\"data_offsets\\":[0,1]" (byte 36)',
  ],
  [
    "a shape × type overflow",
    file(`{"a":${tensor("F64", "[4294967296,4294967296,4294967296,4294967296]", 0, 0)}}`),
    'tensor "a", expected 2.722258935367508e+39 bytes for float64 (4294967296, 4294967296, ' +
      "4294967296, 4294967296), got data_offsets [0, 0] (byte 9)",
  ],
  [
    "a shape larger than its data",
    file(`{"a":${tensor("F32", "[1000,1000]", 0, 4)}}`, 4),
    'tensor "a", expected 4000000 bytes for float32 (1000, 1000), got data_offsets [0, 4] (byte 9)',
  ],
  [
    "offsets that run backwards",
    file(`{"a":${tensor("U8", "[1]", 1, 0)}}`, 1),
    'tensor "a", expected 1 bytes for uint8 (1,), got data_offsets [1, 0] (byte 9)',
  ],
  [
    "offsets outside the file",
    file(`{"a":${tensor("U8", "[9]", 0, 9)}}`, 4),
    "reading the data, expected 9 bytes for the tensors of the header, got 4 (byte 61)",
  ],
  [
    "overlapping tensors",
    file(`{"a":${tensor("U8", "[2]", 0, 2)},"b":${tensor("U8", "[2]", 1, 3)}}`, 3),
    'tensor "b", expected data_offsets from 2, where the tensor before ends, got 1 (byte 61)',
  ],
  [
    "the same data twice",
    file(`{"a":${tensor("U8", "[2]", 0, 2)},"b":${tensor("U8", "[2]", 0, 2)}}`, 2),
    'tensor "b", expected data_offsets from 2, where the tensor before ends, got 0 (byte 61)',
  ],
  [
    "a hole",
    file(`{"a":${tensor("U8", "[1]", 0, 1)},"b":${tensor("U8", "[1]", 2, 3)}}`, 3),
    'tensor "b", expected data_offsets from 1, where the tensor before ends, got 2 (byte 61)',
  ],
  [
    "data nobody owns",
    file(`{"a":${tensor("U8", "[1]", 0, 1)}}`, 3),
    "expected the end after the data of the tensors, got 2 more bytes (byte 62)",
  ],
  [
    "a name twice",
    file(`{"a":${tensor("U8", "[1]", 0, 1)},"\\u0061":${tensor("U8", "[1]", 0, 1)}}`, 1),
    'key "a" occurs twice (byte 61)',
  ],
  [
    "__metadata__ twice",
    file('{"__metadata__":{},"__metadata__":{}}'),
    'key "__metadata__" occurs twice (byte 27)',
  ],
  [
    "a metadata key twice",
    file('{"__metadata__":{"k":"1","k":"2"}}'),
    'key "k" occurs twice (byte 33)',
  ],
  [
    "metadata that is no string",
    file('{"__metadata__":{"k":1}}'),
    'reading the header, expected a string as metadata value, got "1}}" (byte 29)',
  ],
  [
    "an unknown type",
    file(`{"a":${tensor("F8_E4M3", "[1]", 0, 1)}}`, 1),
    'tensor "a", expected a dtype of F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, ' +
      'U8, BOOL, got "F8_E4M3" (byte 22)',
  ],
  [
    "an unknown key",
    file('{"a":{"dtype":"U8","quant":4}}'),
    'tensor "a", expected dtype, shape and data_offsets, got "quant" (byte 27)',
  ],
  ["a key twice", file('{"a":{"dtype":"U8","dtype":"F32"}}'), 'key "dtype" occurs twice (byte 27)'],
  [
    "a missing key",
    file('{"a":{"dtype":"U8","shape":[]}}'),
    'tensor "a" has no data_offsets (byte 9)',
  ],
  [
    "three offsets",
    file('{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1,2]}}'),
    'tensor "a", expected 2 data_offsets, got 3 (byte 9)',
  ],
  [
    "a bool of 2",
    file(`{"a":${tensor("BOOL", "[2]", 0, 2)}}`, Uint8Array.of(1, 2)),
    'reading tensor "a", expected bools of 0 or 1, got 2 at element 1 (byte 64)',
  ],
  [
    "an integer beyond 2^53",
    file(
      `{"a":${tensor("I64", "[1]", 0, 8)}}`,
      new Uint8Array(BigInt64Array.of(-9007199254740993n).buffer),
    ),
    'reading tensor "a", expected int64 within ±(2^53 - 1), got -9007199254740993 at element 0 ' +
      "(byte 62)",
  ],
];

for (const [what, bytes, message] of HOSTILE) {
  test(`parseSafetensors refuses ${what}`, () => {
    assert.throws(
      () => parseSafetensors(bytes),
      (error) => {
        assert.ok(error instanceof FormatError);
        assert.equal(error.message, `safetensors: ${message}`);
        assert.equal(error.format, "safetensors");
        assert.equal(error.offset, Number(/\(byte (\d+)\)$/.exec(error.message)![1]));
        return true;
      },
    );
  });
}

test("parseSafetensors refuses every truncation and survives every change of one byte", () => {
  const bytes = serializeSafetensors(
    { a: new Matrix(1, 2), b: { shape: [], data: Float64Array.of(3) } },
    { metadata: { k: "v" } },
  );
  refusesEveryTruncation(bytes, parseSafetensors);
  const refused = survivesEveryByteChange(bytes, parseSafetensors, {
    check: ({ tensors }) => {
      let elements = 0;
      for (const { data } of tensors.values()) elements += data.length;
      assert.ok(elements <= 3);
    },
  });
  assert.ok(refused > 20000, `${refused} refused`);
  refusesEveryTruncation(fixture("all-types.safetensors"), parseSafetensors);
});

test("parseSafetensors takes time in proportion to a header of many tensors, good or bad", () => {
  const members = Array.from(
    { length: 20000 },
    (_, i) => `"ü${i}":${tensor("U8", "[1]", i, i + 1)}`,
  );
  assert.equal(parseSafetensors(file(`{${members.join(",")}}`, 20000)).tensors.size, 20000);
  assert.throws(() => parseSafetensors(file(`{${members.join(",")}}`, 19999)), FormatError);
});

test("parseSafetensors and serializeSafetensors refuse other arguments", () => {
  const x = { shape: [1], data: new Float64Array(1) };
  const cases: [() => unknown, Error][] = [
    [
      () => parseSafetensors("text" as never),
      new TypeError('parseSafetensors: bytes expected a Uint8Array, got "text"'),
    ],
    [
      () => serializeSafetensors(null as never),
      new TypeError("serializeSafetensors: tensors expected a Map or an object, got null"),
    ],
    [
      () => serializeSafetensors({ x: [1] as never }),
      new TypeError(
        "serializeSafetensors: x expected a Matrix or { shape, data: typed array }, got an " +
          "array of 1",
      ),
    ],
    [
      () => serializeSafetensors({ x: { shape: [2], data: x.data } }),
      new RangeError("serializeSafetensors: x expected 2 elements for shape (2,), got 1"),
    ],
    [
      () => serializeSafetensors({ x: { shape: [-1], data: x.data } }),
      new TypeError("serializeSafetensors: x expected a shape of integers >= 0, got (-1)"),
    ],
    [
      () => serializeSafetensors({ "\ud800": x }),
      new RangeError(
        'serializeSafetensors: a tensor\'s name expected well-formed Unicode, got "\\ud800"',
      ),
    ],
    [
      () => serializeSafetensors({ __metadata__: x }),
      new RangeError(
        'serializeSafetensors: a tensor cannot be named "__metadata__"; pass it as metadata',
      ),
    ],
    [
      () => serializeSafetensors({ x }, { dtype: "float16" as never }),
      new TypeError('serializeSafetensors: dtype expected "float64" | "float32", got "float16"'),
    ],
    [
      () => serializeSafetensors({ x }, { type: "F32" } as never),
      new TypeError("serializeSafetensors: unknown option type; expected dtype, metadata"),
    ],
    [
      () => serializeSafetensors({ x }, { metadata: { k: 1 } as never }),
      new TypeError('serializeSafetensors: metadata "k" expected a string, got 1'),
    ],
    [
      () => serializeSafetensors({ x }, { metadata: "k" as never }),
      new TypeError('serializeSafetensors: metadata expected a Map or an object, got "k"'),
    ],
    [
      () => serializeSafetensors({ x }, { metadata: { k: "\udc00" } }),
      new RangeError(
        'serializeSafetensors: metadata "k" expected well-formed Unicode, got "\\udc00"',
      ),
    ],
  ];
  for (const [run, expected] of cases)
    assert.throws(run, { name: expected.name, message: expected.message });
});
