// What goes wrong outside: an engine without a compiler, full and read-only disks, writers that
// meet or are killed, memory that is not to be had.
import assert from "node:assert/strict";
import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { writeFile } from "../../lib/cli/output-file.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { parseModel } from "../../lib/model/model-file.ts";
import { inFolder, runCli } from "../helpers/cli.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { ROOT } from "../helpers/sources.ts";
import { work } from "../trust/concurrent-worker.ts";
import { fillFolder } from "../trust/properties/cli.ts";

const run = promisify(execFile);
const COMMAND = [
  "--import",
  pathToFileURL(join(ROOT, "node_modules", "tsx", "dist", "loader.mjs")).href,
  join(ROOT, "lib", "cli", "main.ts"),
];

test("A process that used threads ends by itself, with the bits of one without JIT", async () => {
  const program = `
    import { work } from "./spec/trust/concurrent-worker.ts";
    import { configure, configuration } from "./lib/kernels/configuration.ts";
    const { sums } = work({ threads: 2, turns: 1 });
    configure({ threads: 2 });
    console.log(JSON.stringify({ sums, kernel: configuration().kernel }));`;
  const outcomes = await Promise.all(
    [[], ["--jitless", "--no-expose-wasm"]].map((flags) =>
      run(
        process.execPath,
        [...flags, "--import", "tsx", "--input-type=module", "--eval", program],
        { cwd: ROOT, timeout: 100_000 },
      ),
    ),
  );
  const [usual, jitless] = outcomes.map(
    ({ stdout }) => JSON.parse(stdout) as { sums: number[]; kernel: string },
  );
  assert.equal(jitless.kernel, "reference");
  assertSameBits(jitless.sums, usual.sums, "sums");
  assertSameBits(usual.sums, work({ threads: 1, turns: 1 }).sums, "here");
});

