// Which test files exist, handed to `node --test` by name: Node 20, 22, 24 and 26 read directories
// and globs differently, but every one of them takes a list of files.
//   npm test                 the default suite
//   npm test -- matrix net   only the files whose path contains one of the words
//   npm test -- --slow       the slower suite in spec/slow (also run by .ci/run)
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const spec = dirname(fileURLToPath(import.meta.url));
const root = dirname(spec);
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const slow = process.argv.includes("--slow");

const files = readdirSync(spec, { recursive: true, encoding: "utf8" })
  // so that `npm test -- kernels/gemm` works on Windows too
  .map((file) => file.replaceAll(sep, "/"))
  .filter((file) => file.endsWith(".test.ts") && !file.includes("node_modules"))
  .filter((file) => file.startsWith("slow/") === slow)
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .map((file) => relative(root, join(spec, file)))
  .sort();
if (files.length === 0) {
  console.error(`spec: no ${slow ? "slow " : ""}test file matches ${words.join(" ")}`);
  process.exit(1);
}
// As many files at a time as there are cores: the runner would leave one idle, which on a machine
// of two is half of them. The slower suite is left at that, because it needs the memory.
const concurrency = slow ? [] : [`--test-concurrency=${availableParallelism()}`];
const { status } = spawnSync(
  process.execPath,
  ["--import", "tsx", "--test", ...concurrency, "--test-reporter=spec", ...files],
  { cwd: root, stdio: "inherit" },
);
process.exit(status ?? 1);
