import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { FormatError } from "../../../lib/base/errors.ts";
import { type OnnxModel, parseOnnx, serializeOnnx } from "../../../lib/formats/onnx/onnx.ts";
import { MessageWriter } from "../../../lib/formats/onnx/protobuf.ts";
import { refusesEveryTruncation, survivesEveryByteChange } from "../../helpers/mutations.ts";
import { assertThrows } from "../../helpers/throws.ts";

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/onnx/${name}.onnx`, import.meta.url));

function model(): OnnxModel {
  return {
    irVersion: 7,
    opset: 13,
    otherOpsets: new Map([["ai.onnx.ml", 2]]),
    producer: "test",
    metadata: new Map([
      ["__proto__", "ü"],
      ["empty", ""],
    ]),
    graph: "g",
    nodes: [
      {
        op: "Gemm",
        domain: "",
        name: "first",
        inputs: ["x", "w", ""],
        outputs: ["y"],
        attributes: new Map([
          ["transB", { int: 1 }],
          ["alpha", { float: 0.5 }],
        ]),
      },
      {
        op: "Constant",
        domain: "com.example",
        name: "",
        inputs: [],
        outputs: ["c"],
        attributes: new Map([
          ["value", { tensor: { dtype: "int64", shape: [], data: Float64Array.of(-1) } }],
        ]),
      },
      {
        op: "Softmax",
        domain: "",
        name: "",
        inputs: ["y"],
        outputs: ["p"],
        attributes: new Map([["axis", { int: -1 }]]),
      },
    ],
    initializers: new Map([
      [
        "w",
        {
          dtype: "float64",
          shape: [2, 3],
          data: Float64Array.of(0.1, -0, 5e-324, NaN, Infinity, -1),
        },
      ],
      ["f", { dtype: "float32", shape: [2], data: Float32Array.of(1.5, -0) }],
      ["none", { dtype: "float32", shape: [0, 3], data: new Float32Array(0) }],
      ["t", { dtype: "text", shape: [2], data: ["a", "größe"] }],
    ]),
    inputs: [{ name: "x", dtype: "float64", shape: ["N", 3] }],
    outputs: [{ name: "p", dtype: "float64", shape: ["N", 2] }],
  };
}

test("serializeOnnx and parseOnnx give back every node, attribute, weight and name", () => {
  assert.deepEqual(parseOnnx(serializeOnnx(model())), model());
  assert.deepEqual(serializeOnnx(model()), serializeOnnx(model()));
});

test("parseOnnx reads PyTorch's export: nodes, attributes, weights and symbolic sizes", () => {
  const { irVersion, opset, producer, nodes, initializers, inputs, outputs } = parseOnnx(
    fixture("torch-float32"),
  );
  assert.deepEqual([irVersion, opset, producer], [7, 13, "pytorch"]);
  assert.deepEqual(
    nodes.map(({ op, inputs, outputs }) => [op, inputs, outputs]),
    [
      ["Gemm", ["input", "0.weight", "0.bias"], ["/0/Gemm_output_0"]],
      ["Relu", ["/0/Gemm_output_0"], ["/1/Relu_output_0"]],
      ["Gemm", ["/1/Relu_output_0", "2.weight", "2.bias"], ["output"]],
    ],
  );
  assert.deepEqual(
    [...nodes[0].attributes],
    [
      ["alpha", { float: 1 }],
      ["beta", { float: 1 }],
      ["transB", { int: 1 }],
    ],
  );
  assert.deepEqual(
    [...initializers].map(([name, { dtype, shape }]) => [name, dtype, shape]),
    [
      ["0.weight", "float32", [4, 3]],
      ["0.bias", "float32", [4]],
      ["2.weight", "float32", [2, 4]],
      ["2.bias", "float32", [2]],
    ],
  );
  assert.deepEqual(inputs, [{ name: "input", dtype: "float32", shape: ["batch", 3] }]);
  assert.deepEqual(outputs, [{ name: "output", dtype: "float32", shape: ["batch", 2] }]);
});

test("parseOnnx reads floats from raw_data, float_data and double_data, packed or not", () => {
  const values = [1.5, -0, 0.25];
  const raw = new Uint8Array(Float32Array.from(values).buffer);
  const variants = [
    new MessageWriter().bytes(9, raw),
    new MessageWriter().bytes(4, raw),
    new MessageWriter().float(4, 1.5).float(4, -0).float(4, 0.25),
    new MessageWriter().bytes(4, raw.slice(0, 8)).float(4, 0.25),
  ].map((elements) => file({ initializers: [elements.integer(1, 3).integer(2, 1).text(8, "w")] }));
  for (const bytes of variants) {
    assert.deepEqual(parseOnnx(bytes).initializers.get("w"), {
      dtype: "float32",
      shape: [3],
      data: Float32Array.from(values),
    });
  }
  const packedDims = new MessageWriter()
    .bytes(1, Uint8Array.of(1, 3))
    .integer(2, 1)
    .text(8, "w")
    .bytes(9, raw);
  assert.deepEqual(
    parseOnnx(file({ initializers: [packedDims] })).initializers.get("w")!.shape,
    [1, 3],
  );
  const { initializers } = parseOnnx(fixture("helper-double-data"));
  assert.deepEqual([...initializers.keys()], ["W1", "b1", "W2", "b2"]);
});

/** A model of only what is given, in the smallest form that is allowed. */
function file({
  initializers = [],
  nodes = [],
  metadata = [],
  inputs = [],
  opset = new MessageWriter().integer(2, 13),
  extra,
}: {
  initializers?: MessageWriter[];
  nodes?: MessageWriter[];
  metadata?: MessageWriter[];
  inputs?: MessageWriter[];
  opset?: MessageWriter;
  extra?: (model: MessageWriter) => void;
}): Uint8Array {
  const graph = new MessageWriter();
  for (const node of nodes) graph.message(1, node);
  for (const initializer of initializers) graph.message(5, initializer);
  for (const input of inputs) graph.message(11, input);
  const message = new MessageWriter().integer(1, 7);
  for (const entry of metadata) message.message(14, entry);
  extra?.(message);
  return message.message(7, graph).message(8, opset).finish();
}

const weight = (): MessageWriter => new MessageWriter().integer(1, 2).integer(2, 1).text(8, "w");
const eight = new Uint8Array(8);
const attribute = (name: string): MessageWriter =>
  new MessageWriter().text(1, name).integer(3, 1).integer(20, 2);
const entry = (key: string): MessageWriter => new MessageWriter().text(1, key).text(2, "v");
/** Two float32 in another file. */
const outside = (location: string): MessageWriter =>
  weight().integer(14, 1).message(13, new MessageWriter().text(1, "location").text(2, location));
const HOSTILE: [string, Uint8Array, string][] = [
  [
    "an empty file",
    new Uint8Array(0),
    "reading the model, expected one standard opset_import, got 0 (byte 0)",
  ],
  [
    "a model without graph",
    new MessageWriter().integer(1, 7).message(8, new MessageWriter().integer(2, 13)).finish(),
    "reading the model, expected the graph, got none (byte 0)",
  ],
  [
    "two graphs",
    file({ extra: (m) => m.bytes(7, new Uint8Array(0)) }),
    "reading the model, expected the graph once, got it 2 times (byte 4)",
  ],
  [
    "two opsets",
    file({ extra: (m) => m.bytes(8, Uint8Array.of(16, 9)) }),
    "reading the model, expected one standard opset_import, got 2 (byte 0)",
  ],
  [
    "an opset without version",
    file({ opset: new MessageWriter() }),
    "reading opset_import, expected version, got none (byte 6)",
  ],
  [
    "a number for the graph",
    new MessageWriter()
      .integer(1, 7)
      .integer(7, 1)
      .message(8, new MessageWriter().integer(2, 13))
      .finish(),
    "reading the graph of the model, expected a message, got wire type 0 (byte 2)",
  ],
  [
    "text for a number",
    file({ opset: new MessageWriter().text(2, "13") }),
    "reading version of opset_import, expected an integer, got wire type 2 (byte 6)",
  ],
  [
    "text that is not UTF-8",
    file({ initializers: [new MessageWriter().bytes(8, Uint8Array.of(0xff))] }),
    "reading name of an initializer, expected UTF-8 text, got 1 bytes that are not (byte 8)",
  ],
  [
    "a metadata key twice",
    file({ metadata: [entry("k"), entry("k")] }),
    'reading metadata, expected a name of its own, got "k" again (byte 12)',
  ],
  [
    "an initializer twice",
    file({ initializers: [weight().bytes(9, eight), weight().bytes(9, eight)] }),
    'reading an initializer, expected a name of its own, got "w" again (byte 25)',
  ],
  [
    "an attribute twice",
    file({
      nodes: [
        new MessageWriter().text(4, "Gemm").message(5, attribute("a")).message(5, attribute("a")),
      ],
    }),
    'reading an attribute, expected a name of its own, got "a" again (byte 24)',
  ],
  [
    "a shape larger than its bytes",
    file({
      initializers: [
        new MessageWriter()
          .integer(1, 1e6)
          .integer(1, 1e6)
          .integer(2, 11)
          .text(8, "w")
          .bytes(9, eight),
      ],
    }),
    'initializer "w", expected 8000000000000 bytes for float64 (1000000, 1000000), got 8 (byte 6)',
  ],
  [
    "a shape × type overflow",
    file({
      initializers: [
        new MessageWriter()
          .integer(1, 2 ** 52)
          .integer(1, 2 ** 52)
          .integer(2, 11)
          .text(8, "w")
          .bytes(9, eight),
      ],
    }),
    'initializer "w", expected 1.6225927682921336e+32 bytes for float64 (4503599627370496, ' +
      "4503599627370496), got 8 (byte 6)",
  ],
  [
    "an empty shape of absurd length",
    file({
      initializers: [
        new MessageWriter()
          .integer(1, 2 ** 52)
          .integer(1, 0)
          .integer(2, 11)
          .text(8, "w"),
      ],
    }),
    'initializer "w", expected sizes in 0..2^31 - 1, got (4503599627370496, 0) (byte 6)',
  ],
  [
    "a negative size",
    file({ initializers: [new MessageWriter().integer(1, -1).integer(2, 11).text(8, "w")] }),
    'initializer "w", expected sizes in 0..2^53 - 1, got (-1,) (byte 6)',
  ],
  [
    "bytes that are no whole element",
    file({
      initializers: [
        new MessageWriter()
          .integer(1, 2)
          .integer(2, 1)
          .text(8, "w")
          .bytes(4, eight.slice(0, 3))
          .bytes(4, eight.slice(0, 5)),
      ],
    }),
    'initializer "w", expected 8 bytes for float32 (2,) in 2 fields of whole elements, ' +
      "got 8 (byte 6)",
  ],
  [
    "elements of two kinds",
    file({ initializers: [weight().bytes(9, eight).bytes(4, eight)] }),
    'initializer "w" holds its elements twice, in fields 9 and 4 (byte 6)',
  ],
  [
    "raw_data twice",
    file({ initializers: [weight().bytes(9, eight.slice(4)).bytes(9, eight.slice(4))] }),
    "reading an initializer, expected raw_data once, got it 2 times (byte 19)",
  ],
  [
    "an integer for raw_data",
    file({ initializers: [weight().integer(9, 3)] }),
    "reading raw_data of an initializer, expected bytes, got wire type 0 (byte 13)",
  ],
  [
    "an integer for floats",
    file({ initializers: [weight().integer(4, 3)] }),
    "reading elements of an initializer, expected floats, got wire type 0 (byte 13)",
  ],
  [
    "fewer half floats than the shape says",
    file({
      initializers: [new MessageWriter().integer(1, 2).integer(2, 10).text(8, "w").integer(5, 1)],
    }),
    'initializer "w", expected 2 elements for float16 (2,), got 1 (byte 6)',
  ],
  [
    "fewer texts than the shape says",
    file({ initializers: [new MessageWriter().integer(1, 2).integer(2, 8).text(8, "w")] }),
    'initializer "w", expected 2 texts for (2,), got 0 (byte 6)',
  ],
  [
    "weights of complex numbers",
    file({ initializers: [new MessageWriter().integer(1, 2).integer(2, 14).text(8, "w")] }),
    'initializer "w", expected numbers or text, got elements of type 14 (byte 6)',
  ],
  [
    "integers that the type does not hold",
    file({
      initializers: [new MessageWriter().integer(1, 1).integer(2, 3).text(8, "w").integer(5, 128)],
    }),
    'initializer "w" has elements that int8 does not hold (byte 6)',
  ],
  [
    "integers beyond 2^53",
    file({
      initializers: [
        new MessageWriter()
          .integer(1, 1)
          .integer(2, 7)
          .text(8, "w")
          .integer(7, 2 ** 60),
      ],
    }),
    'initializer "w", expected integers within ±(2^53 - 1), got 1152921504606847000 (byte 6)',
  ],
  [
    "weights in another file that nobody reads",
    file({ initializers: [outside("weights.bin")] }),
    'initializer "w" has its data in another file, "weights.bin": pass the option readExternal, ' +
      "or export it with external_data=False (byte 6)",
  ],
  ...["../secret", "/etc/passwd", "a/b", "a\\b", "C:x", "..", ".", "./", ""].map(
    (location): [string, Uint8Array, string] => [
      `weights in the file ${JSON.stringify(location)}`,
      file({ initializers: [outside(location)] }),
      `initializer "w", expected its data in the model's own folder, ` +
        `got ${JSON.stringify(location)} (byte 6)`,
    ],
  ),
  [
    "weights in segments",
    file({ initializers: [weight().message(3, new MessageWriter())] }),
    'initializer "w" is cut into segments, which are not read (byte 6)',
  ],
];
for (const [what, bytes, message] of HOSTILE) {
  test(`parseOnnx refuses ${what}`, () => {
    const error = assertThrows(() => parseOnnx(bytes), FormatError, `onnx: ${message}`);
    assert.equal(error.format, "onnx");
  });
}

