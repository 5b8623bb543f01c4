// Pages: what the bundlers make for them, all in one browser, and one without a bundler.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { before, test } from "node:test";
import { assertOneThread } from "../answers.ts";
import { BUNDLERS, bundleInto } from "../bundlers.ts";
import { browser, report } from "../chromium.ts";
import { project, scratch } from "../packed.ts";

if (process.env.CI) assert.ok(browser, "chromium is to be installed first");
const skip = !browser && "no chromium on the PATH";

const folder = project("page");
const site = join(scratch, "site");
const LATENCY = 30; // milliseconds

const page = (title: string, body: string): string =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
  <title>${title}</title>${body}`;
const IMPORT_MAP = `<script type="importmap">{ "imports": {
  "twolayer": "/twolayer/dist/index.js",
  "twolayer/core": "/twolayer/dist/core.js"
} }</script>`;

/** Shows each page in a frame, gathers what they answer, and posts it. */
const COLLECTOR = (names: readonly string[]): string => `
  <script type="module">
    const answers = [];
    const all = new Promise((resolve) => addEventListener("message", ({ data }) => {
      if (answers.push(data) === ${names.length}) resolve();
    }));
    for (const name of ${JSON.stringify(names)}) {
      const frame = document.createElement("iframe");
      frame.src = "/" + name + "/index.html";
      document.body.append(frame);
    }
    const late = new Promise((resolve) => setTimeout(resolve, 60000));
    await Promise.race([all, late]);
    await fetch("/report", { method: "POST", body: JSON.stringify(answers) });
  </script>`;

before(() => {
  mkdirSync(site);
  cpSync(join(folder, "node_modules/twolayer"), join(site, "twolayer"), { recursive: true });
});

test("Every bundler's page, and one with an import map, compute the same", { skip }, async () => {
  const names = [];
  for (const bundler of BUNDLERS) {
    const name = bundler.name.replace(" ", "");
    const job = { folder, entry: "web.js", target: "web" as const, out: join(site, name) };
    const { script, warnings } = await bundleInto(bundler, job);
    assert.deepEqual(warnings, []);
    const tag = `<body><script type="module" src="${basename(script)}"></script>`;
    writeFileSync(join(site, name, "index.html"), page(name, tag));
    names.push(name);
  }
  mkdirSync(join(site, "map"));
  for (const file of ["web.js", "program.js"]) cpSync(join(folder, file), join(site, "map", file));
  const tag = `${IMPORT_MAP}<body><script type="module" src="web.js"></script>`;
  writeFileSync(join(site, "map/index.html"), page("map", tag));
  names.push("map");
  writeFileSync(join(site, "index.html"), page("all", `<body>${COLLECTOR(names)}`));

  const { body } = await report(site, "/");
  assert.deepEqual(body.map(({ name }: { name: string }) => name).sort(), names.toSorted());
  for (const { name, ...answer } of body) assertOneThread(answer);
});

/** Links by which a page asks for both files at once, not for one when the other has come. */
const PRELOADS = ["core", "index"]
  .map((name) => `<link rel="modulepreload" href="/twolayer/dist/${name}.js">`)
  .join("");

for (const [entry, links, requests] of [
  ["twolayer", false, 2],
  ["twolayer", true, 2],
  ["twolayer/core", false, 1],
] as const) {
  const title = `What a page without a bundler waits for ${entry}`;
  test(links ? `${title} that it preloads` : title, { skip }, async (t) => {
    const html = `${IMPORT_MAP}${links ? PRELOADS : ""}<body><script type="module">
      const { Matrix } = await import("${entry}");
      const time = performance.now() - performance.getEntriesByType("navigation")[0].responseStart;
      const body = JSON.stringify({ time, sum: Matrix.identity(4).sum() });
      await fetch("/report", { method: "POST", body });
    </script>`;
    writeFileSync(join(site, "bare.html"), page("bare", html));
    const times: number[] = [];
    for (let turn = 0; turn < 5; turn++) {
      const { body, scripts } = await report(site, "/bare.html", LATENCY);
      assert.equal(body.sum, 4);
      assert.equal(scripts, requests);
      times.push(body.time);
    }
    const waited = `${Math.min(...times).toFixed(0)} ms with ${LATENCY} ms for each answer`;
    t.diagnostic(`requests: ${requests}; ${waited}`);
  });
}
