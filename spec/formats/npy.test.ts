import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FormatError } from "../../lib/base/errors.ts";
import type { WritableType } from "../../lib/formats/dtype.ts";
import { parseNpy, serializeNpy } from "../../lib/formats/npy.ts";
import { toMatrix } from "../../lib/formats/tensor.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { refusesEveryTruncation, survivesEveryByteChange } from "../helpers/mutations.ts";

type Answer = { dtype: string; shape: number[]; data: (number | string)[] };
const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../fixtures/npy/${name}`, import.meta.url));
const answers: Record<string, Answer> = JSON.parse(fixture("answers.json").toString());

for (const [name, { dtype, shape, data }] of Object.entries(answers)) {
  test(`parseNpy reads NumPy's ${name}.npy`, () => {
    const array = parseNpy(fixture(`${name}.npy`));
    assert.equal(array.dtype, dtype);
    assert.deepEqual(array.shape, shape);
    if (dtype === "text") {
      assert.deepEqual(array.data, data);
      return;
    }
    assert.deepEqual(Array.from(array.data, Number), data.map(Number));
    if (shape.length > 2) return;
    const [rows, cols] = shape.length === 2 ? shape : [1, shape[0] ?? 1];
    const values = Float64Array.from(data, Number);
    assert.deepEqual(toMatrix(array), new Matrix(rows, cols, values));
  });
}

const EXPECTED_TYPE =
  "reading the header, expected bools, integers of 1, 2, 4, 8 bytes, floats of 2, 4, 8 bytes or " +
  "text, as in '<f8'";
const REFUSED: [string, string][] = [
  ["object", `${EXPECTED_TYPE}, not Python objects, which only pickle reads, got "|O" (byte 20)`],
  ["complex", `${EXPECTED_TYPE}, not complex numbers, got "<c16" (byte 20)`],
  ["date", `${EXPECTED_TYPE}, not dates, got "<M8[D]" (byte 20)`],
  ["longdouble", `${EXPECTED_TYPE}, not floats of another width, got "<f16" (byte 20)`],
  [
    "structured",
    "reading the header, expected one type such as '<f8', not a structured one, got \"[('x', " +
      "'<f8'), ('y', '<i\" (byte 20)",
  ],
  [
    "int64-beyond-2-53",
    "reading array data, expected int64 within ±(2^53 - 1), got 9007199254740993 at element 1 " +
      "(byte 136)",
  ],
  [
    "uint64-beyond-2-53",
    "reading array data, expected uint64 within ±(2^53 - 1), got 18446744073709551615 at " +
      "element 0 (byte 128)",
  ],
  ["two-arrays", "expected the end after array data, got 136 more bytes (byte 136)"],
];
for (const [what, message] of REFUSED) {
  test(`parseNpy refuses NumPy's refused-${what}.npy by name`, () => {
    assert.throws(() => parseNpy(fixture(`refused-${what}.npy`)), {
      name: "FormatError",
      message: `npy: ${message}`,
    });
  });
}

/** An npy file of version 1.0 with this dictionary and this much data. */
function file(dictionary: string, data = 0): Uint8Array {
  const header = new TextEncoder().encode(`${dictionary}\n`);
  const bytes = new Uint8Array(10 + header.length + data);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 0xff, header.length >> 8]);
  bytes.set(header, 10);
  return bytes;
}

test("parseNpy reads what Python reads between the tokens of a header", () => {
  for (const dictionary of [
    "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }",
    `{"shape":(2L,3L),"fortran_order":False,"descr":"<f8"}`,
    "{ 'fortran_order' : True ,'shape' :( 2 , 3 , ) , 'descr':'>f8' } ",
  ]) {
    assert.deepEqual(parseNpy(file(dictionary, 48)).shape, [2, 3], dictionary);
  }
});

