import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Encoding } from "../../../lib/data/encoding.ts";
import { serializeSafetensors } from "../../../lib/formats/safetensors.ts";
import { parseModel } from "../../../lib/model/model-file.ts";
import { netToTensors } from "../../../lib/model/net-tensors.ts";
import { TwoLayerNet } from "../../../lib/net/two-layer-net.ts";
import { inFolder, runCli, writeModel } from "../../helpers/cli.ts";

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
