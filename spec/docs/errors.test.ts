// docs/errors.md: every mistake in its tables gives the message beside it.
//
// A row is | `mistake` | `message` | cure |. A mistake is JavaScript, run after the program at the
// top of the page, or a command `twolayer …`, run in a folder with iris.csv, model.safetensors (a
// model of it) and new.csv, which lacks two of its columns.
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import * as library from "../../lib/index.ts";
import { runCli } from "../helpers/cli.ts";
import { ROOT } from "../helpers/sources.ts";
import { blocksOf, readPage } from "./pages.ts";

const page = readPage("docs/errors.md");
const INDEX = new URL("../../lib/index.ts", import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), "twolayer-errors-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

type Row = { mistake: string; message: string };

/** The rows of the page's tables whose first two cells are code. */
function rowsOf(text: string): Row[] {
  const plain = (cell: string): string => cell.replaceAll("\\|", "|");
  return [...text.matchAll(/^\| (`+) ?(.+?) ?\1 \| (`+) ?(.+?) ?\3 \| .+ \|$/gm)].map(
    ([, , mistake, , message]) => ({ mistake: plain(mistake), message: plain(message) }),
  );
}

/** What the command prints on standard error, without the name in front; its first line. */
function messageOfCommand(command: string): string {
  const args = command.matchAll(/"([^"]*)"|\S+/g);
  const words = Array.from(args, ([word, quoted]) => quoted ?? word).slice(1);
  const { status, stderr } = runCli(folder, words);
  assert.notEqual(status, 0, `${command} is no mistake`);
  const lines = stderr.split("\n").filter((line) => line.startsWith("twolayer: "));
  return lines[0].slice("twolayer: ".length);
}

/** The messages of the mistakes in JavaScript, in their order. */
async function messagesOfCode(mistakes: readonly string[]): Promise<string[]> {
  const names = Object.keys(library).join(", ");
  const [prelude] = blocksOf(page, ["js"]);
  const program = [
    `import { ${names} } from ${JSON.stringify(INDEX)};`,
    prelude.code.replaceAll(/^import .*$/gm, ""),
    "export const messages = [];",
    "async function tryOut(mistake) {",
    "  try { await mistake(); messages.push('no error'); }",
    "  catch (error) { messages.push(error.name + ': ' + error.message); }",
    "}",
    ...mistakes.map((mistake) => `await tryOut(async () => { ${mistake}; });`),
  ].join("\n");
  const path = join(folder, "mistakes.mjs");
  writeFileSync(path, program);
  return (await import(pathToFileURL(path).href)).messages;
}

const rows = rowsOf(page.text);
const isCommand = ({ mistake }: Row): boolean => mistake.startsWith("twolayer ");

test("docs/errors.md has mistakes in code and on the command line", () => {
  const { length } = page.text.match(/^\| `.*` \| `/gm)!;
  assert.equal(rows.length, length, "every row has a mistake, a message and a cure");
  assert.ok(rows.some(isCommand) && !rows.every(isCommand));
});

test("Mistakes in code give the errors that docs/errors.md shows", async () => {
  const inCode = rows.filter((row) => !isCommand(row));
  const messages = await messagesOfCode(inCode.map(({ mistake }) => mistake));
  const found = inCode.map(({ mistake }, i) => ({ mistake, message: messages[i] }));
  assert.deepEqual(found, inCode);
});

test("Mistakes on the command line give the messages that docs/errors.md shows", () => {
  copyFileSync(join(ROOT, "examples", "iris.csv"), join(folder, "iris.csv"));
  writeFileSync(join(folder, "new.csv"), "sepal_length_cm,sepal_width_cm\n5.1,3.5\n");
  const { status, stderr } = runCli(folder, ["train", "iris.csv", "--label", "species"]);
  assert.equal(status, 0, stderr);
  const onLine = rows.filter(isCommand);
  const found = onLine.map(({ mistake }) => ({ mistake, message: messageOfCommand(mistake) }));
  assert.deepEqual(found, onLine);
});
