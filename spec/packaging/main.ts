// The chapters of spec/packaging, each in a process of its own: all, or those that are named.
//   npm --prefix spec/packaging test -- bundlers types
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { archive, here, PACKED, tarball } from "./packed.ts";

const CHAPTERS = [
  "archive",
  "engines",
  "hosts",
  "types",
  "bundlers",
  "page",
  "next",
  "runners",
  "copies",
  "rewritten",
];

const words = process.argv.slice(2);
const unknown = words.filter((word) => !CHAPTERS.includes(word));
if (unknown.length > 0)
  throw new Error(`packaging: expected of ${CHAPTERS.join(", ")}, got ${unknown.join(", ")}`);
const env = { ...process.env, [PACKED]: JSON.stringify({ archive, tarball }) };
for (const chapter of words.length > 0 ? words : CHAPTERS) {
  console.log(`\n${chapter}`);
  const file = join(here, "chapters", `${chapter}.ts`);
  const args = ["--import", "tsx", "--test-reporter=spec", file];
  const { status } = spawnSync(process.execPath, args, { cwd: here, env, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
