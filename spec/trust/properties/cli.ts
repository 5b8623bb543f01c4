// Command lines nobody would type: options in every order, with values of every kind, files that
// are there, are not there or are something else. Whatever they say, the answer is a result or a
// sentence, never a stack trace.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { runCli } from "../../helpers/cli.ts";
import { type Draw, forAll } from "../../helpers/fuzz.ts";
import { ROOT } from "../../helpers/sources.ts";
import type { Outcome } from "../command-lines.ts";

const LOADER = pathToFileURL(join(ROOT, "node_modules", "tsx", "dist", "loader.mjs")).href;
const SCRIPT = fileURLToPath(new URL("../command-lines.ts", import.meta.url));

/** Runs the command lines one after the other, in `folder`. */
export function runLines(folder: string, lines: string[][]): Outcome[] {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--import", LOADER, SCRIPT], {
    cwd: folder,
    input: JSON.stringify(lines),
    encoding: "utf8",
    maxBuffer: 1 << 28,
    timeout: 500_000,
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Outcome[];
}

/** Files of every kind that a command takes, and some that none does. */
export function fillFolder(folder: string): void {
  copyFileSync(join(ROOT, "spec", "fixtures", "data", "iris.csv"), join(folder, "iris.csv"));
  copyFileSync(
    join(ROOT, "spec", "fixtures", "onnx", "torch-float64.onnx"),
    join(folder, "net.onnx"),
  );
  writeFileSync(join(folder, "empty.csv"), "");
  writeFileSync(join(folder, "odd.csv"), 'a,b\n1,"x"\n2,"\u001b[31my"\n,z\n');
  writeFileSync(join(folder, "noise.safetensors"), Buffer.from([9, 0, 0, 0, 0, 0, 0, 0, 123, 34]));
  writeFileSync(
    join(folder, "images.idx"),
    Buffer.from([0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, 2, ...Array(16).keys()]),
  );
  writeFileSync(join(folder, "labels.idx"), Buffer.from([0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 0, 1]));
  // Windows has no such names
  if (process.platform !== "win32") writeFileSync(join(folder, "\u001b[2Jname.csv"), "a,b\n1,\n");
  mkdirSync(join(folder, "folder"));
  const { status, stderr } = runCli(folder, [
    ...["train", "iris.csv", "--label", "label", "--iterations", "8", "--hidden", "3"],
    ...["--out", "iris.safetensors", "--checkpoint", "run.safetensors"],
  ]);
  assert.equal(status, 0, stderr);
}

const COMMANDS = [
  "train",
  "predict",
  "evaluate",
  "search",
  "gradcheck",
  "info",
  "export",
  "import",
  "report",
  "help",
];
const FILES = [
  "iris.csv",
  "iris.safetensors",
  "run.safetensors",
  "odd.csv",
  "empty.csv",
  "noise.safetensors",
  "images.idx",
  "labels.idx",
  "net.onnx",
  "folder",
  "missing.csv",
  "-",
  "",
  "\u001b[2Jname.csv",
  "folder/..",
  "iris.csv/x",
  "\u0000",
  "x".repeat(300),
];
const OPTIONS = [
  "label",
  "features",
  "ignore",
  "categorical",
  "missing",
  "validation",
  "standardize",
  "seed",
  "hidden",
  "optimizer",
  "momentum",
  "learning-rate",
  "decay",
  "reg",
  "batch",
  "epochs",
  "iterations",
  "sampling",
  "clip-norm",
  "patience",
  "out",
  "curves",
  "checkpoint",
  "every",
  "resume",
  "images",
  "labels",
  "cifar10",
  "delimiter",
  "no-header",
  "encoding",
  "json",
  "help",
  "proba",
  "keep",
  "rows",
  "step",
  "format",
  "dtype",
  "layout",
  "columns",
  "classes",
  "samples",
  "workers",
  "heatmap",
  "title",
  "epoch",
  "__proto__",
  "constructor",
  "-",
  "",
];
const VALUES = [
  "label",
  "b",
  "sepal_length_cm",
  "sepal_length_cm,petal_width_cm",
  ",",
  "0",
  "1",
  "2",
  "3",
  "0.5",
  "-1",
  "-0",
  "1e-3",
  "1e999",
  "NaN",
  "0x10",
  "1..3",
  "3..1",
  "..",
  "auto",
  "mean",
  "drop",
  "adam",
  "sgd",
  "onnx",
  "npz",
  "torch",
  "float32",
  "utf-16",
  "klingon",
  ";",
  "\t",
  "tab",
  "__proto__",
  "--label",
  "true",
  "\u001b[31m\u202e",
  "é中",
];

/**
 * Words first, then options, a value for most. Training is kept short: what it would do for an hour
 * it does for a second.
 */
function drawLine(draw: Draw): string[] {
  const command = draw.integer(0, 19) === 0 ? draw.pick(VALUES) : draw.pick(COMMANDS);
  const line = [command, ...draw.array(draw.integer(0, 2), () => draw.pick(FILES))];
  if (draw.boolean()) line.push("--label", "label");
  for (let options = draw.integer(0, 4); options > 0; options--) {
    const name = `--${draw.pick(OPTIONS)}`;
    const value = draw.integer(0, 3) === 0 ? draw.pick(FILES) : draw.pick(VALUES);
    line.push(
      ...(draw.integer(0, 7) === 0
        ? [name]
        : draw.boolean()
          ? [name, value]
          : [`${name}=${value}`]),
    );
  }
  const writes = ["out", "curves", "checkpoint", "heatmap"].map((name) => `--${name}`);
  const safe = line.map((word, i) =>
    writes.includes(line[i - 1]) || writes.some((name) => word.startsWith(`${name}=`))
      ? word.replace(/(iris|run|odd|labels|images|net)\./, "written.")
      : word,
  );
  if (
    ["train", "search"].includes(command) &&
    !safe.some((word) => /^--(epochs|iterations|resume|help)/.test(word))
  )
    safe.push("--iterations", "3");
  if (command === "search") safe.push("--workers", "0");
  return safe;
}

/**
 * Asserts that `runs` random command lines end as a program should end. Returns how many did
 * something.
 */
export function checkLines(folder: string, runs: number, seed: number): number {
  const lines: string[][] = [];
  forAll(runs, drawLine, (line) => void lines.push(line), JSON.stringify, seed);
  let done = 0;
  for (const { argv, code, stdout, stderr } of runLines(folder, lines)) {
    const where = `${JSON.stringify(argv)} → ${code}\n${stderr}`;
    assert.ok(code === 0 || code === 1 || code === 2, where);
    assert.doesNotMatch(
      stderr,
      /^\s+at |fault in twolayer|node:internal|\[object|undefined/m,
      where,
    );
    assert.doesNotMatch(stderr.replaceAll("\n", ""), /[\p{Cc}\u202a-\u202e]/u, where);
    // gradcheck answers 1 when a gradient is wrong, search when every candidate diverged
    if (code !== 0 && !/wrong:|"verdict"|candidate/.test(stdout + stderr))
      assert.match(stderr, /^twolayer: \S.{5}/m, where);
    if (code === 2) assert.equal(stdout, "", where);
    if (code === 0) done++;
  }
  return done;
}