test("parseNpy reads headers that NumPy reads, whatever program wrote them", () => {
  const bare = (header: string, data = 16): Uint8Array => {
    const bytes = file("", 0);
    const text = new TextEncoder().encode(header);
    const whole = new Uint8Array(10 + text.length + data);
    whole.set(bytes.subarray(0, 8));
    whole.set([text.length & 255, text.length >> 8], 8);
    whole.set(text, 10);
    return whole;
  };
  const headers: [string, string][] = [
    ["{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", "float64"],
    ["{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }\n    ", "float64"],
    ["{'descr':\t'<f8',\n'fortran_order': False,\t'shape': (2,)}\n", "float64"],
    ["{'descr': '=f8', 'fortran_order': False, 'shape': (2,)}\n", "float64"],
    ["{'descr': 'f8', 'fortran_order': False, 'shape': (2,)}\n", "float64"],
    ["{'descr': '|f8', 'fortran_order': False, 'shape': (2,)}\n", "float64"],
    ["{u'descr': u'>f8', u'fortran_order': False, u'shape': (2L,)}\n", "float64"],
    ["{'descr': '?', 'fortran_order': False, 'shape': (16,)}\n", "bool"],
    ["{'descr': '<U2', 'fortran_order': False, 'shape': (2,)}\n", "text"],
  ];
  for (const [header, dtype] of headers) assert.equal(parseNpy(bare(header)).dtype, dtype, header);
});

test("parseNpy refuses text that is no Unicode and text without characters", () => {
  const text = file("{'descr': '<U1', 'fortran_order': False, 'shape': (1,), }", 4);
  text.set([0x00, 0xd8, 0, 0], text.length - 4);
  assert.throws(() => parseNpy(text), {
    message: "npy: reading text 0, expected Unicode, got 0xd800 (byte 68)",
  });
  assert.throws(() => parseNpy(file("{'descr': '<U0', 'fortran_order': False, 'shape': (9,), }")), {
    message: "npy: expected text of at least 1 character, got 0 (byte 10)",
  });
});

