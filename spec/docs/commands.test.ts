// Commands that README.md and docs/ mention, in code spans and in blocks, use commands and options
// that exist. Transcripts are run by transcripts.test.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { blocksOf, madeCliPage, type Page, writtenPages } from "./pages.ts";

const OPTION = /(?<![\w-])--[a-z][a-z0-9-]*/g;
const help = madeCliPage().text;

/** The options of each command, from docs/cli.md. */
const options = new Map(
  help
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), new Set(section.match(OPTION))]),
);

/** The commands `twolayer …` in the code of a page. */
function commandsIn(page: Page): string[] {
  const lines = blocksOf(page, ["sh", "text", "console"]).flatMap(({ code }) => code.split("\n"));
  const prose = page.text.replaceAll(/^```[^]*?^```$/gm, "");
  const spans = Array.from(prose.matchAll(/`([^`]+)`/g), ([, code]) => code.replaceAll("\n", " "));
  return [...lines, ...spans]
    .map((line) => line.replace(/^\$ /, "").replace(/^npx /, ""))
    .filter((line) => /^twolayer [a-z]/.test(line));
}

/** What is wrong with a command, or nothing. */
function fault(command: string): string[] {
  const [, name, ...rest] = command.split(/\s+/);
  const known = options.get(name);
  if (known === undefined) return [`${command}: no command ${name}`];
  const unknown =
    rest
      .join(" ")
      .match(OPTION)
      ?.filter((option) => !known.has(option)) ?? [];
  return unknown.map((option) => `${command}: no option ${option}`);
}

for (const page of writtenPages()) {
  const commands = commandsIn(page);
  if (commands.length === 0 || page.path === "docs/errors.md") continue;
  test(`${page.path} mentions commands and options that exist`, () => {
    assert.deepEqual(commands.flatMap(fault), []);
  });
}

test("A command or option that does not exist is found", () => {
  const text = "`twolayer train a.csv --label x --fast 1` and\n\n```sh\nnpx twolayer learn\n```\n";
  assert.deepEqual(commandsIn({ path: "a.md", text }).flatMap(fault), [
    "twolayer learn: no command learn",
    "twolayer train a.csv --label x --fast 1: no option --fast",
  ]);
});
