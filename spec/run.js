// Which test files exist, and how they are handed to `node --test`.
//   npm test                 the default suite
//   npm test -- matrix net   only the files whose path contains one of the words
//   npm test -- --slow       the slower suite in spec/slow (also run by .ci/run)
//
// Starting Node, tsx and the library takes 0.2 to 0.5 s of processor time, and most test files need
// less than that for their tests. So the files of a folder share a process: `node --test` gets one
// file for each folder, which imports the test files. It gets them by name, because Node 20, 22,
// 24 and 26 read directories and globs differently.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

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
  .sort();
if (files.length === 0) {
  console.error(`spec: no ${slow ? "slow " : ""}test file matches ${words.join(" ")}`);
  process.exit(1);
}

// The processes that take longest start first, so that no core is idle at the end.
const LONGEST = ["trust", "cli/commands", "docs", "cli", "formats", "kernels/gemm"];

/** The lines that import the test files of each process, by the name of the process. */
const groups = new Map(LONGEST.map((name) => [name, ""]));
for (const file of files) {
  const name = slow ? file : dirname(file);
  const line = `import ${JSON.stringify(pathToFileURL(join(spec, file)))};\n`;
  groups.set(name, (groups.get(name) ?? "") + line);
}
const folder = mkdtempSync(join(tmpdir(), "twolayer-spec-"));
const programs = [...groups].flatMap(([name, lines], i) => {
  if (lines === "") return [];
  // the runner sorts its files by name
  const program = `${String(i).padStart(3, "0")}-${name.replaceAll("/", "-")}.test.mjs`;
  writeFileSync(join(folder, program), lines);
  return join(folder, program);
});
// One process more than there are cores, because tests also wait: for timers, workers and programs.
// The runner would leave a core idle. The slower suite is left at that: it needs the memory.
const concurrency = slow ? [] : [`--test-concurrency=${availableParallelism() + 1}`];
const { status } = spawnSync(
  process.execPath,
  ["--import", "tsx", "--test", ...concurrency, "--test-reporter=spec", ...programs],
  { cwd: root, stdio: "inherit" },
);
rmSync(folder, { recursive: true, force: true });
process.exit(status ?? 1);
