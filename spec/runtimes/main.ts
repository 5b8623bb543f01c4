// `npm run test:runtimes`: the built package in every engine, one line each, and whether all
// trained the same weights. Installs the engines where that has not been done. One that is missing
// is an error in CI, else a line that says so.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { formatTable } from "../../lib/report/table.ts";
import { type Answer, type Engine, engines, here } from "./engines.ts";
import type { Report } from "./program.js";

type Row = (string | number)[];

/**
 * What every engine and machine has given so far. A change to the arithmetic changes them, and must
 * mean to.
 */
const hashes: Report["hashes"] = JSON.parse(
  readFileSync(new URL("hashes.json", import.meta.url), "utf8"),
);

if (engines.some((engine) => engine.help && engine.missing())) install();
const rows: Row[] = [];
const failures: string[] = [];
const helpTexts = new Map<string, string[]>();
for (const engine of engines) {
  const missing = engine.missing();
  if (!missing) {
    rows.push(await tryEngine(engine));
  } else {
    rows.push([engine.name, "skipped"]);
    if (process.env.CI) failures.push(`${engine.name}: ${missing}`);
    else console.error(`SKIPPED ${engine.name}: ${missing}`);
  }
}
if (helpTexts.size > 1) {
  const groups = [...helpTexts.values()].map((names) => names.join(", "));
  failures.push(`twolayer --help differs: ${groups.join(" | ")}`);
}

console.log(
  formatTable(rows, {
    header: ["engine", "version", "kernel", "threads", "products", ...Object.keys(hashes)],
  }),
);
console.log("\nSHA-256 of the weights, above by its first 12 digits:");
console.log(formatTable(Object.entries(hashes)));
for (const failure of failures) console.error(`\nFAILED ${failure}`);
if (failures.length > 0) process.exitCode = 1;

function install(): void {
  const npm = process.env.npm_execpath;
  if (npm) spawnSync(process.execPath, [npm, "ci"], { cwd: here, stdio: "inherit" });
  else console.error("Installing engines needs npm: start this as npm run test:runtimes");
}

async function tryEngine(engine: Engine): Promise<Row> {
  try {
    const answer = await engine.run();
    check(engine, answer);
    if (engine.help) {
      const help = await engine.help();
      if (!/usage/i.test(help))
        failures.push(`${engine.name}: twolayer --help printed ${JSON.stringify(help)}`);
      helpTexts.set(help, [...(helpTexts.get(help) ?? []), engine.name]);
    }
    const { version, kernel, threads, products } = answer;
    return [
      engine.name,
      version,
      kernel,
      threads.join(" "),
      products,
      ...Object.values(answer.hashes).map((hash) => hash.slice(0, 12)),
    ];
  } catch (error) {
    failures.push(`${engine.name}: ${error instanceof Error ? error.message : error}`);
    return [engine.name, "failed"];
  }
}

function check(engine: Engine, answer: Answer): void {
  for (const [training, expected] of Object.entries(hashes)) {
    const hash = answer.hashes[training as keyof Report["hashes"]];
    if (hash !== expected)
      failures.push(
        `${engine.name}: weights after training "${training}" expected ${expected}, got ${hash}`,
      );
  }
}
