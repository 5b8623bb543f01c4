// A standard error that is closed while a training prints its progress: the training goes on.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseCheckpoint } from "../../lib/model/checkpoint-file.ts";
import { inFolder, writeModel } from "../helpers/cli.ts";
import { HAS_BASH, runShell } from "../helpers/shell.ts";

const OPTIONS = { skip: !HAS_BASH && "the tests are scripts for bash", timeout: 120_000 };
const TRAIN = "train shapes.csv --label shape --ignore id --categorical color --hidden 4";

/**
 * Starts a training without end whose standard error loses its reader after one line. Waits until
 * a second line of progress is due, 5 s after the first, and ends the training by SIGTERM.
 */
const lateSignal = (redirection: string) => `
  start ${TRAIN} --iterations 900000000 --checkpoint c.safetensors ${redirection} & training=$!
  until [ -s progress ]; do sleep 0.1; done
  sleep 7
  kill -TERM $training; wait $training; echo $?`;

for (const redirection of ["2> >(head -1 > progress)", "> >(head -1 > progress) 2>&1"]) {
  test(
    `A training goes on when its standard error is closed: ${redirection}`,
    OPTIONS,
    async () => {
      await inFolder(async (folder) => {
        writeModel(folder);
        const { stdout, timedOut } = await runShell(folder, lateSignal(redirection), {
          limit: 60_000,
        });
        assert.equal(timedOut, false);
        assert.equal(stdout, "143\n");
        assert.match(readFileSync(join(folder, "progress"), "utf8"), /^ *\d+% .*\n$/);
        const { state } = parseCheckpoint(readFileSync(join(folder, "c.safetensors")));
        assert.ok(state.iteration > 0);
      });
    },
  );
}
