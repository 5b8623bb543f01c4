// Signals at seeded moments of a training, a prediction and a search, once and twice. Whatever the
// moment is, files that are there are whole, no temporary file of a signal that is handled is left,
// and a training that has a checkpoint continues to the bytes of one that was left alone.
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../../lib/base/random.ts";
import { parseModel } from "../../lib/model/model-file.ts";
import { inFolder, runCli, shapesCsv, startCli, writeModel } from "../helpers/cli.ts";

const MOMENTS = 20;
const LIMIT = 30_000;
const HANDLED = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const OPTIONS = {
  skip: process.platform === "win32" && "there are no signals to send here",
  timeout: 900_000,
};

const TRAIN = [
  ...["train", "shapes.csv", "--label", "shape", "--ignore", "id", "--categorical", "color"],
  ...["--hidden", "20", "--iterations", "6000", "--out", "model.safetensors"],
];
const CHECKPOINTED = [...TRAIN, "--checkpoint", "run.safetensors", "--every", "50"];
const SEARCH = [
  ...["search", "shapes.csv", "--label", "shape", "--ignore", "id", "--categorical", "color"],
  ...["--learning-rate", "0.01,0.02,0.03", "--hidden", "8,16", "--iterations", "500"],
  ...["--out", "model.safetensors", "--checkpoint", "search.safetensors", "--workers", "2"],
];
const PREDICT = ["predict", "shapes.safetensors", "long.csv", "--out", "rows.csv"];

type Ending = { code: number | null; signal: string | null; stderr: string };

/** Starts the command, sends the signals after the pauses, and kills it at the limit. */
async function interrupt(
  folder: string,
  args: readonly string[],
  signals: readonly NodeJS.Signals[],
  pause: number,
): Promise<Ending> {
  const child = startCli(folder, args);
  let stderr = "";
  child.stderr!.on("data", (chunk) => (stderr += chunk));
  child.stdout!.resume();
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    child.kill("SIGKILL");
  }, LIMIT);
  const exited = once(child, "close");
  for (const signal of signals) {
    await Promise.race([sleep(pause), exited]);
    child.kill(signal);
    pause = 5;
  }
  const [code, signal] = await exited;
  clearTimeout(limit);
  assert.equal(isLate, false, `${signals.join(" and ")} do not end ${args[0]}: ${stderr}`);
  return { code, signal, stderr };
}

/** Asserts that the model files in the folder are whole and that no temporary file is left. */
function inspect(folder: string, context: string, mayLeave = false): void {
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".tmp")) assert.ok(mayLeave, `${context}: ${name} is left`);
    else if (name.endsWith(".safetensors")) parseModel(readFileSync(join(folder, name)));
  }
}

function removeOutputs(folder: string): void {
  const inputs = ["shapes.csv", "shapes.safetensors", "long.csv"];
  for (const name of readdirSync(folder))
    if (!inputs.includes(name)) rmSync(join(folder, name), { recursive: true });
}

function prepareFolder(folder: string): void {
  const { csv } = writeModel(folder);
  const [header, ...rows] = csv.trim().split("\n");
  writeFileSync(join(folder, "long.csv"), `${header}\n${`${rows.join("\n")}\n`.repeat(3000)}`);
}

/** The seconds that the command takes when it is left alone. */
function duration(folder: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = runCli(folder, args);
  assert.equal(status, 0, stderr);
  return performance.now() - start;
}

