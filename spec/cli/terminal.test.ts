import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ROOT } from "../helpers/sources.ts";

const TERMINAL = pathToFileURL(join(ROOT, "lib", "cli", "terminal.ts")).href;
const PROGRESS = pathToFileURL(join(ROOT, "lib", "cli", "progress-display.ts")).href;
const LOADER = pathToFileURL(join(ROOT, "node_modules", "tsx", "dist", "loader.mjs")).href;

/**
 * Runs a program with the module's names, its standard error a terminal of so many columns or not.
 */
function run(
  program: string,
  terminal: boolean,
  env: Record<string, string> = {},
  columns = 60,
): { stdout: string; stderr: string } {
  const setting = terminal
    ? `Object.assign(process.stderr, { isTTY: true, columns: ${columns} });`
    : "";
  const code =
    `${setting} const { note, print, printError, clearProgress } = ` +
    `await import(${JSON.stringify(TERMINAL)}); ` +
    `const { ProgressDisplay } = await import(${JSON.stringify(PROGRESS)}); ${program}`;
  const environment: Record<string, string | undefined> = {
    ...process.env,
    TERM: "xterm",
    NO_COLOR: undefined,
    ...env,
  };
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", LOADER, "--input-type=module", "-e", code],
    { cwd: fileURLToPath(pathToFileURL(ROOT)), encoding: "utf8", env: environment },
  );
  return { stdout, stderr };
}

const UPDATE =
  "const d = new ProgressDisplay(); for (let i = 1; i <= 3; i++) d.update({ done: i, " +
  "total: 10, loss: 0.5 });";

test("The progress bar is redrawn in place, fits the terminal and is erased at the end", () => {
  const { stdout, stderr } = run(`${UPDATE} d.end();`, true);
  assert.equal(stdout, "");
  assert.match(stderr, /^\x1b\[\?25l\r\S+ +10% .*loss 0\.5000.*\x1b\[K\r\x1b\[K\x1b\[\?25h$/);
  assert.ok(stderr.split("\r")[1].replaceAll(/\x1b\[[?\d]*[a-zA-Z]/g, "").length < 60);
  assert.equal(
    run(`${UPDATE} d.end();`, true, {}, 9).stderr,
    "\x1b[?25l\r 10%\x1b[K\r\x1b[K\x1b[?25h",
  );
});

test("Without a terminal there is no bar and no escape, and at first no line", () => {
  assert.deepEqual(run(`${UPDATE} d.end();`, false), { stdout: "", stderr: "" });
  assert.deepEqual(run(`${UPDATE} d.end();`, true, { TERM: "dumb" }), { stdout: "", stderr: "" });
});

test("Errors are red on color terminals only, and quoted text cannot steer a terminal", () => {
  const error = "printError('no \\x1b[2Jfile\\nsecond');";
  assert.equal(run(error, false).stderr, "twolayer: no \\x1b[2Jfile\nsecond\n");
  assert.equal(run(error, true).stderr, "\x1b[31mtwolayer\x1b[0m: no \\x1b[2Jfile\nsecond\n");
  assert.equal(run(error, true, { NO_COLOR: "1" }).stderr, "twolayer: no \\x1b[2Jfile\nsecond\n");
});

test("A remark takes the bar away first, and results go to standard output as they are", () => {
  const { stdout, stderr } = run(`${UPDATE} note('remark \\x07'); await print('a\\tb\\n');`, true);
  assert.equal(stdout, "a\tb\n");
  assert.match(stderr, /\r\x1b\[K\x1b\[\?25hremark \\x07\n$/);
});
