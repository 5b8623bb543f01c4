import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { VERSION } from "../../lib/cli/version.ts";
import { inFolder, runCli } from "../helpers/cli.ts";
import { ROOT } from "../helpers/sources.ts";

test("--version prints the package's version", async () => {
  const { version, bin } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  assert.equal(VERSION, version);
  assert.deepEqual(bin, { twolayer: "dist/cli/main.js" });
  await inFolder((folder) =>
    assert.deepEqual(runCli(folder, ["--version"]), {
      status: 0,
      stdout: `${version}\n`,
      stderr: "",
    }),
  );
});
