import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Encoding } from "../../../lib/data/encoding.ts";
import { serializeNpz } from "../../../lib/formats/npz.ts";
import { serializeSafetensors } from "../../../lib/formats/safetensors.ts";
import { Matrix } from "../../../lib/matrix/matrix.ts";
import { parseModel } from "../../../lib/model/model-file.ts";
import { netToOnnx } from "../../../lib/model/net-onnx.ts";
import { netToTensors } from "../../../lib/model/net-tensors.ts";
import { TwoLayerNet } from "../../../lib/net/two-layer-net.ts";
import { inFolder, runCli, writeModel } from "../../helpers/cli.ts";
import { sampleNet } from "../../helpers/onnx-graphs.ts";

test("import brings back the net, columns and classes that export wrote", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const expected = runCli(folder, ["predict", "shapes.safetensors", "shapes.csv"]).stdout;
    for (const out of ["net.onnx", "torch.safetensors"]) {
      const more = out === "net.onnx" ? [] : ["--layout", "torch"];
      assert.equal(
        runCli(folder, ["export", "shapes.safetensors", "--out", out, ...more]).status,
        0,
      );
      const { status, stdout, stderr } = runCli(folder, [
        "import",
        out,
        "--out",
        "back.safetensors",
      ]);
      assert.deepEqual(
        { status, stdout, stderr },
        {
          status: 0,
          stdout: "back.safetensors  4 inputs, 8 hidden units, 2 classes\n",
          stderr: "",
        },
      );
      assert.equal(runCli(folder, ["predict", "back.safetensors", "shapes.csv"]).stdout, expected);
    }
  });
});

test("import under other names standardizes as the file says", async () => {
  await inFolder((folder) => {
    const { csv } = writeModel(folder);
    const expected = runCli(folder, ["predict", "shapes.safetensors", "shapes.csv", "--proba"])
      .stdout.split("\n")
      .slice(1);
    const onehot = csv
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => {
        const [, size, color] = line.split(",");
        return [size, ...["blue", "green", "red"].map((each) => (each === color ? 1 : 0))].join();
      });
    for (const [out, ...more] of [
      ["net.onnx"],
      ["torch.safetensors", "--layout", "torch"],
      ["net.npz"],
      ["torch.npz", "--layout", "torch", "--compress"],
    ]) {
      assert.equal(
        runCli(folder, ["export", "shapes.safetensors", "--out", out, ...more]).status,
        0,
      );
      assert.equal(
        runCli(folder, [
          "import",
          out,
          "--out",
          "m",
          "--columns",
          "s,b,g,r",
          "--classes",
          "circle,square",
        ]).status,
        0,
      );
      assert.deepEqual(
        runCli(folder, ["predict", "m", "-", "--proba"], {
          input: `s,b,g,r\n${onehot.join("\n")}\n`,
        })
          .stdout.split("\n")
          .slice(1),
        expected,
      );
    }
  });
});

test("import with other classes or another label keeps what else the file describes", async () => {
  await inFolder((folder) => {
    const { classifier, csv } = writeModel(folder);
    const brought = (...more: string[]): Encoding => {
      const { status, stderr } = runCli(folder, ["import", "net.onnx", "--out", "m", ...more]);
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      return parseModel(readFileSync(join(folder, "m"))).classifier.encoding;
    };
    assert.equal(runCli(folder, ["export", "shapes.safetensors", "--out", "net.onnx"]).status, 0);
    const { encoding } = classifier;
    assert.deepEqual(brought("--label", "form"), { ...encoding, label: "form" });
    assert.equal(
      runCli(folder, ["evaluate", "m", "-"], { input: csv.replace("shape", "form") }).status,
      0,
    );
    assert.deepEqual(brought("--classes", "round,flat"), {
      ...encoding,
      classes: ["round", "flat"],
    });
    const names = { circle: "round", square: "flat" } as Record<string, string>;
    const predicted = (model: string): string[] =>
      runCli(folder, ["predict", model, "shapes.csv"]).stdout.trim().split("\n").slice(1);
    assert.deepEqual(
      predicted("m"),
      predicted("shapes.safetensors").map((label) => names[label]),
    );
    const features = ["s", "b", "g", "r"].map((column) => ({ column, mean: 0 }));
    assert.deepEqual(
      brought("--columns", "s,b,g,r"),
      { features, label: encoding.label, classes: encoding.classes, missing: "error" },
      "the classes and the label stay",
    );
    const wrong = runCli(folder, ["import", "net.onnx", "--out", "m", "--classes", "one"]);
    assert.deepEqual(
      { status: wrong.status, stderr: wrong.stderr },
      { status: 1, stderr: "twolayer: net.onnx: expected 2 --classes, got 1\n" },
    );
  });
});