test("parseOnnx reads integers, halves and text from typed fields", () => {
  const cases: [number, number, number[], string, unknown[]][] = [
    [6, 5, [-7, 3], "int32", [-7, 3]],
    [3, 5, [-128, 127], "int8", [-128, 127]],
    [2, 5, [0, 255], "uint8", [0, 255]],
    [9, 5, [1, 0], "bool", [1, 0]],
    [7, 7, [-(2 ** 40), 5], "int64", [-(2 ** 40), 5]],
    [12, 11, [4e9, 1], "uint32", [4e9, 1]],
    [13, 11, [2 ** 53 - 1, 0], "uint64", [2 ** 53 - 1, 0]],
    [10, 5, [0x3c00, 0xc000], "float16", [1, -2]],
    [16, 5, [0x3f80, 0xc000], "bfloat16", [1, -2]],
  ];
  for (const [code, field, written, dtype, values] of cases) {
    const unpacked = new MessageWriter().integer(1, 2).integer(2, code).text(8, "w");
    for (const value of written) unpacked.integer(field, value);
    const { initializers } = parseOnnx(file({ initializers: [unpacked] }));
    const found = initializers.get("w")!;
    assert.equal(found.dtype, dtype);
    assert.deepEqual(Array.from<unknown>(found.data), values, dtype);
  }
  const texts = new MessageWriter().integer(1, 2).integer(2, 8).text(8, "w");
  texts.text(6, "a").text(6, "größe");
  assert.deepEqual(parseOnnx(file({ initializers: [texts] })).initializers.get("w"), {
    dtype: "text",
    shape: [2],
    data: ["a", "größe"],
  });
});

