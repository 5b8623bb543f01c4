// What axe-core finds wrong for readers with assistive technology: nothing, in 30 views of report
// pages and 12 of the playground.

import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { reportPages } from "./reports.js";
import { TABS, trained, Visitor } from "./visitor.js";

const REPORT_WIDTHS = [375, 768, 1280];
const PLAYGROUND_WIDTHS = [375, 1280];
const SCHEMES = ["light", "dark"];

const visitor = new Visitor();
const screenshots = mkdtempSync(join(tmpdir(), "twolayer-views-"));

before(() => visitor.start());
after(async () => {
  await visitor.stop();
  console.log(`screenshots: ${screenshots}`);
});

/** The rules that a page breaks, each with the elements that do. */
async function violations(page) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() =>
    window.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  return found.violations.map(({ id, nodes }) => ({
    id,
    elements: nodes.slice(0, 5).map(({ html, failureSummary }) => ({
      html: html.slice(0, 200),
      failureSummary,
    })),
  }));
}

const pages = reportPages();
for (const [name, html] of Object.entries(pages)) {
  for (const width of REPORT_WIDTHS) {
    for (const colorScheme of SCHEMES) {
      test(`axe finds nothing in the report of ${name}, ${width} px, ${colorScheme}`, async () => {
        const path = join(screenshots, `${name}.html`);
        writeFileSync(path, html);
        const viewport = { width, height: 900 };
        const options = { viewport, colorScheme, bypassCSP: true };
        const context = await visitor.browser.newContext(options);
        const page = await context.newPage();
        await page.goto(pathToFileURL(path).href);
        const image = join(screenshots, `${name}-${width}-${colorScheme}.png`);
        await page.screenshot({ path: image, fullPage: true });
        assert.deepEqual(await violations(page), []);
        const sideways = await page.evaluate(
          () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
        );
        assert.equal(sideways, false, "scrolls sideways");
        await context.close();
      });
    }
  }
}

for (const tab of TABS) {
  for (const width of PLAYGROUND_WIDTHS) {
    for (const colorScheme of SCHEMES) {
      test(`axe passes the tab ${tab} of the playground, ${width} px, ${colorScheme}`, async () => {
        const look = async (page) => {
          if (tab === "digits") await trained(page);
          assert.deepEqual(await violations(page), []);
        };
        const viewport = { width, height: 900 };
        await visitor.visit(`#${tab}`, look, { viewport, colorScheme, bypassCSP: true });
      });
    }
  }
}
