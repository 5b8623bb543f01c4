// Readers under attack: valid files of every format with up to a dozen wounds (bytes set, torn out,
// doubled, sizes made huge, hostile words put in) either parse or throw a FormatError that says
// where; what they return is never larger than the file warrants.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { FormatError } from "../../../lib/base/errors.ts";
import { encodeTable } from "../../../lib/data/encode.ts";
import { fitEncoding } from "../../../lib/data/fit.ts";
import { parseCifar10 } from "../../../lib/formats/cifar10.ts";
import { parseCsv } from "../../../lib/formats/csv/csv.ts";
import { parseIdx } from "../../../lib/formats/idx.ts";
import { parseNpy } from "../../../lib/formats/npy.ts";
import { parseNpz, serializeNpz } from "../../../lib/formats/npz.ts";
import { parseOnnx, serializeOnnx } from "../../../lib/formats/onnx/onnx.ts";
import { parseSafetensors, serializeSafetensors } from "../../../lib/formats/safetensors.ts";
import { classifierToOnnx } from "../../../lib/model/classifier-onnx.ts";
import { readForeignNet } from "../../../lib/model/foreign-net.ts";
import { netToOnnx, readOnnxNet } from "../../../lib/model/net-onnx.ts";
import { netToTensors } from "../../../lib/model/net-tensors.ts";
import { type Draw, property } from "../../helpers/fuzz.ts";
import { mixedClassifier } from "../../helpers/mixed-table.ts";
import { randomProblem } from "../../helpers/nets.ts";
import { GRAPHS } from "../../helpers/onnx-graphs.ts";

const FIXTURES = new URL("../../fixtures/", import.meta.url);
const fixtures = (folder: string, suffix: string): Uint8Array[] =>
  readdirSync(new URL(`${folder}/`, FIXTURES))
    .filter((name) => name.endsWith(suffix))
    .sort()
    .map((name) => Uint8Array.from(readFileSync(new URL(`${folder}/${name}`, FIXTURES))))
    .filter(({ length }) => length < 20_000);

const { net } = randomProblem(1, 1, 3, 4, 2);
const text = (string: string): Uint8Array => new TextEncoder().encode(string);
const inflate = inflateRawSync;
const NPZ = [
  serializeNpz(netToTensors(net)),
  serializeNpz(netToTensors(net, { layout: "torch" })),
  serializeNpz(
    { ...Object.fromEntries(netToTensors(net)), classes: { shape: [2], data: ["a", "größe"] } },
    { deflate: deflateRawSync },
  ),
];

const GRAPH_FILES = [
  ...fixtures("onnx", ".onnx"),
  ...fixtures("onnx/torch", ".onnx"),
  ...GRAPHS.map(({ model }) => serializeOnnx(model)),
  classifierToOnnx(mixedClassifier("mean").classifier),
  netToOnnx(net),
];

type Format = {
  /** As FormatError has it. */
  name: string;
  reader: string;
  files: Uint8Array[];
  parse: (bytes: Uint8Array) => unknown;
  /**
   * Bytes that a byte of the file may become in memory: a bool is read as a float64, a deflated
   * byte grows by 1032.
   */
  growth: number;
};

const IDX = [
  [8, 1],
  [9, 1],
  [11, 2],
  [12, 4],
  [13, 4],
  [14, 8],
].map(([type, bytes]) =>
  Uint8Array.from([
    0,
    0,
    type,
    2,
    0,
    0,
    0,
    3,
    0,
    0,
    0,
    2,
    ...Array.from({ length: 6 * bytes }, (_, i) => i),
  ]),
);

const CSV = [
  "x,y,label\n1,2,a\n3.5,-4e2,b\n,0,a\n",
  '"a ""b""";c\r\n1;"two\nlines"\r\n',
  "\ufeffsepal,class\n5.1,0\n4.9,1\n",
  "1\t2\n3\t4\n",
  "__proto__,constructor\n1,2\n",
].map(text);

export const FORMATS: Format[] = [
  {
    name: "csv",
    reader: "parseCsv",
    files: [...CSV, ...fixtures("data", ".csv").map((file) => file.slice(0, 500))],
    growth: 400,
    parse: (bytes) => parseCsv(bytes).toRows(),
  },
  {
    name: "csv",
    reader: "parseCsv and encodeTable",
    files: CSV,
    growth: 400,
    parse(bytes) {
      const table = parseCsv(bytes);
      const encoding = fitEncoding(table, { label: table.columns[table.columns.length - 1] });
      return encodeTable(table, encoding);
    },
  },
  { name: "idx", reader: "parseIdx", files: IDX, growth: 8, parse: parseIdx },
  {
    name: "cifar10",
    reader: "parseCifar10",
    files: [1, 2].map((n) => Uint8Array.from({ length: 3073 * n }, (_, i) => i % 10)),
    growth: 8,
    parse: parseCifar10,
  },
  { name: "npy", reader: "parseNpy", files: fixtures("npy", ".npy"), growth: 8, parse: parseNpy },
  {
    name: "npz",
    reader: "parseNpz",
    files: [...fixtures("npz", ".npz"), ...NPZ],
    growth: 9000,
    parse: (bytes) => [parseNpz(bytes, { inflate })],
  },
  {
    name: "npz",
    reader: "readForeignNet of npz",
    files: NPZ,
    growth: 9000,
    parse: (bytes) => readForeignNet("npz", bytes, { inflate }),
  },
  {
    name: "safetensors",
    reader: "parseSafetensors",
    files: [
      ...fixtures("safetensors", ".safetensors"),
      serializeSafetensors(netToTensors(net), {
        metadata: { __proto__: "x", note: "\u001b[31m" },
      }),
    ],
    growth: 400,
    parse: (bytes) => [parseSafetensors(bytes).tensors],
  },
  {
    name: "safetensors",
    reader: "readForeignNet of safetensors",
    files: [
      serializeSafetensors(netToTensors(net)),
      serializeSafetensors(netToTensors(net, { layout: "torch" }), { dtype: "float32" }),
    ],
    growth: 8,
    parse: (bytes) => readForeignNet("safetensors", bytes),
  },
  {
    name: "onnx",
    reader: "parseOnnx",
    files: GRAPH_FILES,
    growth: 400,
    parse: (bytes) => parseOnnx(bytes),
  },
  {
    name: "onnx",
    reader: "readOnnxNet",
    files: GRAPH_FILES,
    growth: 400,
    parse: (bytes) => readOnnxNet(bytes),
  },
];

