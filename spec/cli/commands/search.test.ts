import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseModel } from "../../../lib/model/model-file.ts";
import { inFolder, runCli, startCli, writeModel } from "../../helpers/cli.ts";

const LABEL = ["--label", "shape", "--ignore", "id", "--categorical", "color", "--epochs", "3"];

test("search prints a line for each candidate and writes the best net", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const words = [
      "search",
      "shapes.csv",
      ...LABEL,
      "--learning-rate",
      "0.02,1e300",
      "--hidden",
      "4,8",
      "--reg",
      "0.001",
      "--optimizer",
      "sgd",
      "--decay",
      "1",
      "--out",
      "best.safetensors",
      "--heatmap",
      "map.svg",
    ];
    const { status, stdout, stderr } = runCli(folder, words);
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      new RegExp(
        String.raw`^1/4 {2}sgd rate 0\.02 hidden 4 reg 0\.001 batch 32 epochs \d+ {2}` +
          String.raw`validation \d+\.\d%\n` +
          String.raw`2/4 .*\n3/4 .* diverged at iteration \d\n4/4 .*\n$`,
      ),
    );
    const lines = stdout.trimEnd().split("\n");
    assert.match(
      lines[0],
      /^optimizer +rate +hidden +reg +decay +batch +epochs +train +validation$/,
    );
    assert.equal(lines.filter((line) => line.includes("diverged")).length, 2);
    assert.equal(lines.filter((line) => line.endsWith("best")).length, 1);
    assert.equal(lines.at(-1), "model  best.safetensors");
    const { classifier, training } = parseModel(readFileSync(join(folder, "best.safetensors")));
    assert.equal(classifier.net.hiddenSize, training.settings?.hiddenSize);
    assert.equal(training.command?.name, "search");
    assert.ok(training.history!.loss.length > 0, "for report");
    assert.match(readFileSync(join(folder, "map.svg"), "utf8"), /^<svg/);
    const evaluated = runCli(folder, ["evaluate", "best.safetensors", "shapes.csv", "--json"]);
    const { part, accuracy } = JSON.parse(evaluated.stdout);
    assert.deepEqual({ part, accuracy }, { part: "held back", accuracy: training.valAccuracy });
  });
});

test("search draws samples from ranges, the same for any number of workers", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const words = [
      "search",
      "shapes.csv",
      ...LABEL,
      "--learning-rate",
      "1e-3..1e-1",
      "--hidden",
      "2..9",
      "--samples",
      "4",
      "--json",
    ];
    const [none, two] = ["0", "2"].map((workers) =>
      runCli(folder, [...words, "--workers", workers]),
    );
    assert.equal(none.status, 0, none.stderr);
    assert.equal(none.stdout, two.stdout);
    const { candidates, best } = JSON.parse(none.stdout);
    assert.equal(candidates.length, 4);
    const accuracies = candidates.map(({ valAccuracy }: { valAccuracy: number }) => valAccuracy);
    assert.equal(best, accuracies.indexOf(Math.max(...accuracies)));
  });
});

test("Without rates, search tries the usual rates of all optimizers with each", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const { status, stdout, stderr } = runCli(folder, [
      "search",
      "shapes.csv",
      ...LABEL,
      "--optimizer",
      "sgd,adam",
      "--hidden",
      "4",
      "--json",
    ]);
    assert.equal(status, 0, stderr);
    const { candidates } = JSON.parse(stdout);
    const tried = candidates.map(
      ({ optimizer, learningRate }: { optimizer: { name: string }; learningRate: number }) =>
        `${optimizer.name} ${learningRate}`,
    );
    const rates = [0.001, 0.003, 0.009, 0.1, 0.3, 0.9];
    assert.deepEqual(
      new Set(tried),
      new Set(["sgd", "adam"].flatMap((name) => rates.map((rate) => `${name} ${rate}`))),
    );
  });
});

