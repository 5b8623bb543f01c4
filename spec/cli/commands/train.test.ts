import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { Random } from "../../../lib/base/random.ts";
import { parseCsv } from "../../../lib/formats/csv/csv.ts";
import { parseCheckpoint } from "../../../lib/model/checkpoint-file.ts";
import { crossValidate } from "../../../lib/model/cross-validate.ts";
import { parseModel } from "../../../lib/model/model-file.ts";
import { idxBytes, inFolder, runCli, shapesCsv, startCli, writeImages } from "../../helpers/cli.ts";

const LABEL = ["--label", "shape", "--ignore", "id", "--categorical", "color"];

test("train writes a model, its curves and a summary", async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, "shapes.csv"), shapesCsv(60));
    const { status, stdout, stderr } = runCli(folder, [
      "train",
      "shapes.csv",
      ...LABEL,
      "--epochs",
      "30",
      "--hidden",
      "8",
      "--curves",
      "curves.svg",
    ]);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    assert.equal(
      stdout,
      [
        "net                        4 inputs, 8 hidden units, 2 classes",
        "trained on                 48 rows, 12 held back for validation",
        "steps                      60",
        "accuracy on training rows  100.0%",
        "validation accuracy        100.0%",
        "majority class             50.0%",
        "balanced accuracy          100.0%",
        "macro F1                   1.000",
        "log loss                   0.069",
        "model                      model.safetensors",
        "curves                     curves.svg",
        "",
      ].join("\n"),
    );
    const { classifier, training } = parseModel(readFileSync(join(folder, "model.safetensors")));
    assert.deepEqual(
      classifier.predict([
        { color: "red", size: 1 },
        { color: "green", size: 5.5 },
      ]),
      ["circle", "square"],
    );
    assert.deepEqual(
      {
        data: training.data,
        rows: training.rows,
        validationRows: training.validationRows,
        valAccuracy: training.valAccuracy,
      },
      { data: "shapes.csv", rows: 48, validationRows: 12, valAccuracy: 1 },
    );
    assert.match(readFileSync(join(folder, "curves.svg"), "utf8"), /^<svg/);
  });
});

test("train reads standard input, prints JSON and repeats itself for one seed", async () => {
  await inFolder((folder) => {
    const words = [
      "train",
      "-",
      ...LABEL,
      "--iterations",
      "25",
      "--optimizer",
      "nesterov",
      "--decay",
      "0.9",
      "--clip-norm",
      "1",
      "--patience",
      "2",
      "--seed",
      "5",
      "--json",
    ];
    const [first, again, other] = ["5", "5", "6"].map((seed) => {
      const { status, stdout, stderr } = runCli(
        folder,
        words.map((word) => (word === "5" ? seed : word)),
        { input: shapesCsv(60) },
      );
      assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
      const { model, inputs, hidden, outputs, rows, settings } = JSON.parse(stdout);
      assert.deepEqual(
        { model, inputs, hidden, outputs, rows },
        { model: "model.safetensors", inputs: 4, hidden: 100, outputs: 2, rows: 48 },
      );
      assert.deepEqual(
        {
          optimizer: settings.optimizer,
          learningRateDecay: settings.learningRateDecay,
          clipNorm: settings.clipNorm,
          patience: settings.patience,
        },
        {
          optimizer: { name: "nesterov", momentum: 0.9 },
          learningRateDecay: 0.9,
          clipNorm: 1,
          patience: 2,
        },
      );
      return readFileSync(join(folder, "model.safetensors"));
    });
    assert.ok(first.equals(again));
    assert.ok(!first.equals(other));
  });
});

