// Links in README.md, docs/ and the other Markdown files lead to files and headings that exist, and
// npm scripts that they name are in package.json.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join, posix, sep } from "node:path";
import { test } from "node:test";
import manifest from "../../package.json" with { type: "json" };
import { ROOT } from "../helpers/sources.ts";
import { anchorsOf, madePages, type Page, readPage, writtenPages } from "./pages.ts";

const otherPages = ["examples", "spec", "bench"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.split(sep).join("/")}`)
    .filter((path) => path.endsWith(".md") && !path.includes("node_modules/")),
);
const pages = new Map(
  [
    ...writtenPages(),
    ...madePages(),
    ...["CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", ...otherPages].map(readPage),
  ].map((page) => [page.path, page]),
);

/** What is wrong with the links of a page, a line each. */
function brokenLinks(page: Page): string[] {
  const prose = page.text.replaceAll(/^```[^]*?^```$/gm, "").replaceAll(/`[^`\n]*`/g, "code");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => {
    if (/^(https?|mailto):/.test(target)) return [];
    const [path, anchor] = target.split("#");
    const file = path === "" ? page.path : posix.join(posix.dirname(page.path), path);
    const there = path === "" ? page : pages.get(file);
    if (there === undefined && !existsSync(join(ROOT, file))) return [`${target}: no such file`];
    if (anchor === undefined) return [];
    const known = there !== undefined && anchorsOf(there).includes(anchor);
    return known ? [] : [`${target}: no such heading`];
  });
}

test("Every link leads to a file, and to a heading, that exists", () => {
  const broken = [...pages.values()].flatMap((page) =>
    brokenLinks(page).map((fault) => `${page.path}: ${fault}`),
  );
  assert.deepEqual(broken, []);
});

test("Every page of docs can be reached from README.md", () => {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    const page = pages.get(path);
    if (page === undefined || reached.has(path)) return;
    reached.add(path);
    for (const [, target] of page.text.matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g))
      if (!/^(https?|mailto):/.test(target)) visit(posix.join(posix.dirname(path), target));
  };
  visit("README.md");
  const docs = [...pages.keys()].filter((path) => path.startsWith("docs/"));
  assert.deepEqual(
    docs.filter((path) => !reached.has(path)),
    [],
  );
});

test("Every npm script that a page names exists", () => {
  for (const { path, text } of pages.values()) {
    // `npm --prefix FOLDER run NAME` names a script of another package.
    const named = text.matchAll(/\bnpm run ([\w:-]+)|\bnpm (start|test)\b/g);
    for (const [, run, short] of named)
      assert.ok((run ?? short) in manifest.scripts, `${path}: npm run ${run ?? short}`);
  }
});

test("A broken link is found", () => {
  const text = "# A title\n[a](#a-title) [b](#b) [c](README.md) [d](none.md) [e](README.md#none)\n";
  assert.deepEqual(brokenLinks({ path: "a.md", text: `${text}[f](https://example.org)` }), [
    "#b: no such heading",
    "none.md: no such file",
    "README.md#none: no such heading",
  ]);
});
