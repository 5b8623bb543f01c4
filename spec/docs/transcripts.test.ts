// Every transcript in README.md and docs/ is what the commands print: a block in the language
// console, where a line `$ twolayer …` or `$ npx twolayer …` is a command, and what follows is all
// it prints on standard output, or its beginning and a line "…". The commands of a page run in the
// order of the page, in a folder that holds iris.csv at first.
import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { inFolder, runCli } from "../helpers/cli.ts";
import { ROOT } from "../helpers/sources.ts";
import { type Block, blocksOf, writtenPages } from "./pages.ts";

type Command = { args: string[]; output: string[] };

/** The commands of a transcript, each with the lines below it. */
function commandsOf({ path, code, line }: Block): Command[] {
  const commands: Command[] = [];
  for (const text of code.split("\n").slice(0, -1)) {
    const command = /^\$ (?:npx )?twolayer (.*)$/.exec(text);
    if (command !== null) {
      const args = command[1].matchAll(/"([^"]*)"|\S+/g);
      commands.push({ args: Array.from(args, ([word, quoted]) => quoted ?? word), output: [] });
    } else {
      assert.ok(commands.length > 0, `${path}:${line}: a transcript begins with "$ twolayer"`);
      commands.at(-1)!.output.push(text);
    }
  }
  return commands;
}

/** Whether these are the lines printed, or with "…" at the end the first of them. */
function isPrinted(output: readonly string[], stdout: string): boolean {
  const lines = stdout.replace(/\n$/, "").split("\n");
  if (output.at(-1) !== "…") return lines.join("\n") === output.join("\n");
  return lines.length >= output.length && output.slice(0, -1).every((line, i) => line === lines[i]);
}

for (const page of writtenPages()) {
  const blocks = blocksOf(page, ["console"]);
  if (blocks.length === 0) continue;
  test(`The commands in ${page.path} print what their transcripts show`, async (t) => {
    await inFolder(async (folder) => {
      copyFileSync(join(ROOT, "examples", "iris.csv"), join(folder, "iris.csv"));
      for (const block of blocks) {
        await t.test(`${page.path}:${block.line}`, () => {
          for (const { args, output } of commandsOf(block)) {
            const { status, stdout, stderr } = runCli(folder, args);
            assert.equal(status, 0, stderr);
            assert.ok(isPrinted(output, stdout), `twolayer ${args.join(" ")} prints:\n${stdout}`);
          }
        });
      }
    });
  });
}

test("A transcript that says something else is caught", () => {
  const page = (code: string) => ({ path: "a.md", text: `\`\`\`console\n${code}\`\`\`\n` });
  const [block] = blocksOf(page('$ npx twolayer predict "a b.csv" --proba\none\ntwo\n'), [
    "console",
  ]);
  assert.deepEqual(commandsOf(block), [
    { args: ["predict", "a b.csv", "--proba"], output: ["one", "two"] },
  ]);
  for (const [stdout, output, printed] of [
    ["one\ntwo\n", ["one", "two"], true],
    ["one\ntwo\n", ["one"], false],
    ["one\n", ["one", "two"], false],
    ["one\ntwo\n", ["one", "…"], true],
    ["one\n", ["one", "…"], false],
    ["two\nthree\n", ["one", "…"], false],
    ["one\n", ["…"], true],
  ] as const)
    assert.equal(isPrinted(output, stdout), printed, `${JSON.stringify(stdout)} ${output}`);
  assert.throws(() => commandsOf(blocksOf(page("one\n"), ["console"])[0]), /begins with/);
});