const HOSTILE = [
  "__proto__",
  "constructor",
  "toString",
  '"',
  "'",
  "\\",
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "\n",
  "\r",
  "\0",
  "null",
  "true",
  "-1",
  "1e999",
  "NaN",
  "9007199254740993",
  "18446744073709551615",
  "0x10",
  "\u202e",
  "\u001b[2J",
  "../",
  "PK\u0001\u0002",
  "W1",
  "b2",
  "F64",
  "<f8",
  "[0,0]",
  "dtype",
  "shape",
].map(text);
const WIDTHS = [1, 2, 4, 8];
const SIZES = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
];

/** One wound; a draw of zeros does least. */
function wound(draw: Draw, bytes: number[]): void {
  const at = draw.integer(0, bytes.length);
  switch (draw.integer(0, 7)) {
    case 0:
      bytes[Math.min(at, bytes.length - 1)] ^= 1 << draw.integer(0, 7);
      break;
    case 1:
      bytes.splice(at, draw.integer(1, 16));
      break;
    case 2:
      bytes.length = at;
      break;
    case 3:
      bytes.splice(at, 0, ...bytes.slice(at, at + draw.integer(1, 64)));
      break;
    case 4:
      bytes.splice(at, draw.integer(0, 4), ...draw.pick(HOSTILE));
      break;
    case 5: {
      const width = draw.pick(WIDTHS);
      const size = Array.from(
        { length: width },
        (
          (value) => (_: unknown, i: number) =>
            Number((value >> BigInt(8 * i)) & 255n)
        )(draw.pick(SIZES)),
      );
      bytes.splice(at, width, ...(draw.boolean() ? size.reverse() : size));
      break;
    }
    case 6:
      bytes.splice(at, 0, ...draw.array(draw.integer(1, 8), () => draw.integer(0, 255)));
      break;
    case 7: {
      const from = draw.integer(0, bytes.length);
      bytes.splice(at, draw.integer(0, 32), ...bytes.slice(from, from + draw.integer(0, 32)));
      break;
    }
  }
}

/** Bytes that a value holds, shared ones counted as often as they are seen. */
function heldBytes(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === "string") return 2 * value.length;
  if (value instanceof Map) return [...value].reduce((sum, pair) => sum + heldBytes(pair), 0);
  if (typeof value === "object" && value !== null)
    return Object.values(value).reduce<number>((sum, part) => sum + heldBytes(part), 16);
  return 8;
}

type Case = { file: number; bytes: Uint8Array };

export const parsers = FORMATS.map(({ name, reader, files, parse, growth }) =>
  property<Case>(
    `${reader}: wounded files parse or throw a FormatError that says where, and take no more ` +
      "memory than they warrant",
    400,
    (draw) => {
      const file = draw.integer(0, files.length - 1);
      const bytes = Array.from(files[file]);
      for (let wounds = draw.integer(1, 12); wounds > 0; wounds--) wound(draw, bytes);
      return { file, bytes: Uint8Array.from(bytes) };
    },
    ({ bytes }) => {
      const before = bytes.slice();
      let parsed: unknown;
      try {
        parsed = parse(bytes);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        assert.equal(error.format, name);
        assert.ok(
          Number.isSafeInteger(error.offset) && error.offset >= 0 && error.offset <= bytes.length,
          `offset ${error.offset} of ${bytes.length}: ${error.message}`,
        );
        assert.ok(
          error.message.startsWith(name) &&
            error.message.length < 2000 &&
            !/[\p{Cc}\u202a-\u202e]/u.test(error.message),
          JSON.stringify(error.message),
        );
        parsed = undefined;
      }
      assert.deepEqual(bytes, before, "the reader wrote to the file");
      const held = heldBytes(parsed);
      assert.ok(held <= growth * (bytes.length + 64), `${held} bytes out of ${bytes.length}`);
      assert.equal((Object.prototype as { polluted?: unknown }).polluted, undefined);
    },
    ({ file, bytes }) => `file ${file}, ${JSON.stringify(Buffer.from(bytes).toString("latin1"))}`,
  ),
);
