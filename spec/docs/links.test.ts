// Links in README.md, docs/ and the other Markdown files lead to files and headings that exist, and
// npm scripts that they name are in package.json.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
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

const ignored = readFileSync(join(ROOT, ".gitignore"), "utf8").trim().split(/\r?\n/);

/** Whether .gitignore keeps a file out of the repository, though builds may have made it here. */
const isIgnored = (file: string): boolean =>
  ignored.some((line) =>
    line.startsWith("*")
      ? file.endsWith(line.slice(1))
      : `/${file}/`.includes(`/${line.replaceAll(/^\/|\/$/g, "")}/`),
  );

/** Links as titles, references or HTML make them: brokenLinks does not follow these. */
const OTHER_LINKS = /\]\((?![^)\s]+\)).*|^\[[^\]]+\]:.*|<(?:a|img|source)\b[^>]*>/gm;

/** What is wrong with the links of a page, a line each. */
function brokenLinks(page: Page): string[] {
  const prose = page.text.replaceAll(/^```[^]*?^```$/gm, "").replaceAll(/`[^`\n]*`/g, "code");
  const others = Array.from(prose.matchAll(OTHER_LINKS), ([text]) => `${text}: not [text](target)`);
  const broken = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target]) => {
    if (/^(https?|mailto):/.test(target)) return [];
    const [path, anchor] = target.split("#");
    const file = path === "" ? page.path : posix.join(posix.dirname(page.path), path);
    const there = path === "" ? page : pages.get(file);
    if (isIgnored(file)) return [`${target}: not in the repository`];
    if (there === undefined && !existsSync(join(ROOT, file))) return [`${target}: no such file`];
    if (anchor === undefined) return [];
    const known = there !== undefined && anchorsOf(there).includes(anchor);
    return known ? [] : [`${target}: no such heading`];
  });
  return [...others, ...broken];
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
  const text = `# A title
[a](#a-title) [b](#b) [c](README.md) [d](none.md) [e](README.md#none) [f](https://example.org)
[g](dist/index.js) [h](spec/format/node_modules/x/README.md) [i](LICENSE)
[j](LICENSE "title")
[k][l]
[l]: none.md
<img src="none.svg">
`;
  assert.deepEqual(brokenLinks({ path: "a.md", text }), [
    '](LICENSE "title"): not [text](target)',
    "[l]: none.md: not [text](target)",
    '<img src="none.svg">: not [text](target)',
    "#b: no such heading",
    "none.md: no such file",
    "README.md#none: no such heading",
    "dist/index.js: not in the repository",
    "spec/format/node_modules/x/README.md: not in the repository",
  ]);
});
