import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS, loadCommand } from "../../lib/cli/command-list.ts";

test("Every name loads the command of its name", async () => {
  for (const name of Object.keys(COMMANDS) as (keyof typeof COMMANDS)[])
    assert.equal((await loadCommand(name)).name, name);
});

test("Every summary is one sentence without its full stop", () => {
  for (const summary of Object.values(COMMANDS)) assert.match(summary, /^[A-Z][^.\n]+[^.\s]$/);
});
