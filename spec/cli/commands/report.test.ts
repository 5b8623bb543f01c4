import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inFolder, runCli, writeImages, writeModel } from "../../helpers/cli.ts";

test("report writes a page about a model on a table", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const { status, stdout, stderr } = runCli(folder, ["report", "shapes.safetensors", "shapes.csv", "--out", "page.html", "--title", "Shapes <1>"]);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^page\.html {2}60 rows, accuracy \d+\.\d%\n$/);
    const page = readFileSync(join(folder, "page.html"), "utf8");
    assert.match(page, /<h1>Shapes &lt;1&gt;<\/h1>/);
    assert.match(page, /twolayer report shapes\.safetensors shapes\.csv --out page\.html/);
    const wrong = runCli(folder, ["report", "shapes.safetensors", "shapes.csv", "--out", "x.html", "--image", "3x3"]);
    assert.deepEqual([wrong.status, wrong.stderr], [2, "twolayer: --image expected a size of 4 values, as the model takes, got 3x3\n"]);
  });
});

test("report on a checkpoint and images shows the curves and the weights as images", async () => {
  await inFolder((folder) => {
    writeImages(folder);
    const images = ["--images", "images.idx", "--labels", "labels.idx"];
    assert.equal(runCli(folder, ["train", ...images, "--iterations", "40", "--hidden", "6", "--checkpoint", "run.safetensors"]).status, 0);
    const { status, stderr } = runCli(folder, ["report", "run.safetensors", ...images, "--out", "page.html"]);
    assert.deepEqual([status, stderr], [0, ""]);
    const page = readFileSync(join(folder, "page.html"), "utf8");
    for (const heading of ["How the training went", "What the hidden units look for", "Hyper-parameters"]) assert.ok(page.includes(heading), heading);
  });
});