test("parseOnnx reads weights from another file through readExternal", () => {
  const bytes = file({
    initializers: [
      outside("./w.bin").message(13, new MessageWriter().text(1, "offset").text(2, "4")),
    ],
  });
  const stored = new Uint8Array(Float32Array.of(9, 1.5, -2).buffer);
  const asked: string[] = [];
  const readExternal = (location: string): Uint8Array => {
    asked.push(location);
    return stored;
  };
  const { initializers } = parseOnnx(bytes, { readExternal });
  assert.deepEqual(initializers.get("w")!.data, Float32Array.of(1.5, -2));
  assert.deepEqual(asked, ["w.bin"]);
  assertThrows(
    () => parseOnnx(bytes, { readExternal: () => stored.subarray(0, 8) }),
    FormatError,
    'onnx: initializer "w", expected bytes 4 to 12 of "./w.bin", got 8 bytes (byte 6)',
  );
});

test("parseOnnx reads an input whose type is none of numbers or text as other", () => {
  const untyped = file({ inputs: [new MessageWriter().text(1, "x")] });
  assert.deepEqual(parseOnnx(untyped).inputs, [{ name: "x", dtype: "other", shape: [] }]);
});

test("parseOnnx refuses more than 2^18 fields, wherever they are", () => {
  const refused = {
    name: "FormatError",
    message: /^onnx: expected at most 262144 fields in all, got more \(byte \d+\)$/,
  };
  assert.throws(
    () => parseOnnx(Uint8Array.from({ length: 2 ** 19 + 2 }, (_, i) => (i % 2 === 0 ? 0x0a : 0))),
    refused,
  );
  const node = (): MessageWriter => {
    const message = new MessageWriter().text(4, "Sum");
    for (let i = 0; i < 2 ** 17; i++) message.text(1, "");
    return message;
  };
  assert.equal(parseOnnx(file({ nodes: [node()] })).nodes[0].inputs.length, 2 ** 17);
  assert.throws(() => parseOnnx(file({ nodes: [node(), node()] })), refused);
});

