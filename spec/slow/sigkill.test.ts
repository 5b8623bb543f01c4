// A run that is killed without warning, again and again: whatever is on the disk can be read at
// every moment, and the training that goes on from there ends with the same file as one that was
// left alone.
import assert from "node:assert/strict";
import { once } from "node:events";
import { copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../../lib/base/random.ts";
import { parseCheckpoint } from "../../lib/model/checkpoint-file.ts";
import { parseModel } from "../../lib/model/model-file.ts";
import { inFolder, runCli, startCli } from "../helpers/cli.ts";
import { ROOT } from "../helpers/sources.ts";

const KILLS = 20;
const TRAIN = [
  "train",
  "digits.csv",
  "--label",
  "label",
  "--hidden",
  "40",
  "--iterations",
  "6000",
  "--patience",
  "500",
  "--out",
  "model.safetensors",
];
const CHECKPOINTED = [...TRAIN, "--checkpoint", "run.safetensors", "--every", "5"];

/** Reads every file that has its final name; returns how many iterations the checkpoint has. */
function inspect(folder: string): number {
  if (existsSync(join(folder, "model.safetensors")))
    parseModel(readFileSync(join(folder, "model.safetensors")));
  if (!existsSync(join(folder, "run.safetensors"))) return 0;
  return parseCheckpoint(readFileSync(join(folder, "run.safetensors"))).state.iteration;
}

test(`A run killed ${KILLS} times and resumed ends with the uninterrupted run's bytes`, {
  timeout: 400_000,
}, async (t) => {
  await inFolder(async (folder) => {
    copyFileSync(join(ROOT, "examples", "digits", "digits.csv"), join(folder, "digits.csv"));
    const begin = performance.now();
    const alone = runCli(folder, TRAIN);
    assert.equal(alone.status, 0, alone.stderr);
    const duration = performance.now() - begin;
    const expected = readFileSync(join(folder, "model.safetensors"));
    const moments = new Random(2026).uniform(KILLS);
    const reached: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const before = inspect(folder);
      const words =
        before === 0 ? CHECKPOINTED : ["train", "digits.csv", "--resume", "run.safetensors"];
      const child = startCli(folder, words);
      const exited = once(child, "exit");
      // From before its first line of code runs to well within its training: as many moments
      // without progress are tried as with.
      await sleep(moments[kill] * 1.2 * duration);
      child.kill("SIGKILL");
      await exited;
      reached.push(inspect(folder));
    }
    t.diagnostic(`iterations in the checkpoint after each kill: ${reached.join(" ")}`);
    assert.ok(
      reached.some((done) => done > 0 && done < 6000),
      "a kill fell into the training",
    );
    assert.ok(
      reached.every((done, i) => i === 0 || done >= reached[i - 1]),
      "no checkpoint went back",
    );
    const last = runCli(
      folder,
      reached.at(-1) === 0 ? CHECKPOINTED : ["train", "digits.csv", "--resume", "run.safetensors"],
    );
    assert.equal(last.status, 0, last.stderr);
    assert.deepEqual(readFileSync(join(folder, "model.safetensors")), expected, "the model file");
    assert.deepEqual(
      readdirSync(folder).sort(),
      ["digits.csv", "model.safetensors", "run.safetensors"],
      "nothing half-written is left",
    );
  });
});