test("train takes IDX files, plain or gzipped, and CIFAR-10's batches", async () => {
  await inFolder((folder) => {
    writeImages(folder);
    writeFileSync(join(folder, "images.gz"), gzipSync(readFileSync(join(folder, "images.idx"))));
    const idx = runCli(folder, [
      "train",
      "--images",
      "images.gz",
      "--labels",
      "labels.idx",
      "--iterations",
      "60",
      "--hidden",
      "6",
      "--json",
    ]);
    assert.equal(idx.status, 0, idx.stderr);
    assert.equal(JSON.parse(idx.stdout).trainAccuracy, 1);
    const record = (label: number): number[] => [
      label,
      ...Array.from({ length: 3072 }, (_, p) => (p + 31 * label) % 256),
    ];
    mkdirSync(join(folder, "cifar"));
    for (const batch of [1, 2])
      writeFileSync(
        join(folder, "cifar", `data_batch_${batch}.bin`),
        Uint8Array.from([0, 1, 2, 3, 0, 1, 2, 3].flatMap(record)),
      );
    writeFileSync(join(folder, "cifar", "test_batch.bin"), Uint8Array.from([3, 2].flatMap(record)));
    const cifar = runCli(folder, [
      "train",
      "--cifar10",
      "cifar",
      "--epochs",
      "3",
      "--hidden",
      "5",
      "--validation",
      "0.25",
      "--json",
    ]);
    assert.equal(cifar.status, 0, cifar.stderr);
    const { rows, validationRows, inputs, outputs } = JSON.parse(cifar.stdout);
    assert.deepEqual(
      { rows, validationRows, inputs, outputs },
      { rows: 12, validationRows: 4, inputs: 3072, outputs: 10 },
    );
    const tested = runCli(folder, [
      "evaluate",
      "model.safetensors",
      "--cifar10",
      "cifar",
      "--json",
    ]);
    assert.equal(JSON.parse(tested.stdout).rows, 2);
  });
});

test("Wrong command lines are refused with 2 before anything is read", async () => {
  await inFolder((folder) => {
    const cases: [string[], string][] = [
      [
        ["train"],
        "expected DATA: a CSV file, - for standard input, an npy file, --images FILE, " +
          "--npz FILE or --cifar10 DIR; " +
          "see twolayer train --help",
      ],
      [["train", "a.csv", "--images", "b"], "expected a CSV file or --images, got both"],
      [
        ["train", "a.csv", "--epochs", "2", "--iterations", "3"],
        "expected --iterations or --epochs, got both",
      ],
      [["train", "a.csv", "--every", "2"], "--every expected --checkpoint FILE, got none"],
      [
        ["train", "a.csv", "--out", "x", "--checkpoint", "x"],
        "--out and --checkpoint expected different files, got x for both",
      ],
      [
        ["train", "a.csv", "--label", "x", "--out", "./a.csv"],
        "--out expected a file other than the input, got ./a.csv",
      ],
      [
        ["train", "a.csv", "--optimizer", "adamm"],
        '--optimizer expected sgd | momentum | nesterov | adam, got "adamm"; did you mean adam?',
      ],
    ];
    for (const [words, message] of cases)
      assert.deepEqual(runCli(folder, words), {
        status: 2,
        stdout: "",
        stderr: `twolayer: ${message}\n`,
      });
    assert.deepEqual(readdirSync(folder), []);
  });
});

test("Wrong data end train with 1 and a message that names the place", async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, "a.csv"), "x,y,kind\n1,2,a\n1,n/a,b\n");
    const cases: [string[], number, string][] = [
      [["train", "a.csv"], 2, 'expected --label COLUMN, one of "x", "y", "kind"'],
      [
        ["train", "a.csv", "--label", "class", "--out", "no/model"],
        1,
        "no/model: cannot be written: no such folder",
      ],
      [
        ["train", "a.csv", "--label", "class", "--out", "."],
        1,
        ".: cannot be written: is a directory",
      ],
      [
        ["train", "a.csv", "--label", "class"],
        1,
        'a.csv: expected a column "class", got "x", "y", "kind"',
      ],
      [
        ["train", "a.csv", "--label", "kind", "--missing", "error"],
        1,
        'a.csv:3:2: expected a number, got "n/a"',
      ],
      [
        [
          "train",
          "a.csv",
          "--label",
          "kind",
          "--validation",
          "0",
          "--ignore",
          "y",
          "--patience",
          "1",
        ],
        2,
        "--patience expected rows for validation, got --validation 0",
      ],
      [
        [
          "train",
          "a.csv",
          "--label",
          "kind",
          "--ignore",
          "y",
          "--learning-rate",
          "1e300",
          "--standardize",
          "none",
          "--optimizer",
          "sgd",
        ],
        1,
        "",
      ],
    ];
    for (const [words, code, message] of cases) {
      const { status, stdout, stderr } = runCli(folder, words);
      assert.deepEqual({ status, stdout }, { status: code, stdout: "" });
      if (message !== "") assert.equal(stderr, `twolayer: ${message}\n`);
      else
        assert.match(
          stderr,
          new RegExp(
            "^twolayer: train: expected a finite loss and finite gradients, got loss .*; " +
              String.raw`try a smaller one, such as 1e\+299\n$`,
          ),
        );
    }
    writeFileSync(join(folder, "i.idx"), idxBytes([2, 1, 1], [1, 2]));
    writeFileSync(join(folder, "l.idx"), idxBytes([3], [0, 1, 0]));
    assert.equal(
      runCli(folder, ["train", "--images", "i.idx", "--labels", "l.idx"]).stderr,
      "twolayer: l.idx: expected 2 labels for 2 images, got shape (3)\n",
    );
    assert.deepEqual(readdirSync(folder).sort(), ["a.csv", "i.idx", "l.idx"]);
  });
});

