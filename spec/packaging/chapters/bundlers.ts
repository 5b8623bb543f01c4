// What bundlers make of the package: for Node with its threads and workers inside, for pages in
// chapter "page", and how large a part of it is.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import * as twolayer from "../../../lib/index.ts";
import { assertThreads } from "../answers.ts";
import { BUNDLERS, bundleInto } from "../bundlers.ts";
import { installedNodes, kB, project, run, scratch } from "../packed.ts";

const folder = project("bundlers");

/** What the web entries leave in globalThis.answer, and what they must not contain. */
const ENTRIES = {
  "matrix.js": {
    answer: [
      [19, 22],
      [43, 50],
    ],
    without: ["TwoLayerNet", "train:", "parseCsv", "<svg", "worker threads"],
  },
  "net.js": { answer: [0, 1, 1, 0], without: ["parseCsv", "<svg", "worker threads"] },
  "everything.js": { answer: Object.keys(twolayer).length, without: [] },
};

for (const bundler of BUNDLERS) {
  const out = join(scratch, "bundled", bundler.name.replace(" ", ""));

  test(`${bundler.name} builds it for Node, and the bundle has threads and workers`, async () => {
    const job = { folder, entry: "node.js", target: "node" as const, out: join(out, "node") };
    const { script, warnings } = await bundleInto(bundler, job);
    assert.deepEqual(warnings, []);
    for (const node of Object.values(installedNodes()))
      assertThreads(JSON.parse(run(node, [script], { cwd: join(out, "node") })));
  });

  test(`${bundler.name} finds the subpaths, whose classes are the root's`, async () => {
    const job = { folder, entry: "doors.js", target: "node" as const, out: join(out, "doors") };
    const { script, warnings } = await bundleInto(bundler, job);
    assert.deepEqual(warnings, []);
    const printed = run(process.execPath, [script], { cwd: join(out, "doors") });
    assert.deepEqual(JSON.parse(printed), { same: true, all: true });
  });

  // Rollup reads CommonJS files of a program with a plugin alone
  if (bundler.name !== "Rollup")
    test(`${bundler.name} builds a program that imports it and requires it`, async () => {
      const job = { folder, entry: "both.js", target: "node" as const, out: join(out, "both") };
      const { script, warnings } = await bundleInto(bundler, job);
      assert.deepEqual(warnings, []);
      const printed = run(process.execPath, [script], { cwd: join(out, "both") });
      const rows = [
        [3, 3],
        [3, 3],
      ];
      assert.deepEqual(JSON.parse(printed), { rows, subpath: true });
    });

  test(`${bundler.name} builds parts of it for a page, without what they do not use`, async (t) => {
    for (const [entry, { answer, without }] of Object.entries(ENTRIES)) {
      const job = { folder, entry, target: "web" as const, out: join(out, entry) };
      const { script, warnings } = await bundleInto(bundler, job);
      assert.deepEqual(warnings, []);
      const text = readFileSync(script, "utf8");
      for (const part of without) assert.ok(!text.includes(part), `${entry} contains ${part}`);
      const page: { [name: string]: unknown } = { console, crypto, TextDecoder, TextEncoder, URL };
      runInNewContext(text, page);
      assert.deepEqual(JSON.parse(JSON.stringify(page.answer)), answer);
      const zipped = gzipSync(text, { level: 9 }).length;
      t.diagnostic(`${entry}: ${kB(text.length)}, ${kB(zipped)} with gzip`);
    }
  });
}
