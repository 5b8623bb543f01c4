// Report pages in Chromium: they are not wider than the window, whatever the names are, and they
// have no script, no form and no other base address.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Matrix, reportPage } from "../../dist/index.js";
import { launch } from "./visitor.js";

const LONG = "n".repeat(400);
const NAMES = {
  plain: "cat",
  long: LONG,
  spaced: `${"word ".repeat(80)}`,
  hostile: "\u202egpj.exe",
};

function pageOf(name) {
  return reportPage({
    title: name,
    summary: name,
    about: { [name]: name },
    settings: { reg: 0.1, [name]: name },
    command: `twolayer train ${name}`,
    accuracy: { train: 0.9, [name]: 0.8 },
    history: { loss: [2, 1], trainAccuracy: [0.5, 0.9], valAccuracy: [0.5, 0.8] },
    evaluation: {
      name,
      actual: [0, 1, 0],
      predicted: [1, 1, 1],
      probabilities: Matrix.filled(3, 2, 0.5),
      inputs: Matrix.filled(3, 4, 1),
    },
    classes: [name, `${name}2`],
    columns: [name, "b", name, "d"],
  });
}

let browser;
let folder;
before(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), "twolayer-report-"));
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const [kind, name] of Object.entries(NAMES)) {
  test(`A report with ${kind} names is not wider than the window`, {
    timeout: 60_000,
  }, async () => {
    const path = join(folder, `${kind}.html`);
    writeFileSync(path, pageOf(name));
    for (const width of [360, 800, 1280]) {
      const page = await browser.newPage({ viewport: { width, height: 800 } });
      await page.goto(pathToFileURL(path).href);
      const widest = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(widest <= width, `${widest} of ${width} pixels`);
      await page.close();
    }
  });
}

test("A direction override in a name is spelled out", { timeout: 60_000 }, async () => {
  const page = await browser.newPage();
  await page.setContent(pageOf(NAMES.hostile));
  assert.equal(await page.textContent("h1"), "\\u202egpj.exe");
  await page.close();
});

test("The policy of a report forbids scripts, forms and base addresses", {
  timeout: 60_000,
}, async () => {
  const page = await browser.newPage();
  const refused = [];
  page.on("console", (message) => refused.push(message.text()));
  const hostile =
    '<base href="https://example.com/"><script>document.title = "run"</script>' +
    '<form action="https://example.com/"><button>send</button></form>';
  const path = join(folder, "hostile.html");
  writeFileSync(path, pageOf("cat").replace("<header>", `${hostile}<header>`));
  await page.goto(pathToFileURL(path).href);
  assert.equal(await page.title(), "cat");
  await page.evaluate(() => document.querySelector("button").click());
  await page.waitForTimeout(300);
  assert.equal(page.url(), pathToFileURL(path).href);
  for (const directive of ["base-uri", "script-src", "form-action"])
    assert.ok(
      refused.some((text) => text.includes(directive) || text.includes("default-src")),
      `${directive}: ${refused.join("\n")}`,
    );
  await page.close();
});
