// What publishing depends on: the address of the repository, which package.json states and other
// files repeat, and workflows that run nothing but what is pinned.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "./helpers/sources.ts";

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const manifest = JSON.parse(read("package.json"));
const WORKFLOWS = readdirSync(join(ROOT, ".github", "workflows"));

test("package.json states the address of the repository, and its other fields agree", () => {
  const { type, url } = manifest.repository;
  const [, address] = /^git\+(https:\/\/github\.com\/[\w-]+\/[\w-]+)\.git$/.exec(url) ?? [];
  assert.equal(type, "git");
  assert.ok(address, `repository.url is ${url}`);
  assert.equal(manifest.bugs, `${address}/issues`);
  assert.equal(manifest.homepage, `${address}#readme`);
  assert.ok(read("SECURITY.md").includes(`(${address}/security/advisories/new)`));
});

test("README names no other repository of this name, so that its links work on npm", () => {
  const address = manifest.homepage.replace(/#.*/, "");
  const own = /https:\/\/github\.com\/[\w-]+\/twolayer\b/g;
  for (const file of ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
    for (const [found] of read(file).matchAll(own)) assert.equal(found, address, file);
  // npm resolves relative links by the repository; absolute paths and parent folders it does not
  for (const [, target] of read("README.md").matchAll(/\]\(([^)\s]+)\)/g))
    assert.match(target, /^(?:https:\/\/|#|[\w-])/, target);
});

test("Every action of the workflows is pinned by the commit, with its version beside it", () => {
  let count = 0;
  for (const file of WORKFLOWS) {
    for (const [line] of read(`.github/workflows/${file}`).matchAll(/^.*\buses:.*$/gm)) {
      assert.match(line, /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, `${file}: ${line}`);
      count++;
    }
  }
  assert.ok(count >= 4);
});

test("The release workflow publishes a tag of the version with provenance, after the tests", () => {
  const release = read(".github/workflows/release.yml");
  assert.match(release, /\n {6}id-token: write\b/);
  assert.match(release, /\npermissions:\n {2}contents: read\n/);
  const steps = ["node -p 'require", "npm ci", "npm test", "npm publish --provenance"];
  const places = steps.map((step) => release.indexOf(step));
  assert.deepEqual(
    places,
    [...places].sort((a, b) => a - b),
  );
  assert.ok(places.every((place) => place > 0));
});

test(".ci/run tries what publishing would do", () => {
  assert.match(read(".ci/run"), /\nnpm publish --dry-run\b/);
});