test("A label of which nearly every row has another is remarked on", async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, "shapes.csv"), shapesCsv(60));
    const { status, stderr } = runCli(folder, [
      "train",
      "shapes.csv",
      "--label",
      "id",
      "--features",
      "size",
      "--iterations",
      "1",
    ]);
    assert.deepEqual(
      { status, stderr },
      {
        status: 0,
        stderr:
          '"id" has 60 different numbers in 60 rows: a net learns classes, not amounts; ' +
          "put the numbers into a few groups first\n",
      },
    );
  });
});

const SIGNALS = process.platform !== "win32";

test("Ctrl-C ends train with 130 after a whole step, and the resumed run is identical", {
  skip: !SIGNALS && "no signals to send here",
}, async () => {
  await inFolder(async (folder) => {
    writeFileSync(join(folder, "shapes.csv"), shapesCsv(61)); // a fifth is not whole
    const words = ["train", "shapes.csv", ...LABEL, "--iterations", "9000", "--hidden", "20"];
    assert.equal(runCli(folder, [...words, "--out", "whole.safetensors"]).status, 0);
    const interrupt = async (more: string[]): Promise<{ code: number; stderr: string }> => {
      const child = startCli(folder, [
        ...words.map((word) => (word === "9000" && more.length === 0 ? "9000000" : word)),
        ...more,
      ]);
      let stderr = "";
      child.stderr!.on("data", (chunk) => (stderr += chunk));
      const exited = once(child, "exit");
      if (more.length === 0)
        await once(child.stderr!, "data"); // the first line of progress
      else while (!existsSync(join(folder, "run.safetensors"))) await sleep(5);
      child.kill("SIGINT");
      return { code: (await exited)[0], stderr };
    };
    const lost = await interrupt([]);
    assert.equal(lost.code, 130);
    assert.match(
      lost.stderr,
      new RegExp(
        String.raw`stopped after iteration \d+ of 9000000\nnothing was saved; ` +
          String.raw`with --checkpoint FILE the training could go on from --resume FILE\n$`,
      ),
    );
    const kept = await interrupt(["--checkpoint", "run.safetensors", "--every", "40"]);
    assert.equal(kept.code, 130);
    assert.match(
      kept.stderr,
      new RegExp(
        String.raw`stopped after iteration \d+ of 9000\nthe training is saved; ` +
          String.raw`continue it with: twolayer train shapes\.csv --resume run\.safetensors\n$`,
      ),
    );
    const { state } = parseCheckpoint(readFileSync(join(folder, "run.safetensors")));
    assert.ok(state.iteration >= 40 && state.iteration < 9000);
    const changed = runCli(folder, ["train", "-", "--resume", "run.safetensors"], {
      input: shapesCsv(62),
    });
    assert.deepEqual(
      { status: changed.status, stderr: changed.stderr },
      {
        status: 1,
        stderr:
          "twolayer: run.safetensors: expected the data it was made from, got stdin with " +
          "other content\n",
      },
    );
    const other = runCli(folder, [...words, "--resume", "run.safetensors", "--seed", "1"]);
    assert.deepEqual(
      { status: other.status, stderr: other.stderr },
      {
        status: 2,
        stderr:
          "twolayer: --seed cannot be changed with --resume: it goes on with " +
          "the options it began with\n",
      },
    );
    const over = runCli(folder, [
      "train",
      "shapes.csv",
      "--resume",
      "run.safetensors",
      "--out",
      "run.safetensors",
    ]);
    assert.deepEqual(
      { status: over.status, stderr: over.stderr },
      {
        status: 2,
        stderr: "twolayer: --out expected a file other than the input, got run.safetensors\n",
      },
    );
    const resumed = runCli(folder, [
      ...words,
      "--resume",
      "run.safetensors",
      "--out",
      "parts.safetensors",
      "--every",
      "4000",
    ]);
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.ok(
      readFileSync(join(folder, "parts.safetensors")).equals(
        readFileSync(join(folder, "whole.safetensors")),
      ),
    );
    const again = runCli(folder, ["train", "shapes.csv", "--resume", "parts.safetensors"]);
    assert.deepEqual(
      { status: again.status, stderr: again.stderr },
      {
        status: 1,
        stderr: "twolayer: parts.safetensors: model: expected a checkpoint, got a finished model\n",
      },
    );
  });
});