const HOSTILE: [string, Uint8Array, string][] = [
  [
    "another file",
    new TextEncoder().encode("something else"),
    "reading the magic string, expected 93 4e 55 4d 50 59, got 73 6f 6d 65 74 68 (byte 0)",
  ],
  [
    "an unknown version",
    file("{}").fill(4, 6, 7),
    "expected version 1.0, 2.0 or 3.0, got 4.0 (byte 6)",
  ],
  [
    "a header longer than the file",
    file("{}").fill(255, 8, 9),
    "reading the header, expected 255 bytes, got 3 (byte 10)",
  ],
  [
    "too little data",
    file("{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }", 88),
    "reading array data, expected 96 bytes for float64 (3, 4), got 88 (byte 70)",
  ],
  [
    "a shape far beyond the file",
    file("{'descr': '<f4', 'fortran_order': False, 'shape': (4000000000, 4000000), }", 8),
    "reading array data, expected 64000000000000000 bytes for float32 (4000000000, 4000000), " +
      "got 8 (byte 85)",
  ],
  [
    "a shape × type overflow",
    file(
      "{'descr': '<f8', 'fortran_order': False, 'shape': (9007199254740991, 9007199254740991), }",
      8,
    ),
    "reading array data, expected 6.490371073168533e+32 bytes for float64 (9007199254740991, " +
      "9007199254740991), got 8 (byte 100)",
  ],
  [
    "an empty shape of absurd length",
    file("{'descr': '<f8', 'fortran_order': True, 'shape': (9007199254740991, 0), }"),
    "expected an empty shape within 2^31 - 1, got (9007199254740991, 0) (byte 10)",
  ],
  [
    "a size beyond 2^53",
    file("{'descr': '<f8', 'fortran_order': False, 'shape': (9007199254740992,), }"),
    'reading the header, expected an integer in 0..2^53 - 1, got "9007199254740992,), }\\n" ' +
      "(byte 61)",
  ],
  [
    "a negative size",
    file("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }"),
    'reading the header, expected an integer in 0..2^53 - 1, got "-1,), }\\n" (byte 61)',
  ],
  [
    "a parenthesis that is no tuple",
    file("{'descr': '<f8', 'fortran_order': False, 'shape': (3), }"),
    'reading the header, expected "," or ")", got "), }\\n" (byte 62)',
  ],
  [
    "a bool of 2",
    file("{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }", 1).fill(2, -1),
    "reading array data, expected bools of 0 or 1, got 2 at element 0 (byte 68)",
  ],
  [
    "a key twice",
    file("{'descr': '<f8', 'descr': '<f4', 'fortran_order': False, 'shape': (), }"),
    "reading the header, expected 'descr', 'fortran_order' and 'shape' once each, got " +
      "\"'descr': '<f4', 'fortran\" (byte 27)",
  ],
  [
    "an unknown key",
    file("{'descr': '<f8', '__proto__': 1, 'fortran_order': False, 'shape': (), }"),
    "reading the header, expected 'descr', 'fortran_order' and 'shape' once each, got " +
      "\"'__proto__': 1, 'fortran\" (byte 27)",
  ],
  [
    "a missing key",
    file("{'descr': '<f8', 'shape': (), }"),
    "reading the header, expected 'descr', 'fortran_order' and 'shape', got \"{'descr': '<f8', " +
      "'shape'\" (byte 10)",
  ],
  [
    "an expression for a value",
    file("{'descr': '<f8', 'fortran_order': not True, 'shape': (), }"),
    "reading the header, expected True or False, got \"not True, 'shape': (), }\" (byte 44)",
  ],
  [
    "code in place of the dictionary",
    file("__import__('os').system('true')"),
    'reading the header, expected "{", got "__import__(\'os\').system(" (byte 10)',
  ],
  [
    "a type that does not exist",
    file("{'descr': '<x8', 'fortran_order': False, 'shape': (), }"),
    `${EXPECTED_TYPE}, got "<x8" (byte 20)`,
  ],
  [
    "integers of another width",
    file("{'descr': '<i3', 'fortran_order': False, 'shape': (), }"),
    `${EXPECTED_TYPE}, not integers of another width, got "<i3" (byte 20)`,
  ],
  [
    "text behind the dictionary",
    file("{'descr': '<f8', 'fortran_order': False, 'shape': (), } x", 8),
    'reading the header, expected its end, got "x\\n" (byte ' + "66)",
  ],
  [
    "an unclosed string",
    file("{'descr: 1"),
    "reading the header, expected 'descr', 'fortran_order' and 'shape', got \"'descr: 1\\n\" " +
      "(byte 11)",
  ],
  [
    "a nesting bomb",
    file(`{'descr': '<f8', 'shape': ${"(".repeat(60000)}`),
    'reading the header, expected an integer in 0..2^53 - 1, got "((((((((((((((((((((((((" ' +
      "(byte 37)",
  ],
];
for (const [what, bytes, message] of HOSTILE) {
  test(`parseNpy refuses ${what}`, () => {
    assert.throws(() => parseNpy(bytes), {
      name: "FormatError",
      message: `npy: ${message}`,
      format: "npy",
    });
  });
}

test("serializeNpy writes what np.save writes, byte for byte", () => {
  const types: Record<string, WritableType> = {
    f8: "float64",
    f4: "float32",
    i1: "int8",
    i2: "int16",
    i4: "int32",
    i8: "int64",
    u1: "uint8",
    u2: "uint16",
    u4: "uint32",
    u8: "uint64",
    b1: "bool",
    "f8-0-dimensions": "float64",
    "f8-1-dimension": "float64",
    "f8-empty-0x3": "float64",
    "f8-empty-1-dimension": "float64",
  };
  for (const [name, dtype] of Object.entries(types)) {
    const bytes = fixture(`${name}.npy`);
    assert.deepEqual(Buffer.from(serializeNpy(parseNpy(bytes), { dtype })), bytes, name);
  }
});

