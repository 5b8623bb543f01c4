import assert from "node:assert/strict";
import { test } from "node:test";
import { inFolder, runCli, writeModel } from "../../helpers/cli.ts";

test("info says what a model holds", async () => {
  await inFolder((folder) => {
    const { classifier } = writeModel(folder);
    const { status, stdout, stderr } = runCli(folder, ["info", "shapes.safetensors"]);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    const [mean, std] = [classifier.mean, classifier.std].map(({ data }) =>
      String(Number(data[0].toPrecision(4))).padStart(5),
    );
    const line = "─".repeat(23);
    assert.equal(
      stdout,
      `net                        4 inputs, 8 hidden units, 2 classes (58 parameters)
label                      shape
classes                    circle, square
missing cells              take the column's mean
trained on                 shapes.csv, 48 rows, 12 for validation
accuracy on training rows  100.0%
validation accuracy        75.0%

column  kind                      mean    std
──────  ${line}  ─────  ─────
size    number                   ${mean}  ${std}
color   one of blue, green, red

decisions about columns

column  kind      missing  done          to do otherwise
──────  ────────  ───────  ────────────  ───────────────
color   category        0  3 categories  --ignore color
`,
    );
    const json = JSON.parse(runCli(folder, ["info", "shapes.safetensors", "--json"]).stdout);
    assert.deepEqual(
      {
        inputs: json.inputs,
        hidden: json.hidden,
        outputs: json.outputs,
        parameters: json.parameters,
        classes: json.classes,
      },
      { inputs: 4, hidden: 8, outputs: 2, parameters: 58, classes: ["circle", "square"] },
    );
    assert.deepEqual(
      json.columns.map(({ column }: { column: string }) => column),
      ["size", "color"],
    );
  });
});

test("info says how far a checkpoint is", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    assert.equal(
      runCli(folder, [
        "train",
        "shapes.csv",
        "--label",
        "shape",
        "--ignore",
        "color",
        "--iterations",
        "4",
        "--checkpoint",
        "run.safetensors",
      ]).status,
      0,
    );
    assert.match(
      runCli(folder, ["info", "run.safetensors"]).stdout,
      /\ncheckpoint +4 of 4 iterations done\n/,
    );
    assert.deepEqual(
      JSON.parse(runCli(folder, ["info", "run.safetensors", "--json"]).stdout).checkpoint,
      { iteration: 4, iterations: 4, stopped: false },
    );
  });
});
