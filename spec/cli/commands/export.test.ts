import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";
import { encodeFeatures } from "../../../lib/data/encode.ts";
import { parseCsv } from "../../../lib/formats/csv/csv.ts";
import { parseNpz } from "../../../lib/formats/npz.ts";
import { parseOnnx } from "../../../lib/formats/onnx/onnx.ts";
import { parseSafetensors } from "../../../lib/formats/safetensors.ts";
import { toMatrix } from "../../../lib/formats/tensor.ts";
import { netFromOnnx, readOnnxNet } from "../../../lib/model/net-onnx.ts";
import { netFromTensors } from "../../../lib/model/net-tensors.ts";
import { inFolder, runCli, writeModel } from "../../helpers/cli.ts";

test("export writes safetensors, npz and ONNX that hold the same net", async () => {
  await inFolder((folder) => {
    const { csv, classifier } = writeModel(folder);
    const exported = (out: string, ...more: string[]): Uint8Array => {
      const { status, stdout, stderr } = runCli(folder, [
        "export",
        "shapes.safetensors",
        "--out",
        out,
        ...more,
      ]);
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      assert.match(stdout, new RegExp(`^${out}  `));
      return readFileSync(join(folder, out));
    };
    const { W1 } = classifier.net.params;
    const torch = exported("torch.safetensors", "--layout", "torch");
    assert.deepEqual(
      [...parseSafetensors(torch).tensors.keys()],
      ["0.weight", "0.bias", "2.weight", "2.bias"],
    );
    assert.ok(netFromTensors(parseSafetensors(torch).tensors).params.W1.equals(W1));
    assert.ok(
      netFromTensors(
        parseNpz(exported("net.npz", "--compress"), { inflate: inflateRawSync }),
      ).params.W1.equals(W1),
    );
    const arrays = parseNpz(exported("plain.npz"));
    assert.deepEqual(
      [...arrays.keys()],
      ["W1", "b1", "W2", "b2", "mean", "std", "columns", "classes", "twolayer"],
    );
    assert.ok(
      toMatrix(arrays.get("mean")!).equals(classifier.mean) &&
        toMatrix(arrays.get("std")!).equals(classifier.std),
    );
    const onnx = exported("net.onnx");
    assert.ok(readOnnxNet(onnx).net.params.W1.equals(W1));
    const table = parseCsv(csv);
    const raw = encodeFeatures(table, classifier.encoding).X;
    assert.deepEqual(
      Array.from(netFromOnnx(onnx).predict(raw), (c) => classifier.classes[c]),
      classifier.predict(table),
      "rows as they are",
    );
    const single = exported("single", "--format", "safetensors", "--dtype", "float32");
    assert.deepEqual(exported("short", "--format", "safetensors", "--dtype", "f32"), single);
    assert.deepEqual(exported("long.npz", "--dtype", "f64"), exported("default.npz"));
    assert.ok(
      netFromTensors(parseSafetensors(single).tensors).params.W1.equals(W1.map(Math.fround)),
    );
  });
});

test("export says what the file takes", async () => {
  await inFolder((folder) => {
    const { classifier } = writeModel(folder);
    const said = (out: string, ...more: string[]): string => {
      const words = ["export", "shapes.safetensors", "--out", out, ...more];
      const { status, stdout, stderr } = runCli(folder, words);
      assert.equal(stderr, "");
      assert.equal(status, 0);
      return stdout.replace(/^.*; /, "");
    };
    const X = "X (N, 4), the columns size, color=blue, color=green, color=red";
    assert.equal(
      said("a.onnx"),
      "takes the columns size (numbers) and color (text), each (N, 1)\n",
    );
    assert.equal(said("b.onnx", "--inputs", "matrix"), `takes ${X}, and standardizes them\n`);
    assert.equal(said("c.npz"), `takes (X - mean) / std, ${X.replace(", the", " being the")}\n`);
    const { inputs } = parseOnnx(readFileSync(join(folder, "a.onnx")));
    assert.deepEqual(
      inputs.map(({ name }) => name),
      classifier.columns,
    );
    const matrix = parseOnnx(readFileSync(join(folder, "b.onnx")));
    assert.deepEqual(
      matrix.inputs.map(({ name }) => name),
      ["X"],
    );
    const arrays = parseNpz(readFileSync(join(folder, "c.npz")));
    assert.deepEqual(arrays.get("columns")!.data, [
      "size",
      "color=blue",
      "color=green",
      "color=red",
    ]);
    assert.deepEqual(arrays.get("classes")!.data, classifier.classes);
  });
});

test("export refuses what it does not know", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const refused = (words: string[], message: string): void =>
      assert.deepEqual(runCli(folder, ["export", "shapes.safetensors", ...words]), {
        status: 2,
        stdout: "",
        stderr: `twolayer: ${message}\n`,
      });
    refused([], "expected --out FILE; see twolayer export --help");
    refused(
      ["--out", "x.pt"],
      "expected a file ending in .safetensors, .npz or .onnx, or --format, got x.pt",
    );
    refused(
      ["--out", "x.onnx", "--layout", "torch"],
      "--layout is for safetensors and npz, got onnx",
    );
    refused(["--out", "x.npz", "--inputs", "matrix"], "--inputs is for onnx, got npz");
    refused(["--out", "x.onnx", "--compress"], "--compress is for npz, got onnx");
  });
});
