// The generated pages are up to date, and the docstrings say enough: every public name has a
// sentence, its errors and an example. That the examples print what they say is programs.test.ts's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readApi } from "../../docs/build/api.ts";
import { readDeclarations, SUBPATHS } from "../../docs/build/declarations.ts";
import type { Entry } from "../../docs/build/docstrings.ts";
import * as library from "../../lib/index.ts";
import { anchorsOf, madePages, readPage } from "./pages.ts";

const declarations = readDeclarations();
const entries = SUBPATHS.flatMap((subpath) =>
  declarations.exportsOf(subpath).map(({ entry }) => entry),
);
const values = entries.filter(({ name }) => name in library);
const api = readApi();
const { pages } = api;
const examplesOf = ({ examples, members }: Entry): string =>
  [...examples, ...members.flatMap((member) => member.examples)].join("\n");

for (const { path, text } of madePages()) {
  test(`${path} is as the code makes it now`, () => {
    assert.ok(readPage(path).text === text, "run: npm run docs");
  });
}

test("The reference has every public value once", () => {
  const shown = pages.flatMap(({ sections }) =>
    sections.flatMap(({ items }) => items.filter(({ name }) => name in library)),
  );
  assert.deepEqual(shown.map(({ name }) => name).sort(), Object.keys(library).sort());
});

test("Every public type stands on the page of the subpath that exports it", () => {
  for (const { subpath, sections, otherTypes } of pages) {
    const items = sections.flatMap(({ items }) => items);
    const shown = [...items, ...items.flatMap(({ types }) => types), ...otherTypes];
    const names = new Set(shown.map(({ name }) => name));
    for (const { name } of declarations.exportsOf(subpath)) assert.ok(names.has(name), name);
  }
});

test("Every type that a public signature mentions can be imported", () => {
  const inner = pages.flatMap(({ sections }) =>
    sections.flatMap(({ items }) => items.flatMap(({ types }) => types.map(({ name }) => name))),
  );
  assert.deepEqual(
    inner.filter((name) => !api.ownerOf.has(name)),
    [],
  );
});

test("Every public name has a sentence", () => {
  for (const { name, text, members } of entries) {
    assert.match(text, /^[^@]*[.!:…)]$/, name);
    for (const member of members) {
      const needsNone = /^(readonly |constructor|\[Symbol)/.test(member.code);
      assert.ok(member.text !== "" || needsNone, `${name}.${member.name}`);
    }
  }
});

test("Every public function and class says what it throws", () => {
  for (const entry of values) {
    if (entry.kind === "const") continue;
    const text = [entry.text, ...entry.members.map((member) => member.text)].join(" ");
    assert.match(text, /\b([Tt]hrown?|[Tt]hrows)\b/, entry.name);
  }
});

test("Every public function and constant has an example that uses it and prints", () => {
  const missing = values
    .filter((entry) => {
      const example = examplesOf(entry);
      const named = entry.kind === "class" || new RegExp(`\\b${entry.name}\\b`).test(example);
      return !named || !example.includes("console.log");
    })
    .map(({ name }) => name);
  assert.deepEqual(missing, []);
});

test("Every method of a public class has an example of its own", () => {
  const obvious = ["constructor", "[Symbol.iterator]", "[Symbol.asyncIterator]"];
  const missing = values.flatMap((entry) =>
    entry.members
      .filter(({ name, kind }) => kind === "function" && !obvious.includes(name))
      .filter(({ examples }) => examples.length === 0)
      .map(({ name }) => `${entry.name}.${name}`),
  );
  assert.deepEqual(missing, []);
});

test("The headings of a page have different anchors", () => {
  for (const page of madePages()) {
    const anchors = anchorsOf(page);
    assert.deepEqual(
      anchors.filter((anchor) => /-\d+$/.test(anchor)),
      [],
      page.path,
    );
  }
});
