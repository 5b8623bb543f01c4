// The command line's defaults on four small data sets: at least the five-fold accuracy of
// scikit-learn 1.2.1's MLPClassifier (adam) on the same folds, less one point. The folds and its
// figures are those of spec/fixtures/data: fold f tests on the rows whose index modulo 5 is f; mean
// over the five folds and two seeds.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inFolder, runCli } from "../helpers/cli.ts";
import { ROOT } from "../helpers/sources.ts";

const DATA = [
  ["iris", "spec/fixtures/data/iris.csv", 0.94],
  ["wine", "spec/fixtures/data/wine.csv", 0.983],
  ["breast_cancer", "spec/fixtures/data/breast_cancer.csv", 0.974],
  ["digits", "examples/digits/digits.csv", 0.979],
] as const;

for (const [name, path, reference] of DATA) {
  test(`${name}: train's defaults reach ${reference} less one point over five folds`, async (t) => {
    const [header, ...rows] = readFileSync(join(ROOT, path), "utf8").trim().split("\n");
    const accuracies: number[] = [];
    await inFolder((folder) => {
      for (let fold = 0; fold < 5; fold++) {
        const write = (file: string, keep: (i: number) => boolean): void =>
          writeFileSync(
            join(folder, file),
            `${[header, ...rows.filter((_, i) => keep(i))].join("\n")}\n`,
          );
        write("train.csv", (i) => i % 5 !== fold);
        write("test.csv", (i) => i % 5 === fold);
        for (const seed of ["0", "1"]) {
          const trained = runCli(folder, [
            "train",
            "train.csv",
            "--label",
            "label",
            "--seed",
            seed,
          ]);
          assert.equal(trained.status, 0, trained.stderr);
          const evaluated = runCli(folder, ["evaluate", "model.safetensors", "test.csv", "--json"]);
          assert.equal(evaluated.status, 0, evaluated.stderr);
          accuracies.push(JSON.parse(evaluated.stdout).accuracy);
        }
      }
    });
    const mean = accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / accuracies.length;
    t.diagnostic(`${name}: ${mean.toFixed(4)}, scikit-learn ${reference}`);
    assert.ok(mean >= reference - 0.01, `${mean} over ${accuracies.length} runs`);
  });
}
