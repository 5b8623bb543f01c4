// Two processes that write one file at the same time, also from two containers, in which process
// ids have different meanings.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseModel } from "../../lib/model/model-file.ts";
import { command, inFolder, writeModel } from "../helpers/cli.ts";
import { HAS_BASH, runShell } from "../helpers/shell.ts";

const CONTAINER = ["unshare", "--pid", "--fork", "--mount-proc"];
const HAS_CONTAINERS =
  HAS_BASH && spawnSync(CONTAINER[0], [...CONTAINER.slice(1), "true"]).status === 0;
const RUN = `"${process.execPath}" "${command()}"`;
const TRAIN =
  "train shapes.csv --label shape --ignore id --categorical color --hidden 4 --iterations 3000";

test("Two containers that write one target both end, and leave one whole file", {
  skip: !HAS_CONTAINERS && "only root can make namespaces, on Linux",
  timeout: 120_000,
}, async () => {
  await inFolder(async (folder) => {
    const { csv } = writeModel(folder);
    const [header, ...rows] = csv.trim().split("\n");
    writeFileSync(join(folder, "long.csv"), `${header}\n${`${rows.join("\n")}\n`.repeat(500)}`);
    const predict = `${RUN} predict shapes.safetensors long.csv --out rows.csv`;
    const contained = `${CONTAINER.join(" ")} ${predict}`;
    // in each container the process has the number 1, and the other's numbers mean nothing
    const script = `for i in 1 2; do
      ${contained} & a=$!; ${contained} & b=$!; ${predict} & c=$!
      for process in $a $b $c; do wait $process || exit 1; done
    done`;
    const { status, stderr, timedOut } = await runShell(folder, script, { limit: 100_000 });
    assert.deepEqual({ status, timedOut }, { status: 0, timedOut: false }, stderr);
    assert.doesNotMatch(stderr, /twolayer:/); // slow machines say how far they have read
    const lines = readFileSync(join(folder, "rows.csv"), "utf8").trim().split("\n");
    assert.equal(lines.length, 500 * 60 + 1);
    assert.deepEqual(readdirSync(folder).sort(), [
      "long.csv",
      "rows.csv",
      "shapes.csv",
      "shapes.safetensors",
    ]);
  });
});

test("Two trainings that share a checkpoint both end, and a remark says so", {
  skip: !HAS_BASH && "the test is a script for bash",
  timeout: 120_000,
}, async () => {
  await inFolder(async (folder) => {
    writeModel(folder);
    const train = (out: string) =>
      `${RUN} ${TRAIN} --checkpoint run.safetensors --every 100 --out ${out}.safetensors`;
    const script = `${train("a")} & ${train("b")} & wait`;
    const { status, stderr, timedOut } = await runShell(folder, script, { limit: 100_000 });
    assert.deepEqual({ status, timedOut }, { status: 0, timedOut: false });
    assert.match(
      stderr,
      /run\.safetensors: another program writes this checkpoint too; give each run its own/,
    );
    const [a, b] = ["a", "b"].map((name) => readFileSync(join(folder, `${name}.safetensors`)));
    assert.deepEqual(a, b);
    parseModel(readFileSync(join(folder, "run.safetensors")));
    assert.ok(!readdirSync(folder).some((name) => name.endsWith(".tmp")));
  });
});
