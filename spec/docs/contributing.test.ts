// What CONTRIBUTING.md says about the code is so: files, functions and constants that it names.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as sizes from "../../lib/kernels/sizes.ts";
import { ROOT } from "../helpers/sources.ts";
import { readPage } from "./pages.ts";

const { text } = readPage("CONTRIBUTING.md");

test("CONTRIBUTING.md names files and folders that exist", () => {
  const paths = Array.from(
    text.matchAll(/`((?:lib|spec|bench|examples|docs)\/[\w./-]*)`/g),
    ([, path]) => path,
  ).filter((path) => !path.includes("/x/y")); // stands for any file
  assert.ok(paths.length > 20);
  assert.deepEqual(
    paths.filter((path) => !existsSync(join(ROOT, path))),
    [],
  );
});

test("The paths of a product in CONTRIBUTING.md are those of lib/kernels", () => {
  const paths = [...text.matchAll(/`((?:gemm|threads)\/[\w-]+\.ts)`(?:: (\w+))?/g)];
  assert.ok(paths.length >= 6);
  for (const [, file, name = ""] of paths) {
    const code = readFileSync(join(ROOT, "lib", "kernels", file), "utf8");
    assert.ok(code.includes(`function ${name}`), `${file}: ${name}`);
  }
  for (const [, name] of text.matchAll(/`([A-Z_]+_WORK)`/g)) assert.ok(name in sizes, name);
});

test("CONTRIBUTING.md lists every folder of lib", () => {
  const listed = Array.from(text.matchAll(/^\| `(\w+)\/` \|/gm), ([, folder]) => folder);
  const folders = readdirSync(join(ROOT, "lib"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  assert.deepEqual(listed.sort(), folders.sort());
});