test("parseOnnx skips what it does not know, a nesting bomb included, without entering it", () => {
  let bomb = new MessageWriter();
  for (let depth = 0; depth < 2000; depth++) bomb = new MessageWriter().message(1, bomb);
  const node = new MessageWriter()
    .text(4, "If")
    .message(5, new MessageWriter().text(1, "then_branch").message(6, bomb).integer(20, 5));
  const { nodes } = parseOnnx(
    file({ nodes: [node], extra: (m) => m.message(20, bomb).text(4, "domain").integer(5, -1) }),
  );
  assert.deepEqual([...nodes[0].attributes], [["then_branch", { kind: 5 }]]);
});

test("parseOnnx refuses every truncation and survives every change of one byte", () => {
  const small = model();
  const bytes = serializeOnnx(small);
  refusesEveryTruncation(bytes, parseOnnx);
  const check = (parsed: OnnxModel): void => {
    for (const { data } of parsed.initializers.values()) assert.ok(data.length <= bytes.length);
  };
  survivesEveryByteChange(bytes, parseOnnx, {
    check,
    values: [0x00, 0x01, 0x0a, 0x7f, 0x80, 0xff],
  });
  small.initializers.clear();
  small.nodes.length = 1;
  survivesEveryByteChange(serializeOnnx(small), parseOnnx, { check });
  survivesEveryByteChange(fixture("torch-float32"), parseOnnx, { check, values: [0x00, 0xff] });
});

test("serializeOnnx refuses an attribute or weight that it cannot write", () => {
  const odd = model();
  odd.nodes[0].attributes.set("body", { kind: 5 });
  assertThrows(
    () => serializeOnnx(odd),
    TypeError,
    'serializeOnnx: attribute "body" expected numbers, text or a tensor, got kind 5',
  );
  const half = model();
  half.initializers.set("h", { dtype: "float16", shape: [1], data: new Float64Array(1) });
  assertThrows(
    () => serializeOnnx(half),
    TypeError,
    'serializeOnnx: tensor "h" cannot be written as float16',
  );
  const large = model();
  large.initializers.set("f", { dtype: "float32", shape: [1], data: Float64Array.of(1e300) });
  assertThrows(
    () => serializeOnnx(large),
    RangeError,
    'serializeOnnx: tensor "f" expected numbers within float32\'s ±3.4e38, got 1e+300 at element 0',
  );
});
