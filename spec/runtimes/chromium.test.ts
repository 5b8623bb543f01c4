import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { chromium } from "./chromium.ts";

/**
 * Runs `use` with a program in place of the browser that writes down its process, does `work` and
 * then stays for ever.
 */
async function withBrowser(
  work: string,
  use: (browser: string, root: string) => Promise<void>,
): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "twolayer-browser-"));
  try {
    await mkdir(join(root, "dist"));
    const browser = join(root, "browser.cjs");
    await writeFile(
      browser,
      `#!${process.execPath}
require("node:fs").writeFileSync(${JSON.stringify(join(root, "pid"))}, String(process.pid));
const page = new URL(process.argv.at(-1));
const post = (body) => fetch(new URL("/report", page), { method: "POST", body });
setInterval(() => {}, 1000);
${work}
`,
      { mode: 0o755 },
    );
    await use(browser, root);
    const pid = Number(await readFile(join(root, "pid"), "utf8"));
    assert.throws(() => process.kill(pid, 0), { code: "ESRCH" }, "the browser still runs");
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const skip = process.platform === "win32" && "a script with #! is no program there";

test("chromium gives the page's report and ends the browser", { skip }, async () => {
  await withBrowser(`post('{"kernel":"simd"}');`, async (browser, root) =>
    assert.deepEqual(await chromium(browser, root), { kernel: "simd" }),
  );
});

test("chromium ends the browser when answering the page throws", {
  skip,
}, async () => {
  await withBrowser(`fetch(new URL("/dist/absent.js", page));`, async (browser, root) => {
    await assert.rejects(chromium(browser, root), { code: "ENOENT" });
  });
  await withBrowser(`post("{");`, async (browser, root) => {
    await assert.rejects(chromium(browser, root), { name: "SyntaxError" });
  });
});

test("chromium ends the browser when the page reports an error or asks for what is not served", {
  skip,
}, async () => {
  await withBrowser(`post('{"error":"lost"}');`, async (browser, root) => {
    await assert.rejects(chromium(browser, root), { message: "lost" });
  });
  await withBrowser(
    `fetch(new URL("/etc/passwd", page)).then(() => post("{}"));`,
    async (browser, root) => {
      await assert.rejects(chromium(browser, root), { message: "the page asked for /etc/passwd" });
    },
  );
});