test("Without more options, search varies the penalty and the epochs", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const words = ["search", "shapes.csv", "--label", "shape", "--ignore", "id,color", "--json"];
    const given = ["--learning-rate", "0.01", "--hidden", "2", "--batch", "48"];
    const { status, stdout, stderr } = runCli(folder, [...words, ...given]);
    assert.equal(status, 0, stderr);
    const tried = JSON.parse(stdout).candidates.map(
      ({ reg, epochs }: { reg: number; epochs: number }) => `${reg} ${epochs}`,
    );
    // 2000 steps of 32 of 48 rows, and a third of them
    assert.deepEqual(tried, ["0.001 1000", "0.001 334", "0.0001 1000", "0.0001 334"]);
    const fixed = runCli(folder, [...words, ...given, "--reg", "0", "--iterations", "3"]);
    const { candidates } = JSON.parse(fixed.stdout);
    assert.equal(candidates.length, 1);
    assert.equal(candidates[0].epochs, undefined);
  });
});

test("search refuses what it cannot try, and ends with 1 when all diverge", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const refused = (words: string[], message: string): void =>
      assert.deepEqual(runCli(folder, ["search", "shapes.csv", ...LABEL, ...words]), {
        status: 2,
        stdout: "",
        stderr: `twolayer: ${message}\n`,
      });
    refused(
      ["--learning-rate", "0.1..1"],
      "a range expected --samples N, the number of draws from it",
    );
    refused(
      ["--hidden", "8..4", "--samples", "2"],
      '--hidden expected a range from less to more, as 0.001..0.1, got "8..4"',
    );
    refused(["--hidden", "8.5"], "--hidden expected integers, got 8.5");
    refused(["--validation", "0"], "--validation expected rows to compare candidates on, got 0");
    const lost = runCli(folder, [
      "search",
      "shapes.csv",
      ...LABEL,
      "--learning-rate",
      "1e300",
      "--optimizer",
      "sgd",
      "--hidden",
      "4",
      "--out",
      "best.safetensors",
    ]);
    assert.equal(lost.status, 1);
    assert.match(lost.stderr, /no candidate was trained to its end; try smaller learning rates\n$/);
    assert.ok(!existsSync(join(folder, "best.safetensors")));
  });
});

test("Ctrl-C ends a search with what it has found, the best net written", {
  skip: process.platform === "win32" && "no signals to send here",
}, async () => {
  await inFolder(async (folder) => {
    writeModel(folder);
    // short, then long
    const words = [
      "search",
      "shapes.csv",
      ...LABEL.slice(0, -2),
      "--iterations",
      "10000",
      "--learning-rate",
      "0.01",
      "--hidden",
      "2,4000",
      "--reg",
      "0.001",
    ];
    const child = startCli(folder, [
      ...words,
      "--workers",
      "1",
      "--out",
      "best.safetensors",
      "--json",
    ]);
    const exited = once(child, "close");
    let [stdout, stderr] = ["", ""];
    child.stdout!.on("data", (chunk) => (stdout += chunk));
    child.stderr!.on("data", (chunk) => (stderr += chunk));
    await once(child.stderr!, "data"); // the first candidate
    child.kill("SIGINT");
    assert.deepEqual(await exited, [130, null], stderr);
    assert.match(stderr, /^1\/2 .*\nstopped after 1 of 2 candidates\n$/);
    assert.deepEqual(
      { length: JSON.parse(stdout).candidates.length, best: JSON.parse(stdout).best },
      { length: 1, best: 0 },
    );
    assert.equal(parseModel(readFileSync(join(folder, "best.safetensors"))).training.candidates, 1);
  });
});

test("A search whose candidate needs too much memory keeps the others", async () => {
  await inFolder((folder) => {
    writeModel(folder);
    for (const workers of ["0", "2"]) {
      const words = ["search", "shapes.csv", ...LABEL, "--hidden", "4,3000000000"];
      const options = ["--learning-rate", "0.01", "--reg", "0.1", "--out", "best.safetensors"];
      const { status, stdout, stderr } = runCli(folder, [
        ...words,
        ...options,
        "--workers",
        workers,
      ]);
      assert.equal(status, 0, stderr);
      assert.match(stderr, /^1\/2 .* validation .*\n2\/2 .* hidden 3000000000 .* {2}failed: .*\n$/);
      assert.match(stdout, /3000000000 .* failed\n/);
      const { classifier } = parseModel(readFileSync(join(folder, "best.safetensors")));
      assert.equal(classifier.net.hiddenSize, 4);
    }
  });
});

