// `npm start` as it is met: on real digits, in any folder, on any terminal.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { ROOT } from "../helpers/sources.ts";

const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** Runs examples/digits in `folder`, after the statements of `preload`. */
function start(
  folder: string,
  preload = "",
): { status: number | null; stdout: string; stderr: string } {
  const flags = [
    "--import",
    tsx,
    "--import",
    `data:text/javascript,${encodeURIComponent(preload)}`,
  ];
  return spawnSync(process.execPath, [...flags, join(ROOT, "examples", "digits", "main.ts")], {
    cwd: folder,
    encoding: "utf8",
    timeout: 60_000,
  });
}

function newFolder(t: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "twolayer-")));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("npm start learns to read digits and writes the curves and the report", (t) => {
  const folder = newFolder(t);
  const { status, stdout, stderr } = start(folder);
  assert.equal(status, 0, stderr);
  assert.match(
    stdout,
    /^1797 digits of 8×8 pixels: 1079 to learn from, 359 to validate, 359 to test\n/,
  );
  const accuracies = ["training", "validation", "test"].map((rows) =>
    Number(new RegExp(`^${rows} +(\\d\\.\\d+)$`, "m").exec(stdout)?.[1]),
  );
  assert.ok(
    accuracies.every((accuracy) => accuracy >= 0.965 && accuracy <= 1),
    `${accuracies}`,
  );
  const [, right] = /^accuracy [\d.]+% \((\d+) of 359\)$/m.exec(stdout)!;
  assert.equal((Number(right) / 359).toFixed(4), accuracies[2].toFixed(4));
  assert.match(
    stdout,
    new RegExp(
      [
        `^Mistaken \\(3 of ${359 - Number(right)}\\):\\n`,
        "(\\d taken for \\d +){2}\\d taken for \\d\\n([ .:=+*#%@-]+\\n){8}",
      ].join(""),
      "m",
    ),
  );
  assert.deepEqual(
    stderr.match(/^epoch \d+\/60 /gm),
    [10, 20, 30, 40, 50, 60].map((epoch) => `epoch ${epoch}/60 `),
  );
  assert.deepEqual(stdout.split("\n").slice(-3), [
    `Training curves: ${join(folder, "training-curves.svg")}`,
    `Report:          ${join(folder, "report.html")}`,
    "",
  ]);
  assert.deepEqual(readdirSync(folder).sort(), ["report.html", "training-curves.svg"]);
  assert.match(readFileSync(join(folder, "training-curves.svg"), "utf8"), /^<svg /);
  assert.match(readFileSync(join(folder, "report.html"), "utf8"), /^<!doctype html>/i);
});

test("npm start draws its progress on a terminal without a size", (t) => {
  const folder = newFolder(t);
  mkdirSync(join(folder, "training-curves.svg")); // a folder of that name takes no text
  const { status, stdout, stderr } = start(
    folder,
    "Object.assign(process.stderr, { isTTY: true, columns: 0 })",
  );
  assert.equal(status, 1);
  assert.match(stderr, /\r\x1b\[K█+ 100% {2}epoch 60 {2}loss \d\.\d+ .*\n/);
  assert.match(
    stderr,
    /\nTraining curves: not written, E[A-Z]+: .*, open '.*training-curves\.svg'\n$/,
  );
  assert.ok(stdout.endsWith(`\nReport:          ${join(folder, "report.html")}\n`), stdout);
});
