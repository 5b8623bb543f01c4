// Standard streams that are closed: at the start, or by a reader that goes away. A closed standard
// error silences remarks and nothing else; a closed standard output ends a command that prints.
// spec/slow/streams.test.ts waits for the progress of a training whose standard error is closed.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inFolder, writeModel } from "../helpers/cli.ts";
import { HAS_BASH, runShell } from "../helpers/shell.ts";

const OPTIONS = { skip: !HAS_BASH && "the tests are scripts for bash", timeout: 120_000 };
const TRAIN = "train shapes.csv --label shape --ignore id --categorical color --hidden 4";

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
      const train = `twolayer ${TRAIN} --epochs 2 --out ${out}.safetensors ${streams}`;
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