test("A search that is stopped continues, and ends as one that was not stopped", {
  skip: process.platform === "win32" && "no signals to send here",
  timeout: 120_000,
}, async () => {
  await inFolder(async (folder) => {
    writeModel(folder);
    const words = ["search", "shapes.csv", ...LABEL.slice(0, -2), "--iterations", "10000"];
    const space = [
      "--learning-rate",
      "0.01,1e300",
      "--optimizer",
      "sgd",
      "--hidden",
      "4,6,8",
      "--reg",
      "0",
    ];
    const common = [...words, ...space, "--out", "best.safetensors", "--heatmap", "map.svg"];
    const alone = runCli(folder, [...common, "--workers", "1"]);
    assert.equal(alone.status, 0, alone.stderr);
    const files = () =>
      ["best.safetensors", "map.svg"].map((name) => readFileSync(join(folder, name)));
    const expected = files();
    for (const name of ["best.safetensors", "map.svg"]) rmSync(join(folder, name));
    const checkpoint = ["--checkpoint", "c.safetensors", "--workers", "1"];
    const child = startCli(folder, [...common, ...checkpoint]);
    const exited = once(child, "close");
    let stderr = "";
    child.stderr!.on("data", (chunk) => (stderr += chunk));
    while (!/^1\/6 /m.test(stderr)) await once(child.stderr!, "data");
    child.kill("SIGTERM");
    assert.deepEqual(await exited, [143, null], stderr);
    const command =
      "twolayer search shapes.csv --resume c.safetensors " +
      "--out best.safetensors --heatmap map.svg --workers 1";
    assert.ok(stderr.endsWith(`they are saved; continue the search with: ${command}\n`), stderr);
    const done = Number(/stopped after (\d) of 6 candidates/.exec(stderr)![1]);
    const resumed = runCli(folder, command.split(" ").slice(1));
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.equal(resumed.stdout, alone.stdout);
    assert.equal(resumed.stderr.trim().split("\n").length, 6 - done);
    assert.deepEqual(files(), expected);
    const again = runCli(folder, ["search", "shapes.csv", "--resume", "c.safetensors"]);
    assert.deepEqual(again, { status: 0, stdout: alone.stdout, stderr: "" });
  });
});

test("Where no worker can be had, search trains in its thread, and SIGTERM ends it", {
  skip: process.platform === "win32" && "no signals to send here",
}, async () => {
  await inFolder(async (folder) => {
    writeModel(folder);
    const refusal = join(folder, "refuse.cjs");
    const refuse = 'class { constructor() { throw new Error("EAGAIN"); } }';
    writeFileSync(refusal, `require("node:worker_threads").Worker = ${refuse};`);
    const env = { NODE_OPTIONS: `--require ${JSON.stringify(refusal)}` };
    const words = ["search", "shapes.csv", ...LABEL.slice(0, -2), "--workers", "2"];
    const short = runCli(folder, [...words, "--iterations", "10", "--hidden", "2,3"], { env });
    assert.equal(short.status, 0, short.stderr);
    assert.match(short.stderr, /0 of 2 worker threads \(EAGAIN\)/);

    const long = ["--iterations", "10000", "--learning-rate", "0.01", "--hidden", "2,4000"];
    const child = startCli(folder, [...words, ...long, "--reg", "0.001"], env);
    const exited = once(child, "close");
    let stderr = "";
    child.stderr!.on("data", (chunk) => (stderr += chunk));
    while (!/^1\/2 /m.test(stderr)) await once(child.stderr!, "data");
    child.kill("SIGTERM");
    assert.deepEqual(await exited, [143, null], stderr);
  });
});
