// NumPy reads what we write and writes what we read, bit for bit. Needs a Python with NumPy:
// python3 or python on the path, or the one that PYTHON names.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { NumberArray, WritableType } from "../../lib/formats/dtype.ts";
import type { Matrix as MatrixType, NpyArray, WritableArray } from "../../lib/index.ts";
import { runCli } from "../helpers/cli.ts";
import { specialMatrix } from "../helpers/matrices.ts";
import { mixedClassifier } from "../helpers/mixed-table.ts";
import {
  Matrix,
  netToTensors,
  parseNpy,
  parseNpz,
  serializeModel,
  serializeNpy,
  serializeNpz,
  serializeSafetensors,
  TwoLayerNet,
  toMatrix,
} from "./built.ts";

type Printed = { dtype: string; shape: number[]; bytes: string };
const script = fileURLToPath(new URL("numpy_side.py", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "twolayer-numpy-"));
after(() => rmSync(folder, { recursive: true }));

const python = [process.env.PYTHON, "python3", "python"].find(
  (name) => name !== undefined && spawnSync(name, ["-c", "import numpy"]).status === 0,
);
if (python === undefined)
  throw new Error(
    "numpy.interop: expected a Python with NumPy as python3 or python, or named by PYTHON; got " +
      "none",
  );

function numpy(...args: string[]): Record<string, Printed> {
  const { status, stdout, stderr } = spawnSync(python!, [script, ...args], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout).arrays;
}

/** The bytes of the numbers as float64. */
function hex(numbers: NpyArray["data"]): string {
  const data = Float64Array.from(numbers as NumberArray);
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("hex");
}