test("A checkpoint of version 1.0.0 resumes to the weights of version 1.0.0", async () => {
  await inFolder((folder) => {
    const old = new URL("../../fixtures/version-1.0.0/", import.meta.url);
    for (const name of ["checkpoint.safetensors", "shapes.csv"])
      writeFileSync(join(folder, name), readFileSync(new URL(name, old)));
    const words = ["train", "shapes.csv", "--resume", "checkpoint.safetensors"];
    const { status, stderr } = runCli(folder, words);
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    const resumed = parseModel(readFileSync(join(folder, "model.safetensors")));
    const expected = parseModel(readFileSync(new URL("model.safetensors", old)));
    for (const name of ["W1", "b1", "W2", "b2"] as const)
      assert.deepEqual(
        resumed.classifier.net.params[name].data,
        expected.classifier.net.params[name].data,
        name,
      );
    for (const [name, value] of Object.entries(expected.training))
      assert.deepEqual(resumed.training[name], value, name);
  });
});

test("--folds, --test and --split-out measure on rows that were not trained on", async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, "shapes.csv"), shapesCsv(60));
    const words = ["train", "shapes.csv", "--label", "shape", "--ignore", "id,color"];
    const options = ["--folds", "3", "--test", "0.2", "--epochs", "5", "--split-out", "split.csv"];
    const { status, stdout } = runCli(folder, [...words, ...options]);
    assert.equal(status, 0);
    assert.match(stdout, /^trained on +36 rows, 12 held back for validation, 12 held out as a/m);
    assert.match(stdout, /^test accuracy +\d+\.\d%$/m);
    assert.match(
      stdout,
      /^3 folds +accuracy \d+\.\d% ± \d+\.\d%, log loss \d\.\d{3} ± \d\.\d{3}$/m,
    );
    const lines = readFileSync(join(folder, "split.csv"), "utf8").trimEnd().split("\n");
    assert.equal(lines.length, 61);
    assert.equal(lines.filter((line) => line.endsWith(",test")).length, 12);
    const evaluated = runCli(folder, ["evaluate", "model.safetensors", "shapes.csv"]);
    assert.match(evaluated.stdout, /on 24 held-back rows of shapes\.csv/);
    assert.match(evaluated.stderr, /the scores are those of the 24 rows that were held back/);
  });
});

test("A rate that decays too fast is noted on stderr, in the model and in its report", async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, "shapes.csv"), shapesCsv(60));
    const words = ["train", "shapes.csv", "--label", "shape", "--ignore", "id,color", "--json"];
    const slow = ["--optimizer", "sgd", "--learning-rate", "0.001", "--epochs", "40"];
    const noted = runCli(folder, [...words, ...slow, "--decay", "0.8"]);
    assert.equal(noted.status, 0, noted.stderr);
    const text =
      "the learning rate decayed below a thousandth of its start in 31 of 40 epochs while the " +
      "loss still fell; a decay of 0.89, or a cosine, trains further";
    assert.ok(noted.stderr.includes(`${text}\n`), noted.stderr);
    assert.equal(JSON.parse(noted.stdout).note, text);
    assert.ok(runCli(folder, ["info", "model.safetensors"]).stdout.includes(text));
    const report = ["report", "model.safetensors", "shapes.csv", "--out", "page.html"];
    assert.equal(runCli(folder, report).status, 0);
    const page = readFileSync(join(folder, "page.html"), "utf8");
    assert.ok(page.includes(`<dt>note</dt><dd>${text}</dd>`));
    const unnoted = runCli(folder, [...words, ...slow]);
    assert.doesNotMatch(unnoted.stderr, /learning rate/);
    assert.equal(JSON.parse(unnoted.stdout).note, undefined);
  });
});