test("import names the columns and classes of a foreign net, by options or by number", async () => {
  await inFolder((folder) => {
    const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
    writeFileSync(
      join(folder, "foreign.safetensors"),
      serializeSafetensors(netToTensors(net, { layout: "torch" })),
    );
    assert.equal(
      runCli(folder, [
        "import",
        "foreign.safetensors",
        "--out",
        "m",
        "--columns",
        "u,v",
        "--classes",
        "no,yes",
      ]).status,
      0,
    );
    const { stdout } = runCli(folder, ["predict", "m", "-"], { input: "v,u\n1,2\n" });
    assert.match(stdout, /^prediction\n(no|yes)\n$/);
    assert.equal(runCli(folder, ["import", "foreign.safetensors", "--out", "m"]).status, 0);
    assert.match(
      runCli(folder, ["predict", "m", "-", "--no-header"], { input: "2,1\n" }).stdout,
      /^prediction\n[01]\n$/,
    );
    const wrong = runCli(folder, ["import", "foreign.safetensors", "--out", "n", "--columns", "u"]);
    assert.deepEqual(
      { status: wrong.status, stderr: wrong.stderr },
      {
        status: 1,
        stderr: "twolayer: foreign.safetensors: expected 2 --columns for 2 inputs, got 1\n",
      },
    );
  });
});

test("import takes the order of layers from --layers where both fit", async () => {
  await inFolder((folder) => {
    const zeros = (...shape: number[]): { shape: number[]; data: Float64Array } => ({
      shape,
      data: new Float64Array(shape.reduce((product, size) => product * size, 1)),
    });
    const tensors = {
      "encoder.weight": zeros(9, 4),
      "encoder.bias": zeros(9),
      "decoder.weight": zeros(4, 9),
      "decoder.bias": zeros(4),
    };
    writeFileSync(join(folder, "auto.safetensors"), serializeSafetensors(tensors));
    writeFileSync(join(folder, "auto.npz"), serializeNpz(tensors));
    const run = (file: string, ...more: string[]): ReturnType<typeof runCli> =>
      runCli(folder, ["import", file, "--out", "m", ...more]);
    for (const format of ["safetensors", "npz"]) {
      const refused = run(`auto.${format}`);
      assert.equal(refused.status, 1);
      assert.equal(
        refused.stderr,
        `twolayer: auto.${format}: ${format}: expected weights that fit in one order only, got ` +
          "encoder.weight (9, 4) and decoder.weight (4, 9); " +
          "say which comes first with layers (--layers on the command line)\n",
      );
      const forward = run(`auto.${format}`, "--layers", "encoder,decoder");
      assert.equal(forward.stdout, "m  4 inputs, 9 hidden units, 4 classes\n");
      const backward = run(`auto.${format}`, "--layers", "decoder,encoder");
      assert.equal(backward.stdout, "m  9 inputs, 4 hidden units, 9 classes\n");
    }
    const one = run("auto.npz", "--layers", "encoder");
    assert.equal(one.stderr, "twolayer: --layers expected two names, got 1\n");
    const unknown = run("auto.npz", "--layers", "encoder,head");
    assert.match(
      unknown.stderr,
      /expected a tensor "head\.weight", got "encoder\.weight" \(9, 4\)/,
    );
  });
});

