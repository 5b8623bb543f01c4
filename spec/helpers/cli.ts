// Runs the command line as a user does: a process of its own, in a folder of its own.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "../../lib/base/random.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import type { Classifier } from "../../lib/model/classifier.ts";
import { serializeModel } from "../../lib/model/model-file.ts";
import { prepareTable } from "../../lib/model/prepare.ts";
import { adam } from "../../lib/training/optimizer.ts";
import { train } from "../../lib/training/trainer.ts";
import { ROOT, sourceFiles } from "./sources.ts";

let built: string | undefined;

/**
 * The folder of the built package, what `npm run build` makes. It is built once for each state of
 * lib, into node_modules/.cache: a process that compiles for itself takes four times the processor
 * time, and this is what users run.
 */
export function builtPackage(): string {
  if (built !== undefined) return built;
  const digest = createHash("sha256");
  for (const file of sourceFiles("lib"))
    digest.update(file).update(readFileSync(join(ROOT, "lib", file)));
  const cache = join(ROOT, "node_modules", ".cache", "twolayer-built");
  const folder = join(cache, digest.digest("hex").slice(0, 16));
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const own = mkdtempSync(join(cache, "new-"));
    const build = join(ROOT, "lib", "build", "main.ts");
    const args = ["--import", "tsx", build, join(own, "dist")];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    if (status !== 0) throw new Error(`build: ${stderr}`);
    writeFileSync(join(own, "package.json"), '{ "type": "module" }');
    chmodSync(own, 0o755); // tests run it as other users, too
    for (const name of readdirSync(cache)) {
      const old = join(cache, name);
      if (!name.startsWith("new-") && Date.now() - statSync(old).mtimeMs > 3_600_000)
        rmSync(old, { recursive: true, force: true });
    }
    try {
      renameSync(own, folder);
    } catch {
      rmSync(own, { recursive: true, force: true }); // another test file was faster
    }
  }
  return (built = join(folder, "dist"));
}

/** The path of the built command line. */
export const command = (): string => join(builtPackage(), "cli", "main.js");

/** A folder that `use` gets and that is gone afterwards. */
export async function inFolder<T>(use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "twolayer-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

export type Finished = { status: number | null; stdout: string; stderr: string };

/** Runs `twolayer` with these arguments to its end. */
export function runCli(
  folder: string,
  args: readonly string[],
  options: { input?: string | Uint8Array; env?: Record<string, string> } = {},
): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command(), ...args], {
    cwd: folder,
    input: options.input ?? "",
    encoding: "utf8",
    env: { ...process.env, ...options.env },
    maxBuffer: 1 << 28,
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}

/** Starts `twolayer` with pipes for its three streams. */
export function startCli(
  folder: string,
  args: readonly string[],
  env: Record<string, string> = {},
): ChildProcess {
  return spawn(process.execPath, [command(), ...args], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/**
 * A table of two classes, circles and squares, that differ in size; the color tells the class of
 * nine rows in ten.
 */
export function shapesCsv(rows: number): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const circle = i % 2 === 0;
    const size = (circle ? 1 : 4) + ((i * 7) % 10) / 5;
    const color = i % 10 === 9 ? "blue" : circle ? "red" : "green";
    return `${i},${size.toFixed(1)},${color},${circle ? "circle" : "square"}`;
  });
  return `id,size,color,shape\n${lines.join("\n")}\n`;
}

/** Writes `shapes.csv` and a model of it, `shapes.safetensors`, made without the command line. */
export function writeModel(folder: string): { csv: string; classifier: Classifier } {
  const csv = shapesCsv(60);
  const random = new Random(1);
  const { classifier, data, validation } = prepareTable(parseCsv(csv), {
    label: "shape",
    ignore: ["id"],
    categorical: "auto",
    hiddenSize: 8,
    random,
  });
  train(classifier.net, data, {
    optimizer: adam(),
    learningRate: 0.02,
    batchSize: 16,
    epochs: 20,
    validation,
    random,
  });
  writeFileSync(join(folder, "shapes.csv"), csv);
  writeFileSync(
    join(folder, "shapes.safetensors"),
    serializeModel(classifier, {
      training: {
        data: "shapes.csv",
        rows: 48,
        validationRows: 12,
        trainAccuracy: 1,
        valAccuracy: 0.75,
      },
    }),
  );
  return { csv, classifier };
}

/**
 * An IDX file of bytes: two zeros, type 8, the number of sizes, the sizes as 32-bit big-endian
 * numbers, the bytes.
 */
export function idxBytes(shape: readonly number[], values: ArrayLike<number>): Uint8Array {
  const sizes = shape.flatMap((size) => [
    size >>> 24,
    (size >>> 16) & 255,
    (size >>> 8) & 255,
    size & 255,
  ]);
  return Uint8Array.from([0, 0, 8, shape.length, ...sizes, ...Array.from(values)]);
}

/** N images of 4×4 in two classes, left half or right half lit, and their labels, as IDX files. */
export function writeImages(folder: string, N = 40): { labels: number[] } {
  const labels = Array.from({ length: N }, (_, i) => (i * 3) % 2);
  const pixels = labels.flatMap((label, i) =>
    Array.from(
      { length: 16 },
      (_, p) => (p % 4 < 2 ? 1 - label : label) * (150 + ((i * 11) % 100)) + ((p * i) % 5),
    ),
  );
  writeFileSync(join(folder, "images.idx"), idxBytes([N, 4, 4], pixels));
  writeFileSync(join(folder, "labels.idx"), idxBytes([N], labels));
  return { labels };
}