for (const [signal, exitCode] of Object.entries(HANDLED)) {
  test(
    `${signal} at ${MOMENTS} moments of a training leaves a checkpoint that continues`,
    OPTIONS,
    () =>
      inFolder(async (folder) => {
        writeFileSync(join(folder, "shapes.csv"), shapesCsv(60));
        const time = duration(folder, TRAIN);
        const expected = readFileSync(join(folder, "model.safetensors"));
        let continued = 0;
        for (const [i, moment] of new Random(exitCode).uniform(MOMENTS).entries()) {
          removeOutputs(folder);
          const twice = i % 2 === 1;
          const signals = Array(twice ? 2 : 1).fill(signal);
          const ending = await interrupt(folder, CHECKPOINTED, signals, moment * 1.1 * time);
          const context = `${signals.join(" ")} after ${Math.round(moment * 1.1 * time)} ms`;
          // before the program listens, a signal has its usual effect; at the end it comes too late
          const isEnded = ending.code === exitCode || ending.signal === signal || ending.code === 0;
          assert.ok(isEnded, `${context}: ${JSON.stringify(ending)}`);
          inspect(folder, context, twice || ending.signal === signal);
          if (!existsSync(join(folder, "run.safetensors"))) continue;
          const resumed = runCli(folder, ["train", "shapes.csv", "--resume", "run.safetensors"]);
          assert.equal(resumed.status, 0, resumed.stderr);
          assert.deepEqual(readFileSync(join(folder, "model.safetensors")), expected, context);
          if (ending.code === exitCode) continued++;
        }
        assert.ok(continued > 0, "no signal came during the training");
      }),
  );
}

test(`Signals at ${MOMENTS} moments of a prediction leave the whole output or none`, OPTIONS, () =>
  inFolder(async (folder) => {
    prepareFolder(folder);
    const time = duration(folder, PREDICT);
    const expected = readFileSync(join(folder, "rows.csv"));
    for (const [i, moment] of new Random(2).uniform(MOMENTS).entries()) {
      removeOutputs(folder);
      const signal = (Object.keys(HANDLED) as (keyof typeof HANDLED)[])[i % 3];
      const ending = await interrupt(folder, PREDICT, [signal], moment * 1.1 * time);
      inspect(folder, signal, ending.signal === signal);
      if (existsSync(join(folder, "rows.csv")))
        assert.deepEqual(readFileSync(join(folder, "rows.csv")), expected);
      else assert.ok(ending.code === HANDLED[signal] || ending.signal === signal);
    }
  }),
);

test(`Signals at ${MOMENTS} moments of a search leave a checkpoint that continues`, OPTIONS, () =>
  inFolder(async (folder) => {
    prepareFolder(folder);
    const time = duration(folder, SEARCH);
    const expected = readFileSync(join(folder, "model.safetensors"));
    let continued = 0;
    for (const [i, moment] of new Random(3).uniform(MOMENTS).entries()) {
      removeOutputs(folder);
      const signal = (Object.keys(HANDLED) as (keyof typeof HANDLED)[])[i % 3];
      const ending = await interrupt(folder, SEARCH, [signal], moment * 1.1 * time);
      inspect(folder, signal, ending.signal === signal);
      if (!existsSync(join(folder, "search.safetensors"))) continue;
      const resumed = runCli(folder, ["search", "shapes.csv", "--resume", "search.safetensors"]);
      assert.equal(resumed.status, 0, resumed.stderr);
      assert.deepEqual(readFileSync(join(folder, "model.safetensors")), expected);
      if (ending.code === HANDLED[signal]) continued++;
    }
    assert.ok(continued > 0, "no signal came during the search");
  }),
);

test("SIGPIPE changes nothing, and SIGQUIT ends a training with whole files", OPTIONS, () =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, "shapes.csv"), shapesCsv(60));
    const time = duration(folder, TRAIN);
    const expected = readFileSync(join(folder, "model.safetensors"));
    for (const [i, moment] of new Random(4).uniform(MOMENTS).entries()) {
      removeOutputs(folder);
      const signal = i % 2 === 0 ? "SIGPIPE" : "SIGQUIT";
      const ending = await interrupt(folder, CHECKPOINTED, [signal], moment * time);
      inspect(folder, signal, true);
      if (signal === "SIGQUIT") assert.ok(ending.signal === signal || ending.code === 0);
      else if (ending.code === 0)
        assert.deepEqual(readFileSync(join(folder, "model.safetensors")), expected);
      else assert.equal(ending.signal, signal, "before Node ignores it");
    }
  }),
);
