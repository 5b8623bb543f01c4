import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inFolder, runCli, shapesCsv, writeImages, writeModel } from "../../helpers/cli.ts";

test("report writes a page about a model on a table", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const { status, stdout, stderr } = runCli(folder, [
      "report",
      "shapes.safetensors",
      "shapes.csv",
      "--out",
      "page.html",
      "--title",
      "Shapes <1>",
    ]);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    assert.match(stdout, /^page\.html {2}60 rows, accuracy \d+\.\d%\n$/);
    const page = readFileSync(join(folder, "page.html"), "utf8");
    assert.match(page, /<h1>Shapes &lt;1&gt;<\/h1>/);
    assert.match(page, /twolayer report shapes\.safetensors shapes\.csv --out page\.html/);
    const wrong = runCli(folder, [
      "report",
      "shapes.safetensors",
      "shapes.csv",
      "--out",
      "x.html",
      "--image",
      "3x3",
    ]);
    assert.deepEqual(
      { status: wrong.status, stderr: wrong.stderr },
      {
        status: 2,
        stderr: "twolayer: --image expected a size of 2 values, as the model takes, got 3x3\n",
      },
    );
  });
});

test("report shows how a model or a checkpoint was trained, and the commands for it", async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, "my shapes.csv"), shapesCsv(60));
    const training = [
      "my shapes.csv",
      "--label",
      "shape",
      "--ignore",
      "id,color",
      "--hidden",
      "8",
      "--epochs",
      "3",
      "--seed",
      "7",
    ];
    assert.equal(
      runCli(folder, [
        "train",
        ...training,
        "--out",
        "m.safetensors",
        "--checkpoint",
        "c.safetensors",
        "--every",
        "2",
      ]).status,
      0,
    );
    for (const [file, kept, on] of [
      ["m.safetensors", "--out", ""],
      ["c.safetensors", "--checkpoint", ", 6 of 6 iterations"],
    ]) {
      assert.equal(
        runCli(folder, [
          "report",
          file,
          "my shapes.csv",
          "--out",
          "page.html",
          "--delimiter",
          ",",
          "--image",
          "1x1",
        ]).status,
        0,
      );
      const page = readFileSync(join(folder, "page.html"), "utf8");
      assert.ok(page.includes("How the training went"));
      assert.ok(
        page.includes(`<dd>my shapes.csv, 48 rows, 12 more for validation${on}</dd>`),
        file,
      );
      assert.ok(page.includes("<dt>seed</dt><dd>7</dd>"));
      for (const rows of [
        "rows it was trained on",
        "validation rows",
        "held-back my shapes.csv rows",
      ])
        assert.ok(page.includes(`accuracy on ${rows}</li>`), rows);
      const [, commands] = /<pre>(?:<code>)?([^<]*)/.exec(page)!;
      assert.deepEqual(commands.replaceAll("&#39;", "'").split("\n"), [
        "twolayer train 'my shapes.csv' --label shape --ignore id,color --hidden 8 " +
          `--epochs 3 --seed 7 ${kept} ${file}`,
        `twolayer report ${file} 'my shapes.csv' --out page.html --delimiter , --image 1x1`,
      ]);
    }
    const before = readFileSync(join(folder, "m.safetensors"));
    assert.equal(runCli(folder, ["train", ...training, "--out", "m.safetensors"]).status, 0);
    assert.deepEqual(
      readFileSync(join(folder, "m.safetensors")),
      before,
      "the command that the page gives makes the same model",
    );
  });
});

/** The cells of the table that follows a heading of a page, row by row, the head first. */
function tableAfter(page: string, heading: string): string[][] {
  const [, rows] = /<table>([^]*?)<\/table>/.exec(page.slice(page.indexOf(heading)))!;
  return Array.from(rows.matchAll(/<tr>(.*?)<\/tr>/g), ([, row]) =>
    Array.from(row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g), ([, cell]) => cell),
  );
}

test("report of 200 classes has the worst pairs, marked cells, classes and columns", async () => {
  await inFolder((folder) => {
    const lines = Array.from({ length: 600 }, (_, i) => {
      const [size, color] = [i % 3 === 0 ? "NA" : (i % 7) + 0.5, i % 2 === 0 ? "red" : "blue"];
      return `p${i},${size},${color},c${i % 200}`;
    });
    writeFileSync(join(folder, "many.csv"), `id,size,color,kind\n${lines.join("\n")}\n`);
    const options = ["--label", "kind", "--hidden", "4", "--epochs", "1", "--out", "m.safetensors"];
    assert.equal(runCli(folder, ["train", "many.csv", ...options]).status, 0);
    const args = ["report", "m.safetensors", "-", "--out", "page.html"];
    const input = "color,size,kind\npink,NA,c3\nred,big,c4\nblue,2.5,c5\n";
    assert.equal(runCli(folder, args, { input }).status, 0);
    const page = readFileSync(join(folder, "page.html"), "utf8");
    assert.doesNotMatch(page, /<svg[^>]*aria-label="[^"]*over 200 classes/);
    assert.match(page, /most frequent of \d+ confusions:/);
    const classes = tableAfter(page, 'aria-label="Scores of the classes"');
    assert.deepEqual(classes[0], ["class", "rows", "precision", "recall", "F1"]);
    assert.equal(classes.length, 201);
    assert.deepEqual(tableAfter(page, "What was decided about the columns"), [
      ["column", "kind", "missing", "done"],
      ["id", "identifier", "0", "left out: 600 different texts in 600 rows"],
      ["size", "number", "200", "missing cells take the mean"],
      ["color", "category", "0", "2 categories"],
    ]);
    const info = JSON.parse(runCli(folder, ["info", "m.safetensors", "--json"]).stdout);
    const mean = Number(info.columns[0].mean.toPrecision(4));
    const [head, ...mistakes] = tableAfter(page, "The worst mistakes");
    assert.deepEqual(head, ["row", "actual", "taken for", "how sure", "size", "color"]);
    const cells = mistakes.map(([row, actual, , , ...own]) => [row, actual, ...own]);
    assert.deepEqual(cells.sort(), [
      ["1", "c3", `(missing, taken as ${mean})`, "pink (unknown)"],
      ["2", "c4", `big (taken as ${mean})`, "red"],
      ["3", "c5", "2.5", "blue"],
    ]);
  });
});

test("report on a checkpoint and images shows the curves and the weights as images", async () => {
  await inFolder((folder) => {
    writeImages(folder);
    const images = ["--images", "images.idx", "--labels", "labels.idx"];
    assert.equal(
      runCli(folder, [
        "train",
        ...images,
        "--iterations",
        "40",
        "--hidden",
        "6",
        "--checkpoint",
        "run.safetensors",
      ]).status,
      0,
    );
    const { status, stderr } = runCli(folder, [
      "report",
      "run.safetensors",
      ...images,
      "--out",
      "page.html",
    ]);
    assert.equal(status, 0);
    assert.match(stderr, /^the model was trained on images\.idx: .* 8 rows that were held back\n$/);
    const page = readFileSync(join(folder, "page.html"), "utf8");
    for (const heading of ["How the training went", "What the hidden units look for", "Settings"])
      assert.ok(page.includes(heading), heading);
    assert.ok(
      page.includes(
        "twolayer train --images images.idx --labels labels.idx --iterations 40 --hidden " +
          "6 --checkpoint run.safetensors\ntwolayer report run.safetensors --images " +
          "images.idx --labels labels.idx --out page.html",
      ),
    );
  });
});
