import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS } from "../../lib/cli/command-list.ts";

test("Every entry loads the command of its name", async () => {
  for (const { name, load } of COMMANDS) assert.equal((await load()).name, name);
});

test("Every summary is one sentence without its full stop", () => {
  for (const { summary } of COMMANDS) assert.match(summary, /^[A-Z][^.\n]+[^.\s]$/);
});