/** Writes bytes to a file in the temporary folder and returns its path. */
function save(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** Special and normal numbers, without NaN: which NaN it was is not kept. */
function numbers(rows: number, cols: number): MatrixType {
  const { data } = specialMatrix(rows, cols, 3);
  return new Matrix(rows, cols, data).map((value) => (Number.isNaN(value) ? 0.1 : value));
}

test("NumPy reads the bits of every array that serializeNpy writes, in every type", () => {
  for (const [rows, cols] of [
    [7, 5],
    [1, 1],
    [0, 3],
    [3, 0],
    [1, 64],
  ]) {
    const matrix = numbers(rows, cols);
    const printed = numpy("read", save("array.npy", serializeNpy(matrix)));
    assert.deepEqual(printed, {
      "": { dtype: "float64", shape: [rows, cols], bytes: hex(matrix.data) },
    });
  }
  const small = new Matrix(2, 3, Float64Array.of(0, 1, 1, 0, 1, 0));
  const types: WritableType[] = [
    "float32",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "bool",
  ];
  for (const dtype of types) {
    const printed = numpy("read", save("array.npy", serializeNpy(small, { dtype })));
    assert.deepEqual(printed, { "": { dtype, shape: [2, 3], bytes: hex(small.data) } }, dtype);
  }
  const floats = numbers(4, 4).map((value) => (Math.abs(value) < 1e30 ? value : 1 / 3));
  const printed = numpy(
    "read",
    save("array.npy", serializeNpy({ shape: [16], data: floats.data }, { dtype: "float32" })),
  );
  assert.deepEqual(printed, {
    "": { dtype: "float32", shape: [16], bytes: hex(floats.data.map(Math.fround)) },
  });
});

test("NumPy reads the bits of every array that serializeNpz writes", () => {
  const arrays = new Map([
    ["W1", numbers(5, 4)],
    ["größe", numbers(1, 3)],
    ["deep/inside", numbers(0, 2)],
  ]);
  const expected = Object.fromEntries(
    [...arrays].map(([name, { rows, cols, data }]) => [
      name,
      { dtype: "float64", shape: [rows, cols], bytes: hex(data) },
    ]),
  );
  for (const options of [{}, { deflate: deflateRawSync }]) {
    const path = save("arrays.npz", serializeNpz(arrays, options));
    assert.deepEqual(numpy("read", path), expected);
    const copy = join(folder, "copy.npz");
    numpy("copy", path, copy);
    const back = parseNpz(readFileSync(copy), { inflate: inflateRawSync });
    for (const [name, matrix] of arrays) assert.deepEqual(toMatrix(back.get(name)!), matrix);
  }
});

test("parseNpy and parseNpz find the bits of every array that NumPy writes", () => {
  const printed = numpy("write", folder);
  const archives = ["stored.npz", "compressed.npz"].map((name) =>
    parseNpz(readFileSync(join(folder, name)), { inflate: inflateRawSync }),
  );
  assert.equal(Object.keys(printed).length, 12 * 2 * 5);
  for (const [name, { dtype, shape, bytes }] of Object.entries(printed)) {
    for (const found of [
      parseNpy(readFileSync(join(folder, `${name}.npy`))),
      ...archives.map((arrays) => arrays.get(name)!),
    ]) {
      assert.deepEqual([found.dtype, found.shape, hex(found.data)], [dtype, shape, bytes], name);
    }
    assert.equal(hex(parseNpy(readFileSync(join(folder, `${name}.npy`))).data), bytes, name);
  }
});

test("Python reads the bits of every tensor that serializeSafetensors writes", () => {
  const matrix = numbers(3, 5);
  const printed = numpy(
    "read",
    save(
      "tensors.safetensors",
      serializeSafetensors({ m: matrix, 'größe "x"': { shape: [15], data: matrix.data } }),
    ),
  );
  assert.deepEqual(printed, {
    m: { dtype: "float64", shape: [3, 5], bytes: hex(matrix.data) },
    'größe "x"': { dtype: "float64", shape: [15], bytes: hex(matrix.data) },
  });
  const net = TwoLayerNet.create({ inputSize: 4, hiddenSize: 3, outputSize: 2 });
  const { W1, b1, W2, b2 } = net.params;
  const twolayer = { W1, b1, W2, b2 };
  const plain = Object.fromEntries(
    Object.entries(twolayer).map(([name, { rows, cols, data }]) => [
      name,
      { dtype: "float64", shape: [rows, cols], bytes: hex(data) },
    ]),
  );
  assert.deepEqual(
    numpy("read", save("net.safetensors", serializeSafetensors(netToTensors(net)))),
    plain,
  );
  assert.deepEqual(numpy("read", save("net.npz", serializeNpz(netToTensors(net)))), plain);
  const rounded = (values: Float64Array): string => hex(values.map(Math.fround));
  const torch = {
    "0.weight": { dtype: "float32", shape: [3, 4], bytes: rounded(W1.transpose().data) },
    "0.bias": { dtype: "float32", shape: [3], bytes: rounded(b1.data) },
    "2.weight": { dtype: "float32", shape: [2, 3], bytes: rounded(W2.transpose().data) },
    "2.bias": { dtype: "float32", shape: [2], bytes: rounded(b2.data) },
  };
  assert.deepEqual(
    numpy(
      "read",
      save(
        "net.safetensors",
        serializeSafetensors(netToTensors(net, { layout: "torch" }), { dtype: "float32" }),
      ),
    ),
    torch,
  );
  assert.deepEqual(
    numpy(
      "read",
      save(
        "net.npz",
        serializeNpz(netToTensors(net, { layout: "torch" }), {
          dtype: "float32",
          deflate: deflateRawSync,
        }),
      ),
    ),
    torch,
  );
});

test("Arrays of every type and shape come back from NumPy as they were", () => {
  const types = ["float64", "float32", "int64", "int32", "int16", "int8", "uint64"] as const;
  const more = ["uint32", "uint16", "uint8", "bool"] as const;
  const shapes = [
    [],
    [0],
    [1],
    [5],
    [2, 3],
    [3, 0],
    [2, 3, 4],
    [1, 1, 1, 2],
    [2, 0, 3],
    [2, 2, 2, 2],
  ];
  const arrays = new Map<string, WritableArray>();
  for (const dtype of [...types, ...more])
    for (const shape of shapes) {
      const count = shape.reduce((product, size) => product * size, 1);
      const data = Float64Array.from({ length: count }, (_, i) => (dtype === "bool" ? i % 2 : i));
      const array = parseNpy(serializeNpy({ shape, data }, { dtype }));
      arrays.set(`${dtype} (${shape.join()})`, array);
    }
  arrays.set("text", { shape: [2, 2], data: ["a", "größe", "層😀", ""] });
  arrays.set("one text", { shape: [], data: ["twolayer"] });
  const copy = join(folder, "every-copy.npz");
  numpy("copy", save("every.npz", serializeNpz(arrays)), copy);
  const back = parseNpz(readFileSync(copy), { inflate: inflateRawSync });
  assert.equal(back.size, arrays.size);
  for (const [name, { shape, data }] of arrays) {
    assert.deepEqual(back.get(name)!.shape, shape, name);
    assert.deepEqual(back.get(name)!.data, data, name);
  }
});

test("The Python program of docs/formats.md predicts what the classifier predicts", () => {
  const page = readFileSync(new URL("../../docs/formats.md", import.meta.url), "utf8");
  const programs = [...page.matchAll(/```python\n([^]*?)```/g)].map(([, code]) => code);
  const program = programs.find((code) => code.includes("json.dumps"))!;
  const { table, classifier } = mixedClassifier("mean");
  save("model.safetensors", serializeModel(classifier));
  const { status, stderr } = runCli(folder, ["export", "model.safetensors", "--out", "model.npz"]);
  assert.equal(status, 0, stderr);
  const rows = Array.from({ length: table.rowCount }, (_, row) =>
    Object.fromEntries(
      classifier.encoding.features.map((feature) => {
        const column = table.columns.indexOf(feature.column);
        const number = table.number(row, column);
        const isText = "categories" in feature;
        const text = table.text(row, column);
        return [feature.column, isText ? (text === "N/A" ? null : text) : number];
      }),
    ),
  );
  save("rows.json", new TextEncoder().encode(JSON.stringify(rows))); // NaN becomes null
  const run = spawnSync(python!, ["-c", program], { cwd: folder, encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  assert.deepEqual(JSON.parse(run.stdout), classifier.predict(table));
});