test("import adds the scaling that --scale, --mean and --std say to that of the file", async () => {
  await inFolder((folder) => {
    const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 3, outputSize: 2 });
    const standardize = { mean: Matrix.rowVector([1, 2]), std: Matrix.rowVector([4, 8]) };
    writeFileSync(join(folder, "net.onnx"), netToOnnx(net, { standardize }));
    const words = ["import", "net.onnx", "--out", "m", "--scale", "255"];
    const { status, stderr } = runCli(folder, [...words, "--mean", "0.5", "--std", "0.25,2"]);
    assert.equal(status, 0, stderr);
    const { classifier } = parseModel(readFileSync(join(folder, "m")));
    // ((x / 255 - 0.5) / std - mean) / (4, 8)
    assert.deepEqual([...classifier.mean.data], [(1 * 0.25 + 0.5) * 255, (2 * 2 + 0.5) * 255]);
    assert.deepEqual([...classifier.std.data], [4 * 0.25 * 255, 8 * 2 * 255]);
    const refused = (...more: string[]): string => runCli(folder, [...words, ...more]).stderr;
    assert.equal(refused("--std", "1,2,3"), "twolayer: --std expected 1 number or 2, got 3\n");
    assert.equal(refused("--std", "0"), 'twolayer: --std expected a number > 0, got "0"\n');
  });
});

test("import makes two classes of a net of one output", async () => {
  await inFolder((folder) => {
    const arrays = {
      W1: Matrix.fromRows([[1, -1]]),
      b1: new Matrix(1, 2),
      W2: Matrix.fromRows([[2], [-2]]),
      b2: new Matrix(1, 1),
      classes: { shape: [2], data: ["low", "high"] },
    };
    writeFileSync(join(folder, "binary.npz"), serializeNpz(arrays));
    const { stdout } = runCli(folder, ["import", "binary.npz", "--out", "m"]);
    assert.equal(stdout, "m  1 inputs, 2 hidden units, 2 classes\n");
    const predicted = runCli(folder, ["predict", "m", "-"], { input: "column_1\n3\n-3\n" });
    assert.equal(predicted.stdout, "prediction\nhigh\nlow\n");
  });
});

test("import reads weights beside an ONNX file, from its own folder only", async () => {
  await inFolder((folder) => {
    const torch = new URL("../../fixtures/onnx/torch/", import.meta.url);
    const name = "torch-2.13-external.onnx";
    mkdirSync(join(folder, "inner"));
    copyFileSync(new URL(name, torch), join(folder, "inner", name));
    const run = (): ReturnType<typeof runCli> =>
      runCli(folder, ["import", join("inner", name), "--out", "m"]);
    assert.match(
      run().stderr,
      /inner.torch-2\.13-external\.onnx\.data: cannot be read: no such file/,
    );
    copyFileSync(new URL(`${name}.data`, torch), join(folder, "inner", `${name}.data`));
    assert.equal(run().stdout, "m  4 inputs, 32 hidden units, 3 classes\n");
  });
});

test("import names a file that is something else", async () => {
  await inFolder((folder) => {
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n";
    for (const [format, article] of [
      ["npz", "an npz file"],
      ["safetensors", "a safetensors file"],
      ["onnx", "an ONNX model"],
    ]) {
      writeFileSync(join(folder, `net.${format}`), pointer);
      const { stderr } = runCli(folder, ["import", `net.${format}`, "--out", "m"]);
      assert.equal(
        stderr,
        `twolayer: net.${format}: ${format}: expected ${article}, got a Git LFS pointer; ` +
          "the file itself was not downloaded; run git lfs pull (byte 0)\n",
      );
    }
    writeFileSync(join(folder, "model"), netToOnnx(sampleNet()));
    assert.equal(
      runCli(folder, ["info", "model"]).stderr,
      "twolayer: model: expected a model file, got an ONNX model; " +
        "twolayer import makes one of it\n",
    );
  });
});
