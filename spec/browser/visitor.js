// The playground in Debian's chromium, for the tests of this folder: the site is built into a
// temporary folder, served below a path, and visited, and what the console says is collected.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { buildSite } from "../../examples/playground/build.ts";
import { createPlaygroundServer, listen } from "../../examples/playground/server.ts";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const TWOLAYER = fileURLToPath(new URL("../../dist/index.js", import.meta.url));
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
export const TABS = ["plane", "digits", "mathematics"];
export const PATIENCE = { timeout: 60_000 };

export const launch = () => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

/** A browser, and the site at `url`: below a path, as on most static hosts. */
export class Visitor {
  /** Builds and serves the site and starts the browser. */
  async start() {
    this.folder = mkdtempSync(join(tmpdir(), "twolayer-site-"));
    this.files = await buildSite(this.folder, TWOLAYER);
    const inner = createPlaygroundServer(this.folder);
    this.requests = [];
    this.server = createServer((request, response) => {
      this.requests.push(request.url);
      if (!request.url.startsWith("/some/path/")) {
        response.writeHead(404).end();
        return;
      }
      request.url = request.url.slice("/some/path".length);
      inner.emit("request", request, response);
    });
    this.url = `${await listen(this.server, 0)}some/path/`;
    this.browser = await launch();
  }

  async stop() {
    await this.browser?.close();
    this.server.closeAllConnections();
    this.server.close();
    rmSync(this.folder, { recursive: true });
  }

  /**
   * Runs `use` with a page at `hash` and fails on anything the console complains of, and on any
   * request to elsewhere.
   */
  async visit(hash, use, options = {}) {
    const context = await this.browser.newContext({
      viewport: { width: 1280, height: 900 },
      locale: "en-US",
      serviceWorkers: "block",
      ...options,
    });
    const page = await context.newPage();
    const complaints = [];
    const complain = (text) => complaints.push(text);
    page.on("console", (message) => {
      const expected = message.text().includes("Service Worker registration blocked");
      if (["error", "warning"].includes(message.type()) && !expected) complain(message.text());
    });
    page.on("pageerror", (error) => complain(error.stack));
    // Chromium asks for the icon whenever the address changes, and a reload right after ends that
    // request.
    const reloaded = (request) =>
      request.url().endsWith("/icon.svg") && request.failure().errorText === "net::ERR_ABORTED";
    page.on("requestfailed", (request) => {
      if (!reloaded(request)) complain(`failed: ${request.url()}`);
    });
    page.on("request", (request) => {
      const own = request.url().startsWith(this.url) || request.url().startsWith("blob:");
      if (!own) complain(`outside: ${request.url()}`);
    });
    try {
      await page.goto(this.url + hash);
      await use(page);
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  }
}

export const text = (page, id) => page.textContent(`#${id}`);

export const finished = (page) =>
  page.waitForFunction(
    () => /^(Finished|Diverged)/.test(document.querySelector("#plane-status").textContent),
    null,
    PATIENCE,
  );

export const trained = (page) =>
  page.waitForFunction(
    () => document.querySelector("#digits-hash").textContent !== "",
    null,
    PATIENCE,
  );

export const iterationAbove = (page, least) =>
  page.waitForFunction(
    (number) =>
      Number(document.querySelector("#plane-iteration").textContent.replace(",", "")) > number,
    least,
    PATIENCE,
  );

export async function hashOf(page, id) {
  await page.waitForFunction(
    (name) => document.getElementById(name).textContent !== "",
    id,
    PATIENCE,
  );
  return text(page, id);
}

export const picture = (page, id) =>
  page.evaluate((name) => document.getElementById(name).toDataURL(), id);

/** The hash that the page shows of these weights. */
export function nodeHash({ W1, b1, W2, b2 }) {
  const hash = createHash("sha256");
  for (const { data } of [W1, b1, W2, b2])
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest("hex");
}

export const chooseData = (page, name) => page.check(`#plane-form [name=data][value=${name}]`);

/** Sets a slider as the keyboard would. */
export const slide = (page, name, value) =>
  page.$eval(
    `#plane-form [name=${name}]`,
    (input, number) => {
      input.value = number;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    },
    String(value),
  );
