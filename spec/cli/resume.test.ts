import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Arguments, UsageError } from "../../lib/cli/arguments.ts";
import { readResumed, resumeCommand, resumedArguments, runOptions } from "../../lib/cli/resume.ts";
import type { Source } from "../../lib/cli/source.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { assertThrows } from "../helpers/throws.ts";

const args = (options: Record<string, string | true>): Arguments =>
  new Arguments("train", ["a.csv"], new Map(Object.entries(options)));
const source: Source = {
  kind: "table",
  table: parseCsv("x,y\n1,a\n"),
  name: "a.csv",
  hash: "abc",
};
const run = runOptions(
  args({ label: "y", seed: "3", out: "m.safetensors", every: "5", checkpoint: "c", json: true }),
  source,
);

test("runOptions keeps the options, the outputs, the data's hash and the command", () => {
  assert.deepEqual(run, {
    options: { label: "y", seed: "3" },
    outputs: { out: "m.safetensors", every: "5" },
    data: "abc",
    command: { name: "train", positionals: ["a.csv"], options: { label: "y", seed: "3" } },
  });
});

test("runOptions adds what the data chose to the options", () => {
  const { options, command } = runOptions(args({ label: "y" }), source, { validation: "0.2" });
  assert.deepEqual(options, { label: "y", validation: "0.2" });
  assert.deepEqual(command, { name: "train", positionals: ["a.csv"], options: { label: "y" } });
});

test("resumedArguments takes the checkpoint's options and outputs, and the given outputs", () => {
  const resumed = resumedArguments(args({ resume: "c", out: "other.bin" }), "c", run);
  assert.deepEqual(resumed.positionals, ["a.csv"]);
  assert.deepEqual(resumed.pick(resumed.given), {
    label: "y",
    seed: "3",
    out: "other.bin",
    every: "5",
    resume: "c",
  });
});

test("resumedArguments refuses a changed option and accepts the same one", () => {
  assertThrows(
    () => resumedArguments(args({ resume: "c", seed: "4" }), "c", run),
    UsageError,
    "--seed cannot be changed with --resume: it goes on with the options it began with",
  );
  assert.equal(resumedArguments(args({ resume: "c", seed: "3" }), "c", run).text("seed"), "3");
});

test("resumedArguments refuses a file that a checkpoint must not choose", () => {
  for (const out of [join("..", "m.safetensors"), "/etc/m.safetensors", "C:m.safetensors", "m"]) {
    assertThrows(
      () => resumedArguments(args({ resume: "c" }), "c", { ...run, outputs: { out } }),
      UsageError,
      `c names ${JSON.stringify(out)} for --out, which is not a .safetensors file ` +
        "in or below this folder; write --out FILE",
    );
  }
});

test("readResumed gives what a checkpoint holds, and refuses the data of another run", async () => {
  const folder = mkdtempSync(join(tmpdir(), "twolayer-resume-"));
  const [path, data] = [join(folder, "c"), join(folder, "a.csv")];
  writeFileSync(path, "saved");
  writeFileSync(data, "x,y\n1,a\n");
  const given = new Arguments("train", [data], new Map([["resume", path]]));
  const hash = createHash("sha256").update("x,y\n1,a\n").digest("hex");
  const checked: Arguments[] = [];
  const read = (own: string) =>
    readResumed(
      given,
      (bytes) => ({ text: `${Buffer.from(bytes)}`, run: { ...run, data: own, outputs: {} } }),
      (effective) => checked.push(effective),
    );
  try {
    const { saved, effective, source: found } = await read(hash);
    assert.deepEqual([saved.text, found.name, found.hash], ["saved", "a.csv", hash]);
    assert.equal(effective.text("checkpoint"), path);
    assert.deepEqual(checked, [effective]);
    await assert.rejects(read("abd"), {
      name: "FileError",
      message: `${path}: expected the data it was made from, got a.csv with other content`,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("resumeCommand writes a command that a shell takes apart into the right arguments", () => {
  const given = new Arguments(
    "train",
    ["my table's.csv"],
    new Map<string, string | true>([
      ["label", "is it"],
      ["na", "-,?"],
      ["images", "a b.idx"],
      ["out", "-model.safetensors"],
      ["checkpoint", "a $run.safetensors"],
      ["every", "10"],
      ["threads", "2"],
    ]),
  );
  const command = resumeCommand(given, "a $run.safetensors");
  const script = `twolayer() { printf '%s\\n' "$@"; }\n${command}`;
  assert.deepEqual(execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\n"), [
    "train",
    "my table's.csv",
    "--resume",
    "a $run.safetensors",
    "--images",
    "a b.idx",
    "--out=-model.safetensors",
    "--threads",
    "2",
    "",
  ]);
});