/** Runs `use` with a small file system of its own; says loudly where there is none to be had. */
async function onSmallDisk(
  t: { skip(reason: string): void; diagnostic(text: string): void },
  folder: string,
  use: (disk: string) => void | Promise<void>,
): Promise<void> {
  const disk = join(folder, "disk");
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], { stdio: "pipe" });
  } catch (error) {
    console.error(
      "SKIPPED: full and read-only disks are not tested, since mounting one takes root on Linux",
    );
    t.skip(`no tmpfs: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
    return;
  }
  try {
    await use(disk);
  } finally {
    execFileSync("umount", [disk]);
  }
}

test("A full or read-only disk leaves the old model whole, and the command says why", (t) =>
  inFolder((folder) =>
    onSmallDisk(t, folder, async (disk) => {
      fillFolder(folder);
      const model = join(disk, "model.safetensors");
      await writeFile(model, readFileSync(join(folder, "iris.safetensors")));
      const old = readFileSync(model);
      const whole = (): void => {
        assert.deepEqual(readFileSync(model), old);
        assert.deepEqual(
          readdirSync(disk).sort(),
          readdirSync(disk).includes("filler")
            ? ["filler", "model.safetensors"]
            : ["model.safetensors"],
        );
      };
      // 500 hidden units are 32 KB: no room beside 48 KB.
      writeFileSync(join(disk, "filler"), Buffer.alloc(45_000));
      const words = [
        "train",
        "iris.csv",
        "--label",
        "label",
        "--iterations",
        "2",
        "--hidden",
        "500",
        "--out",
        model,
      ];
      const full = runCli(folder, words);
      const [, reason, copy] = /^twolayer: (.*); it is in (.*)\n$/.exec(full.stderr) ?? [];
      assert.equal(full.status, 1);
      assert.equal(reason, `${model}: cannot be written: the disk is full`);
      assert.equal(parseModel(readFileSync(copy)).classifier.net.hiddenSize, 500);
      rmSync(dirname(copy), { recursive: true });
      whole();
      const checkpoint = runCli(folder, [...words.slice(0, -2), "--checkpoint", model]);
      assert.equal(checkpoint.status, 0);
      assert.equal(checkpoint.stderr, `${model}: cannot be written: the disk is full\n`);
      whole();
      execFileSync("mount", ["-o", "remount,ro", disk]);
      const readOnly = runCli(folder, words);
      assert.deepEqual(
        { status: readOnly.status, stderr: readOnly.stderr },
        { status: 1, stderr: `twolayer: ${model}: cannot be written: the disk is read-only\n` },
      );
      whole();
    }),
  ));

test(
  "Results that standard output has no room for are an error",
  { skip: !existsSync("/dev/full") && "there is no /dev/full" },
  () =>
    inFolder((folder) => {
      fillFolder(folder);
      const full = openSync("/dev/full", "w");
      for (const words of [
        ["info", "iris.safetensors"],
        ["predict", "iris.safetensors", "iris.csv"],
      ]) {
        const { status, stderr } = spawnSync(process.execPath, [...COMMAND, ...words], {
          cwd: folder,
          stdio: ["ignore", full, "pipe"],
          encoding: "utf8",
        });
        assert.deepEqual(
          [status, stderr],
          [1, "twolayer: standard output: cannot be written: the disk is full\n"],
        );
      }
      closeSync(full);
    }),
);

const FILES = pathToFileURL(join(ROOT, "lib", "cli", "output-file.ts")).href;

/** A program that writes one byte value over and over, as a file of its own length. */
const writer = (path: string, value: number, length: number, times: number): string => `
  import { writeFile } from ${JSON.stringify(FILES)};
  const content = new Uint8Array(${length}).fill(${value});
  for (let i = 0; i < ${times}; i++) await writeFile(${JSON.stringify(path)}, content);`;
const programArguments = (program: string): string[] => [
  "--import",
  "tsx",
  "--input-type=module",
  "--eval",
  program,
];

test("Processes that write one file at once leave one whole content at every moment", () =>
  inFolder(async (folder) => {
    const path = join(folder, "model.bin");
    const contents = [
      [1, 100_000],
      [2, 250_001],
      [3, 7],
    ] as const;
    const writers = contents.map(([value, length]) =>
      run(process.execPath, programArguments(writer(path, value, length, 150)), { cwd: ROOT }),
    );
    let running = true;
    const done = Promise.all(writers).finally(() => (running = false));
    const seen = new Set<number>();
    const look = (): void => {
      const bytes = readFileSync(path);
      seen.add(bytes[0]);
      assert.equal(contents.find(([value]) => value === bytes[0])?.[1], bytes.length);
      assert.ok(
        bytes.every((byte) => byte === bytes[0]),
        "a mixture",
      );
    };
    while (running) {
      if (readdirSync(folder).includes("model.bin")) look();
      await pause(1);
    }
    await done;
    look();
    assert.ok(seen.size > 1, "the writers did not meet");
    assert.deepEqual(readdirSync(folder), ["model.bin"]);
  }));

test("A writer killed at any moment leaves the old file or the new one", () =>
  inFolder(async (folder) => {
    const path = join(folder, "model.bin");
    writeFileSync(path, "old");
    for (let round = 0; round < 6; round++) {
      const child = spawn(process.execPath, programArguments(writer(path, 7, 8_000_000, 1000)), {
        cwd: ROOT,
        stdio: "ignore",
      });
      const gone = new Promise((resolve) => child.once("exit", resolve));
      while (!readdirSync(folder).some((name) => name.endsWith(".tmp"))) await pause(1);
      await pause(3 * round);
      child.kill("SIGKILL");
      await gone;
      const bytes = readFileSync(path);
      assert.ok(
        bytes.toString() === "old" ||
          (bytes.length === 8_000_000 && bytes.every((byte) => byte === 7)),
        `${bytes.length} bytes`,
      );
    }
    await writeFile(path, "new");
    assert.deepEqual(readdirSync(folder), ["model.bin"]);
  }));

test("A matrix of too many elements is refused with its shape, and later calls work", () => {
  const small = Matrix.filled(2, 3, 1);
  const ask: [() => unknown, string][] = [
    [
      () => new Matrix(2 ** 30, 2 ** 10),
      "Matrix: expected at most 2147483647 elements, got 1073741824×1024",
    ],
    [
      () => Matrix.identity(2 ** 26),
      "identity: expected at most 2147483647 elements, got 67108864×67108864",
    ],
    [
      () => Matrix.filled(2 ** 50, 1, 0),
      "filled: expected at most 2147483647 elements, got 1125899906842624×1",
    ],
    [
      () => new Matrix(2 ** 45, 0).matmul(new Matrix(0, 2 ** 5)),
      "Matrix: expected at most 2147483647 elements, got 35184372088832×32",
    ],
  ];
  for (const [f, message] of ask) {
    assert.throws(f, { name: "RangeError", message });
    assert.equal(small.matmul(small, { transB: true }).get(1, 1), 3);
  }
});
