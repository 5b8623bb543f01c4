import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { parseModel, serializeModel } from "../../../lib/model/model-file.ts";
import { inFolder, runCli, shapesCsv, writeModel } from "../../helpers/cli.ts";

const TURNED =
  "size,color,shape\n1.2,red,circle\n1.4,red,circle\n5,green,circle\n5.2,green,square\n";

test("evaluate prints accuracy, precision, recall, F1 and the confusion matrix", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const { status, stdout, stderr } = runCli(folder, ["evaluate", "shapes.safetensors", "-"], {
      input: TURNED,
    });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    assert.equal(
      stdout,
      `accuracy 75.0% on 4 rows of stdin, macro F1 0.733
balanced accuracy 83.3%, log loss 1.764, ROC AUC 1.000

class   rows  precision  recall     F1
──────  ────  ─────────  ──────  ─────
circle     3      1.000   0.667  0.800
square     1      0.500   1.000  0.667

actual ↓ predicted →  circle  square  recall
────────────────────  ──────  ──────  ──────
circle                     2       1   66.7%
square                     ·       1  100.0%
precision             100.0%   50.0%

accuracy 75.0% (3 of 4)
`,
    );
    const json = JSON.parse(
      runCli(folder, ["evaluate", "shapes.safetensors", "-", "--json"], { input: TURNED }).stdout,
    );
    assert.equal(json.accuracy, 0.75);
    assert.deepEqual(json.confusion, {
      classes: ["circle", "square"],
      counts: [
        [2, 1],
        [0, 1],
      ],
    });
    const unknown = runCli(folder, ["evaluate", "shapes.safetensors", "-"], {
      input: "size,color,shape\n1,red,star\n",
    });
    assert.deepEqual(
      { status: unknown.status, stderr: unknown.stderr },
      {
        status: 1,
        stderr: 'twolayer: stdin:2:3: expected a label of "circle", "square", got "star"\n',
      },
    );
  });
});

test("evaluate and report give what was decided and odd cells as JSON", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const input = "size;color;shape\n1,2;red;circle\nbig;pink;circle\n;red;square\n";
    const cells = [
      { column: "size", missing: 1, notNumbers: 1, unknown: 0, example: "big" },
      { column: "color", missing: 0, notNumbers: 0, unknown: 1, example: "pink" },
    ];
    for (const command of ["evaluate", "report"]) {
      const out = command === "report" ? ["--out", "page.html"] : [];
      const args = [command, "shapes.safetensors", "-", "--json", ...out];
      const json = JSON.parse(runCli(folder, args, { input }).stdout);
      assert.deepEqual(json.cells, cells, command);
      assert.deepEqual(json.remarks, ["decimal numbers are written with a comma"], command);
    }
  });
});

test("evaluate and report know the training file gzipped or with other line ends", async () => {
  await inFolder((folder) => {
    const csv = shapesCsv(60);
    const crlf = csv.replaceAll("\n", "\r\n");
    const write = (name: string, bytes: string | Uint8Array) =>
      writeFileSync(join(folder, name), bytes);
    write("shapes.csv", csv);
    write("shapes.csv.gz", gzipSync(csv));
    write("crlf.csv", crlf);
    write("other.csv", `${csv}99,1,red,circle\n`);
    const train = ["train", "shapes.csv", "--label", "shape", "--ignore", "id,color"];
    runCli(folder, [...train, "--hidden", "4", "--epochs", "2", "--out", "m.safetensors"]);
    // 1.0.0 wrote the digest of the file as it is.
    const { classifier, training } = parseModel(readFileSync(join(folder, "m.safetensors")));
    const dataHash = createHash("sha256").update(crlf).digest("hex");
    assert.notEqual(training.dataHash, dataHash);
    write("old.safetensors", serializeModel(classifier, { training: { ...training, dataHash } }));
    for (const [model, file, isKnown] of [
      ["m.safetensors", "shapes.csv", true],
      ["m.safetensors", "shapes.csv.gz", true],
      ["m.safetensors", "crlf.csv", true],
      ["m.safetensors", "other.csv", false],
      ["old.safetensors", "crlf.csv", true],
      ["old.safetensors", "other.csv", false],
    ] as const) {
      const evaluated = runCli(folder, ["evaluate", model, file]).stdout;
      assert.equal(evaluated.includes(`held-back rows of ${file}`), isKnown, `${model} ${file}`);
    }
    runCli(folder, ["report", "m.safetensors", "shapes.csv.gz", "--out", "page.html"]);
    const page = readFileSync(join(folder, "page.html"), "utf8");
    assert.ok(page.includes("held-back shapes.csv.gz rows"));
  });
});
