import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Arguments } from "../../lib/cli/arguments.ts";
import { Checkpoint } from "../../lib/cli/checkpoints.ts";
import { readPrepared } from "../../lib/cli/prepared-source.ts";
import type { Source } from "../../lib/cli/source.ts";
import { runTraining } from "../../lib/cli/training.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { parseCheckpoint } from "../../lib/model/checkpoint-file.ts";
import { Trainer } from "../../lib/training/trainer.ts";
import { inFolder, shapesCsv } from "../helpers/cli.ts";

const args = (options: Record<string, string | true> = {}): Arguments =>
  new Arguments("train", [], new Map(Object.entries(options)));
const source: Source = {
  kind: "table",
  table: parseCsv(shapesCsv(60)),
  name: "shapes.csv",
  hash: "",
};

test("runTraining writes a checkpoint at the end and trains as without one", async () => {
  await inFolder(async (folder) => {
    const start = (): ReturnType<typeof readPrepared> & { trainer: Trainer } => {
      const prepared = readPrepared(args({ label: "shape", ignore: "id,color" }), source);
      return {
        ...prepared,
        trainer: new Trainer(prepared.classifier.net, prepared.data, {
          iterations: 11,
          random: prepared.random,
          validation: prepared.validation,
        }),
      };
    };
    const alone = start();
    assert.equal(await runTraining(alone.classifier, alone.trainer, undefined), true);
    const kept = start();
    const path = join(folder, "run.safetensors");
    assert.equal(
      await runTraining(kept.classifier, kept.trainer, {
        file: new Checkpoint(path),
        every: 4,
        interval: 0,
        run: { note: "x" },
        resume: "",
      }),
      true,
    );
    assert.ok(existsSync(path));
    const { state, run } = parseCheckpoint(readFileSync(path));
    assert.equal(state.iteration, 11);
    assert.deepEqual(run, { note: "x" });
    assert.ok(state.params.W1.equals(alone.classifier.net.params.W1));
  });
});

test("runTraining writes no checkpoint sooner than an interval after the last one", async () => {
  await inFolder(async (folder) => {
    const { classifier, data } = readPrepared(args({ label: "shape", ignore: "id,color" }), source);
    const trainer = new Trainer(classifier.net, data, { iterations: 20 });
    const file = new Checkpoint(join(folder, "run.safetensors"));
    const saved: number[] = [];
    const save = file.save.bind(file);
    file.save = (content, isLast) => {
      saved.push(trainer.iteration);
      return save(content, isLast);
    };
    // a step takes 100 ms by this clock, which is read at the start and at every second step
    const clock = (): number => trainer.iteration * 100;
    const checkpoints = { file, every: 2, interval: 500, run: {}, resume: "" };
    assert.equal(await runTraining(classifier, trainer, checkpoints, clock), true);
    assert.deepEqual(saved, [6, 12, 18, 20]);
  });
});
