// Standard streams that are closed: at the start, or by a reader that goes away. A closed standard
// error silences remarks and nothing else; a closed standard output ends a command that prints.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseModel } from "../../lib/model/model-file.ts";
import { inFolder, writeModel } from "../helpers/cli.ts";
import { HAS_BASH, runShell } from "../helpers/shell.ts";

const OPTIONS = { skip: !HAS_BASH && "the tests are scripts for bash", timeout: 120_000 };
// long enough for two lines of progress, which come after 2 s and then every 5 s
const LONG = "twolayer train shapes.csv --label shape --ignore id --categorical color --hidden 4";
const SECONDS = 9;

/** The number of iterations that take `seconds` here. */
async function iterationsIn(folder: string, seconds: number): Promise<number> {
  const start = performance.now();
  await runShell(folder, `${LONG} --iterations 20000 --out timing.safetensors`);
  return Math.ceil((20000 * seconds) / ((performance.now() - start) / 1000 - 0.3));
}

test("A closed standard error silences progress, and the training goes on", OPTIONS, async () => {
  await inFolder(async (folder) => {
    writeModel(folder);
    const iterations = await iterationsIn(folder, SECONDS);
    const train = (out: string) => `${LONG} --iterations ${iterations} --out ${out}.safetensors`;
    const script =
      `${train("a")} 2> >(head -1 > progress) & ` + `${train("b")} 2>&1 | head -1 > mixed & wait`;
    const { timedOut } = await runShell(folder, script, { limit: 100_000 });
    assert.equal(timedOut, false);
    for (const name of ["progress", "mixed"])
      assert.match(readFileSync(join(folder, name), "utf8"), /^ *\d+% /, name);
    for (const name of ["a", "b"]) {
      const { training } = parseModel(readFileSync(join(folder, `${name}.safetensors`)));
      assert.equal(training.iterations, iterations);
    }
  });
});

test("Commands work with every combination of closed standard streams", OPTIONS, async () => {
  await inFolder(async (folder) => {
    writeModel(folder);
    for (const streams of [
      "<&-",
      ">&-",
      "2>&-",
      "<&- >&-",
      "<&- 2>&-",
      ">&- 2>&-",
      "<&- >&- 2>&-",
    ]) {
      const out = `${streams
        .replaceAll(/[^012<>]/g, "")
        .replaceAll(">", "o")
        .replaceAll("<", "i")}`;
      const train = `${LONG} --epochs 2 --out ${out}.safetensors ${streams}`;
      const predict = `twolayer predict shapes.safetensors shapes.csv --out ${out}.csv ${streams}`;
      const script = `${train}; echo $?; ${predict}; echo $?`;
      const { stdout, timedOut } = await runShell(folder, script);
      assert.equal(timedOut, false, streams);
      assert.match(stdout, /0\n$/, streams);
      assert.ok(existsSync(join(folder, `${out}.safetensors`)), streams);
      assert.equal(
        readFileSync(join(folder, `${out}.csv`), "utf8").split("\n").length,
        62,
        streams,
      );
    }
  });
});

test("Standard input that is closed is an empty table", OPTIONS, async () => {
  await inFolder(async (folder) => {
    writeModel(folder);
    const { status, stderr } = await runShell(folder, "twolayer evaluate shapes.safetensors - <&-");
    assert.equal(status, 1);
    assert.match(stderr, /^twolayer: stdin/);
  });
});
