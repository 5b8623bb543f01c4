// A search whose worker threads are not to be had: too many processes, or no permission. It uses
// those that there are, says so, and the first signal ends it.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { test } from "node:test";
import { command, inFolder, runCli, writeModel } from "../helpers/cli.ts";
import { HAS_BASH, runShell } from "../helpers/shell.ts";

const SEARCH = [
  ...["search", "shapes.csv", "--label", "shape", "--ignore", "id", "--categorical", "color"],
  ...["--learning-rate", "0.01,0.02", "--hidden", "4,6", "--reg", "0"],
];
const SHORT = [...SEARCH, "--iterations", "50"];
const HAS_SETPRIV =
  HAS_BASH && process.getuid!() === 0 && spawnSync("setpriv", ["--version"]).status === 0;
const LIMITED = {
  skip: !HAS_SETPRIV && "only root can become a user with few processes",
  timeout: 120_000,
};
const prefix = ["setpriv", "--reuid=12399", "--regid=12399", "--clear-groups"];
const RUN = `"${process.execPath}" "${command()}"`;

test(
  "A search with too few processes uses fewer workers, with the same results",
  LIMITED,
  async () => {
    await inFolder(async (folder) => {
      writeModel(folder);
      execFileSync("chmod", ["-R", "a+rwX", folder]);
      const expected = runCli(folder, [...SHORT, "--workers", "0"]);
      assert.equal(expected.status, 0, expected.stderr);
      let fewer = 0;
      for (let limit = 8; limit <= 24 && fewer === 0; limit++) {
        const script = `ulimit -u ${limit}; ${RUN} ${SHORT.join(" ")} --workers 4`;
        const { status, stdout, stderr, timedOut } = await runShell(folder, script, { prefix });
        assert.equal(timedOut, false, `${limit} processes: ${stderr}`);
        // with too few processes Node itself cannot start
        if (status !== 0 && !stderr.includes("twolayer")) continue;
        assert.equal(status, 0, stderr);
        assert.equal(stdout, expected.stdout);
        if (/^search: [0-3] of 4 worker threads \(/m.test(stderr)) fewer++;
      }
      assert.ok(fewer > 0, "no limit left fewer workers");
    });
  },
);

test("A signal ends a search that has fewer workers than it asked for", LIMITED, async () => {
  await inFolder(async (folder) => {
    writeModel(folder);
    execFileSync("chmod", ["-R", "a+rwX", folder]);
    const search = `${SEARCH.join(" ")} --iterations 900000000 --workers 4`;
    const script = `ulimit -u 14; start ${search} & sleep 1; kill -TERM $!; wait $!; echo $?`;
    const { stdout, timedOut } = await runShell(folder, script, { prefix });
    assert.equal(timedOut, false);
    assert.match(stdout, /^(143|134|1)\n$/); // 134 or 1: Node itself could not start
  });
});

const PERMISSION = ["--permission", "--experimental-permission"].find(
  (flag) => spawnSync(process.execPath, [flag, "--allow-fs-read=*", "-e", "0"]).status === 0,
);

test("A search without permission for workers trains in its own thread and says so", {
  skip: PERMISSION === undefined && "this Node has no permissions",
}, async () => {
  await inFolder((folder) => {
    writeModel(folder);
    const expected = runCli(folder, [...SHORT, "--workers", "0"]);
    const flags = [PERMISSION!, "--allow-fs-read=*", "--allow-fs-write=*", "--no-warnings"];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [...flags, command(), ...SHORT, "--workers", "2"],
      { cwd: folder, encoding: "utf8", timeout: 60_000, killSignal: "SIGKILL" },
    );
    assert.equal(status, 0, stderr);
    assert.equal(stdout, expected.stdout);
    assert.match(stderr, /^search: 0 of 2 worker threads \(.*\)\n1\/4 /);
  });
});
