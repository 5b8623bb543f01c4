// The built package in a module worker of a page, in Chromium: the program of spec/runtimes there
// and in the page itself.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createPlaygroundServer, listen } from "../../examples/playground/server.ts";
import hashes from "../runtimes/hashes.json" with { type: "json" };
import { launch } from "./visitor.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "twolayer-worker-"));
const FILES = {
  "index.html": `<!doctype html><link rel="icon" href="data:,"><title>worker</title>`,
  "report.js": `
    import * as twolayer from "./dist/index.js";
    import { run } from "./program.js";
    export const report = async () => ({
      ...(await run(twolayer, await (await fetch("digits.csv")).text())),
      notes: twolayer.configuration().notes,
      hasDocument: typeof document === "object",
      isIsolated: crossOriginIsolated,
    });
  `,
  "worker.js": `
    import { report } from "./report.js";
    postMessage(await report());
  `,
};
let browser;

before(async () => {
  cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
  cpSync(join(root, "spec/runtimes/program.js"), join(folder, "program.js"));
  cpSync(join(root, "examples/digits/digits.csv"), join(folder, "digits.csv"));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  browser = await launch();
});

after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** Runs `use` with a page from a server whose answers have these headers; it must not complain. */
async function visit(headers, use) {
  const files = createPlaygroundServer(folder);
  const server = createServer((request, response) => {
    response.setHeaders(new Map(Object.entries(headers)));
    files.emit("request", request, response);
  });
  const page = await browser.newPage();
  const complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.stack));
  try {
    await page.goto(await listen(server, 0));
    await use(page);
    assert.deepEqual(complaints, []);
  } finally {
    await page.close();
    server.closeAllConnections();
    server.close();
  }
}

const inPage = async () => (await import("/report.js")).report();

const inWorker = () =>
  new Promise((resolve, reject) => {
    const worker = new Worker("/worker.js", { type: "module" });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
  });

const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

for (const [title, headers, isIsolated] of [
  ["A module worker", {}, false],
  ["A module worker of a page that may share memory", ISOLATED, true],
]) {
  test(`${title} computes the bits of the page`, () =>
    visit(headers, async (page) => {
      const expected = await page.evaluate(inPage);
      assert.deepEqual(expected.hashes, hashes);
      assert.equal(expected.kernel, "simd");
      assert.deepEqual([expected.hasDocument, expected.isIsolated], [true, isIsolated]);
      const answer = await page.evaluate(inWorker);
      assert.deepEqual(answer, { ...expected, hasDocument: false });
    }));
}