test("serializeNpy and parseNpy give back every float64 bit of matrices of all small sizes", () => {
  for (let rows = 0; rows < 5; rows++) {
    for (let cols = 0; cols < 5; cols++) {
      const matrix = new Matrix(rows, cols).map((_, i, j) => (i - j) / 3);
      const bytes = serializeNpy(matrix);
      assert.equal(bytes.indexOf(10) % 64, 63, "the data starts at a multiple of 64");
      assert.deepEqual(toMatrix(parseNpy(bytes)), matrix);
    }
  }
});

test("serializeNpy refuses numbers that a type does not hold, and other arguments", () => {
  const of = (...values: number[]): Matrix =>
    new Matrix(1, values.length, Float64Array.from(values));
  const cases: [() => unknown, Error][] = [
    [
      () => serializeNpy(of(0, 1e39), { dtype: "float32" }),
      new RangeError(
        "serializeNpy: array expected numbers within float32's ±3.4e38, got 1e+39 at element 1",
      ),
    ],
    [
      () => serializeNpy(of(0, 1.5), { dtype: "int32" }),
      new RangeError(
        "serializeNpy: array expected integers that int32 holds, got 1.5 at element 1",
      ),
    ],
    [
      () => serializeNpy(of(256), { dtype: "uint8" }),
      new RangeError(
        "serializeNpy: array expected integers that uint8 holds, got 256 at element 0",
      ),
    ],
    [
      () => serializeNpy(of(NaN), { dtype: "int16" }),
      new RangeError(
        "serializeNpy: array expected integers that int16 holds, got NaN at element 0",
      ),
    ],
    [
      () => serializeNpy(of(2 ** 53), { dtype: "int64" }),
      new RangeError(
        "serializeNpy: array expected int64 within ±(2^53 - 1), got 9007199254740992 at element 0",
      ),
    ],
    [
      () => serializeNpy(of(-1), { dtype: "uint64" }),
      new RangeError("serializeNpy: array expected uint64 within 0..2^53 - 1, got -1 at element 0"),
    ],
    [
      () => serializeNpy(of(2), { dtype: "bool" }),
      new RangeError("serializeNpy: array expected bools of 0 or 1, got 2 at element 0"),
    ],
    [
      () => serializeNpy([[1]] as never),
      new TypeError(
        "serializeNpy: array expected a Matrix or { shape, data: typed array }, got an array of 1",
      ),
    ],
    [
      () => serializeNpy(of(1), { dtype: "float16" as never }),
      new TypeError(
        'serializeNpy: dtype expected "float64" | "float32" | "int64" | "int32" | "int16" | ' +
          '"int8" | "uint64" | "uint32" | "uint16" | "uint8" | "bool", got "float16"',
      ),
    ],
    [
      () => serializeNpy(of(1), { type: "f4" } as never),
      new TypeError("serializeNpy: unknown option type; expected dtype"),
    ],
    [
      () => parseNpy([1] as never),
      new TypeError("parseNpy: bytes expected a Uint8Array, got an array of 1"),
    ],
  ];
  for (const [run, expected] of cases)
    assert.throws(run, { name: expected.name, message: expected.message });
});

test("parseNpy refuses every truncation and survives every change of one byte", () => {
  for (const name of [
    "f8-fortran-big-endian",
    "f8-version-2",
    "f8-version-3",
    "b1",
    "i8-big-endian",
  ]) {
    const bytes = fixture(`${name}.npy`);
    refusesEveryTruncation(bytes, parseNpy);
    // all 255 where the rest is new
    const values =
      name === "b1" || name === "f8-version-3" ? undefined : [0x00, 0x28, 0x31, 0x80, 0xff];
    survivesEveryByteChange(bytes, parseNpy, {
      values,
      check: ({ data }) => assert.ok(data.length <= bytes.length),
    });
  }
  assert.throws(() => parseNpy(new Uint8Array(0)), FormatError);
});
