// The API reference in README.md is what the docstrings say, and the docstrings say enough: every
// public name has a sentence, its errors and an example. That the examples print what they say is
// readme.test.ts's.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as library from "../lib/index.ts";
import { apiReference, type Entry, readApi, withReference } from "./helpers/api-reference.ts";
import { ROOT } from "./helpers/sources.ts";

const sections = readApi();
const entries = sections.flatMap((section) => section.entries);
const values = entries.filter(({ name }) => name in library);
const types = entries.filter(({ name }) => !(name in library));
const examplesOf = ({ examples, members }: Entry): string =>
  [...examples, ...members.flatMap((member) => member.examples)].join("\n");

test("README.md holds the reference as the docstrings are now", () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8").replaceAll("\r\n", "\n");
  assert.ok(readme === withReference(readme, apiReference(sections)), "run: npm run docs");
});

test("The reference has every public value and type, once", () => {
  assert.deepEqual(values.map(({ name }) => name).sort(), Object.keys(library).sort());
  assert.equal(new Set(entries.map(({ name }) => name)).size, entries.length);
  const reference = apiReference(sections);
  for (const { name, kind, code } of values) {
    assert.ok(reference.includes(`\n#### ${kind === "class" ? "class " : ""}\`${name}\`\n`), name);
    if (kind !== "class") assert.ok(reference.includes(code), name);
  }
  for (const { code, kind } of types)
    if (kind === "type") assert.ok(reference.includes(code), code);
});

test("Every public name has a sentence", () => {
  for (const { name, text } of entries) assert.match(text, /^[^@]*[.!:…)]$/, name);
  for (const { name, members } of entries) {
    for (const member of members)
      assert.ok(
        member.text !== "" || /^(readonly |constructor|\[Symbol)/.test(member.code),
        `${name}.${member.name}`,
      );
  }
});

test("Every public function and class says what it throws", () => {
  for (const entry of values) {
    if (entry.kind === "const") continue;
    const text = [entry.text, ...entry.members.map((member) => member.text)].join(" ");
    assert.match(text, /\b([Tt]hrown?|[Tt]hrows)\b/, entry.name);
  }
});

test("Every public value has an example that prints, and every method of a class stands in one", () => {
  for (const entry of values) {
    const example = examplesOf(entry);
    assert.match(example, /console\.log/, entry.name);
    if (entry.kind !== "class")
      assert.match(example, new RegExp(`\\b${entry.name}\\b`), entry.name);
    for (const { name, kind } of entry.members) {
      if (kind === "function" && !["constructor", "toString", "[Symbol.iterator]"].includes(name)) {
        assert.match(
          entries.map(examplesOf).join("\n"),
          new RegExp(`\\b${name}\\b`),
          `${entry.name}.${name}`,
        );
      }
    }
  }
});

test("Headings are told apart by their anchors, and links lead to them", () => {
  const reference = apiReference(sections);
  const anchors = [...reference.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
  assert.equal(new Set(anchors).size, anchors.length);
  for (const [, target] of reference.matchAll(/\]\(#([^)]+)\)/g))
    assert.ok(anchors.includes(target), target);
});

test("A README without the markers, or with them twice or turned about, is refused", () => {
  const good = "a\n<!-- api -->\nold\n<!-- /api -->\nb\n";
  assert.equal(withReference(good, "new"), "a\n<!-- api -->\n\nnew\n\n<!-- /api -->\nb\n");
  assert.equal(withReference(good.replaceAll("\n", "\r\n"), "new"), withReference(good, "new"));
  const message = "api-reference: expected the lines <!-- api --> and <!-- /api --> once each";
  for (const bad of ["", "<!-- api -->\n", `${good}${good}`, "<!-- /api -->\nold\n<!-- api -->\n"])
    assert.throws(() => withReference(bad, "new"), { message });
});