/** 200 rows of two overlapping classes, a twentieth of them "fail". */
function rareCsv(change: (row: number) => boolean = () => false): string {
  const random = new Random(4);
  const [u, v] = [random.normal(200), random.normal(200)];
  const lines = Array.from({ length: 200 }, (_, i) => {
    const far = i % 20 === 7 ? 1.5 : 0;
    const scale = change(i + 1) ? 1000 : 1;
    return `${scale * (u[i] + far)},${scale * (v[i] + far)},${far > 0 ? "fail" : "ok"}`;
  });
  return `u,v,state\n${lines.join("\n")}\n`;
}

test("The rows of --test have no part in the training, and --split-out names them", async () => {
  await inFolder((folder) => {
    const words = ["--label", "state", "--epochs", "20", "--hidden", "8", "--json"];
    const options = [...words, "--test", "0.2", "--split-out", "split.csv"];
    writeFileSync(join(folder, "rare.csv"), rareCsv());
    const first = runCli(folder, ["train", "rare.csv", ...options, "--out", "a.safetensors"]);
    assert.equal(first.status, 0, first.stderr);
    const parts = new Map(
      readFileSync(join(folder, "split.csv"), "utf8")
        .trimEnd()
        .split("\n")
        .slice(1)
        .map((line) => line.split(","))
        .map(([row, part]) => [Number(row), part]),
    );
    assert.equal(parts.size, 200);
    const isTest = (row: number): boolean => parts.get(row) === "test";
    // the test rows alone are measured as train measured them
    const [header, ...lines] = rareCsv().trimEnd().split("\n");
    const testRows = lines.filter((_, i) => isTest(i + 1));
    assert.equal(testRows.length, 40);
    writeFileSync(join(folder, "test.csv"), `${header}\n${testRows.join("\n")}\n`);
    const evaluated = runCli(folder, ["evaluate", "a.safetensors", "test.csv", "--json"]);
    const { test: measured } = JSON.parse(first.stdout);
    const { accuracy, logLoss: loss } = JSON.parse(evaluated.stdout);
    assert.deepEqual(
      { accuracy, logLoss: loss },
      { accuracy: measured.accuracy, logLoss: measured.logLoss },
    );
    // other numbers in them make the same net
    writeFileSync(join(folder, "rare.csv"), rareCsv(isTest));
    const second = runCli(folder, ["train", "rare.csv", ...options, "--out", "b.safetensors"]);
    assert.equal(second.status, 0, second.stderr);
    const [a, b] = ["a", "b"].map(
      (name) => parseModel(readFileSync(join(folder, `${name}.safetensors`))).classifier,
    );
    assert.deepEqual(b.net.params, a.net.params);
    assert.deepEqual(b.mean, a.mean);
  });
});

test("--folds gives the means and deviations of crossValidate", async () => {
  await inFolder(async (folder) => {
    const csv = rareCsv();
    writeFileSync(join(folder, "rare.csv"), csv);
    const words = ["--label", "state", "--hidden", "4", "--iterations", "30", "--seed", "3"];
    const options = [...words, "--folds", "3", "--class-weights", "balanced", "--json"];
    const { status, stdout, stderr } = runCli(folder, ["train", "rare.csv", ...options]);
    assert.equal(status, 0, stderr);
    const { accuracy, logLoss } = await crossValidate(parseCsv(csv), {
      label: "state",
      hiddenSize: 4,
      classWeights: "balanced",
      folds: 3,
      seed: 3,
      train: { iterations: 30 },
    });
    assert.deepEqual(JSON.parse(stdout).folds, { count: 3, accuracy, logLoss });
  });
});

test("--class-weights balanced raises the balanced accuracy of a rare class", async () => {
  await inFolder((folder) => {
    writeFileSync(join(folder, "rare.csv"), rareCsv());
    const scores = (weights: string) => {
      const words = ["train", "rare.csv", "--label", "state", "--hidden", "4"];
      const { status, stdout, stderr } = runCli(folder, [
        ...words,
        ...["--class-weights", weights, "--json"],
      ]);
      assert.equal(status, 0, stderr);
      return JSON.parse(stdout);
    };
    const [equal, balanced] = ["equal", "balanced"].map(scores);
    assert.equal(equal.majorityShare, 0.95);
    assert.ok(balanced.balancedAccuracy > equal.balancedAccuracy + 0.1);
    assert.deepEqual(balanced.neverPredicted, []);
  });
});
