import assert from "node:assert/strict";
import { test } from "node:test";
import { inFolder, runCli, writeModel } from "../../helpers/cli.ts";

test("gradcheck finds the gradients right on the user's data", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const words = [
      "gradcheck",
      "shapes.csv",
      "--label",
      "shape",
      "--categorical",
      "color",
      "--ignore",
      "id",
      "--hidden",
      "3",
      "--rows",
      "7",
    ];
    const { status, stdout, stderr } = runCli(folder, words);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    assert.match(
      stdout,
      new RegExp(
        String.raw`^gradient +relative error\n─+ +─+\n` +
          String.raw`W1 +\d\.\de-\d+\nb1 +\S+\nW2 +\S+\nb2 +\S+\n\n` +
          String.raw`right: 7 rows of shapes\.csv, 4 inputs, 3 hidden units, 2 classes\n$`,
      ),
    );
    const { errors, verdict, rows } = JSON.parse(runCli(folder, [...words, "--json"]).stdout);
    assert.deepEqual(
      { verdict, rows, keys: Object.keys(errors) },
      { verdict: "right", rows: 7, keys: ["W1", "b1", "W2", "b2"] },
    );
    const coarse = runCli(folder, [...words, "--step", "10"]);
    assert.equal(coarse.status, 1);
    assert.match(coarse.stdout, /\nwrong: /);
  });
});
