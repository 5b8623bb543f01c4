// README.md tells the truth: every ```ts block is a program that is run, and prints what its
// comments say; every
// ```console block is a transcript of commands that are run. The programs also compile as strict TypeScript.
//
// The convention. A block is a program of its own. It may import from "twolayer"; a block that imports nothing gets every
// public name of the library, so that an example can be one line. What it prints is written behind the console.log:
//     console.log(a.sum()); // 21
// and what follows the first line, or all of it, below, in comments that start at the beginning of the line:
//     console.log(`${a}`);
//     // Matrix 1×2
//     //   1  2
// All lines printed, in the order of printing, must be all lines so announced, to the letter: a line too few, too many or
// other fails, and so does output of a loop that is not written out. Other comments are comments, but one that stands in the
// first column directly below a line that prints, or that closes a loop, is output: a remark there needs an empty line first.
//
// In a transcript a line `$ twolayer …` is a command, and what follows is all it prints on stdout, or its beginning and a
// line "…". Programs and commands run in a folder that holds iris.csv; the commands in the order of the page.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import * as library from "../lib/index.ts";
import * as sizes from "../lib/kernels/sizes.ts";
import { runCli } from "./helpers/cli.ts";
import { ROOT } from "./helpers/sources.ts";

type Block = { line: number; code: string };

const INDEX = new URL("../lib/index.ts", import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), "twolayer-readme-"));
after(() => rmSync(folder, { recursive: true, force: true }));
copyFileSync(join(ROOT, "spec", "fixtures", "data", "iris.csv"), join(folder, "iris.csv"));
let programs = 0;

/** The blocks of a text in this language, each with the number of its first line. */
function blocksOf(markdown: string, language: "ts" | "console" = "ts"): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  markdown.split(/\r?\n/).forEach((line, i) => {
    if (open === undefined) {
      if (line === `\`\`\`${language}`) open = { line: i + 2, code: "" };
    } else if (line === "```") {
      blocks.push(open);
      open = undefined;
    } else {
      open.code += `${line}\n`;
    }
  });
  assert.equal(open, undefined, `README.md:${open?.line}: the block does not end`);
  return blocks;
}

/** The lines that a block announces. */
function announced({ code }: Block): string[] {
  const lines: string[] = [];
  let below = false; // whether this line stands below one that prints, or below its output
  for (const line of code.split("\n")) {
    const output = /^\/\/ ?(.*)$/.exec(line);
    if (output !== null) {
      if (below) lines.push(output[1]);
      continue;
    }
    below = /\bconsole\.log\(/.test(line);
    const behind = /\bconsole\.log\(.*\);?(?:\s*\})?\s*\/\/ ?(.*)$/.exec(line);
    if (behind !== null) lines.push(behind[1]);
    // a console.log over several lines, or in a loop: the line that ends it is the one below which
    // output stands
    if (!below && /^(\}|\)|\]).*;?$|^\}$/.test(line)) below = true;
  }
  return lines;
}

/** Runs a block and returns the lines it prints. */
async function run({ code }: Block): Promise<string[]> {
  const names = Object.keys(library).join(", ");
  const imports = /\bfrom\s+"twolayer"/.test(code) ? "" : `import { ${names} } from "twolayer";`;
  // on one line with the block's first, so that line numbers in errors are those of the block
  const program = `${imports}${code}\nexport {};\n`.replaceAll(
    /\bfrom\s+"twolayer"/g,
    `from ${JSON.stringify(INDEX)}`,
  );
  const path = join(folder, `block-${++programs}.mts`);
  writeFileSync(path, program);
  const lines: string[] = [];
  const { log } = console;
  const home = process.cwd();
  console.log = (...values: unknown[]) => void lines.push(...format(...values).split("\n"));
  process.chdir(folder); // where files that an example writes do no harm
  try {
    await import(pathToFileURL(path).href);
  } finally {
    console.log = log;
    process.chdir(home);
  }
  return lines;
}

const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const blocks = blocksOf(readme);

test("README.md has programs", () => {
  assert.ok(blocks.length > 0);
  assert.ok(
    blocks.some((block) => announced(block).length > 0),
    "and at least one that prints",
  );
});

for (const block of blocks) {
  test(`README.md:${block.line} prints what it says`, async () => {
    assert.deepEqual(await run(block), announced(block));
  });
}

test("The programs of README.md compile as strict TypeScript", () => {
  const typed = join(folder, "typed");
  mkdirSync(typed);
  const entries = ["core", "data", "formats", "model", "report"]
    .map((entry) => readFileSync(join(ROOT, "lib", `${entry}.ts`), "utf8"))
    .join("");
  const everything = [...entries.matchAll(/^export (type )?\{([^}]*)\} from/gm)]
    .map(([, type = "", names]) => `import ${type}{ ${names} } from "twolayer";`)
    .join(" ");
  for (const { code, line } of blocks) {
    writeFileSync(
      join(typed, `README-${line}.mts`),
      `${/\bfrom\s+"twolayer"/.test(code) ? "" : everything}${code}\nexport {};\n`,
    );
  }
  const settings = {
    extends: join(ROOT, "tsconfig.json"),
    include: ["*.mts"],
    exclude: [],
    compilerOptions: {
      noUnusedLocals: false,
      typeRoots: [join(ROOT, "node_modules", "@types")],
      paths: { twolayer: [join(ROOT, "lib", "index.ts")] },
    },
  };
  writeFileSync(join(typed, "tsconfig.json"), JSON.stringify(settings));
  const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const { stdout, error } = spawnSync(process.execPath, [tsc, "-p", typed, "--pretty", "false"], {
    cwd: typed,
    encoding: "utf8",
  });
  assert.equal(error, undefined);
  assert.deepEqual(
    stdout.split(/\r?\n/).filter((text) => text.startsWith("README-") || text.startsWith("error")),
    [],
  );
});

type Command = { words: string[]; output: string[] };

/** The commands of a transcript, each with the lines below it. */
function commandsOf({ code, line }: Block): Command[] {
  const commands: Command[] = [];
  for (const text of code.split("\n").slice(0, -1)) {
    const command = /^\$ twolayer (.*)$/.exec(text);
    if (command !== null) {
      commands.push({
        words: Array.from(
          command[1].matchAll(/"([^"]*)"|\S+/g),
          ([word, quoted]) => quoted ?? word,
        ),
        output: [],
      });
    } else {
      assert.ok(commands.length > 0, `README.md:${line}: a transcript begins with "$ twolayer"`);
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

for (const block of blocksOf(readme, "console")) {
  test(`README.md:${block.line} is what the commands print`, () => {
    const commands = commandsOf(block);
    assert.ok(commands.length > 0);
    for (const { words, output } of commands) {
      const { status, stdout, stderr } = runCli(folder, words);
      assert.equal(status, 0, stderr);
      assert.ok(isPrinted(output, stdout), `twolayer ${words.join(" ")} prints:\n${stdout}`);
    }
  });
}

test("README.md draws the blocks of the product in the sizes they have", () => {
  const drawn = [...readme.matchAll(/\b([A-Z_]{2,}) = (\d+)\b/g)].filter(
    ([, name]) => name in sizes && name !== "MR",
  );
  assert.deepEqual(
    new Set(drawn.map(([, name]) => name)),
    new Set(["KC", "MC", "NC", "NR", "BAND", "SMALL_WORK"]),
  );
  for (const [text, name, size] of drawn) assert.equal(Number(size), sizes[name as "KC"], text);
  const { BAND, C_SIZE, MR, NC, NR } = sizes;
  for (const text of [
    `${Math.floor(C_SIZE / NC / BAND) * BAND} rows × NC`,
    `MR = ${MR.simd} rows`,
    `the tile is then ${MR.fma}×${NR}`,
  ]) {
    assert.ok(readme.includes(text), text);
  }
});

test("README.md shows the hashes that every engine must give", () => {
  const hashes: Record<string, string> = JSON.parse(
    readFileSync(join(ROOT, "spec", "runtimes", "hashes.json"), "utf8"),
  );
  for (const [name, hash] of Object.entries(hashes))
    assert.ok(readme.includes(`  ${hash.slice(0, 12)}`), name);
});

test("README.md names only npm scripts that exist", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const named = [...readme.matchAll(/\bnpm run ([\w:-]+)|\bnpm (start|test)\b/g)].map(
    ([, run, short]) => run ?? short,
  );
  assert.ok(named.length > 0, "README.md says how to start");
  for (const name of named) assert.ok(name in scripts, `npm run ${name}`);
});

test("README.md links only to files that exist, and to headings it has", () => {
  const anchors = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
  for (const [, target] of readme.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^(https?|mailto):/.test(target)) continue;
    const [path, anchor] = target.split("#");
    if (path !== "") readFileSync(join(ROOT, path));
    else assert.ok(anchors.includes(anchor), `there is no heading for ${target}`);
  }
});

// That the test can fail.

const sample = (code: string): Block =>
  blocksOf(["text", "```ts", code, "```", "more"].join("\n"))[0];

test("A block that prints something else, more, less or in another order is caught", async () => {
  const good = sample(
    [
      'import { Matrix } from "twolayer";',
      "// a remark that is no output",
      "const a = Matrix.fromRows([[1, 2]]);",
      "console.log(a.sum()); // 3",
      "",
      "// another remark",
      "console.log(`${a}`);",
      "// Matrix 1×2",
      "//   1  2",
      "for (const value of a.data) console.log(value);",
      "// 1",
      "// 2",
      "for (const value of a.data) {",
      "  console.log(-value);",
      "}",
      "// -1",
      "// -2",
    ].join("\n"),
  );
  const expected = ["3", "Matrix 1×2", "  1  2", "1", "2", "-1", "-2"];
  assert.deepEqual(announced(good), expected);
  assert.deepEqual(await run(good), expected);
  for (const [from, to] of [
    ["// 3", "// 4"],
    ["// 3", ""],
    ["// -1\n// -2", "// -2\n// -1"],
    ["//   1  2", "//  1  2"],
    ["// -2", "// -2\n// -3"],
  ]) {
    const bad = { ...good, code: good.code.replace(from, to) };
    assert.notEqual(bad.code, good.code);
    assert.notDeepEqual(await run(bad), announced(bad));
  }
});

test("A block without imports has every public name, and one that throws fails", async () => {
  const block = sample("console.log(Matrix.identity(2).sum()); // 2");
  assert.deepEqual(await run(block), announced(block));
  await assert.rejects(run(sample("Matrix.identity(-1);")), /identity: expected integers/);
  await assert.rejects(run(sample("noSuchName();")), ReferenceError);
});

test("A transcript that says something else is caught", () => {
  const [block] = blocksOf(
    '```console\n$ twolayer predict "a b.csv" --proba\none\ntwo\n```\n',
    "console",
  );
  assert.deepEqual(commandsOf(block), [
    { words: ["predict", "a b.csv", "--proba"], output: ["one", "two"] },
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
  assert.throws(() => commandsOf(blocksOf("```console\none\n```\n", "console")[0]), /begins with/);
});

test("Blocks of other languages are left alone, and a block that does not end is caught", () => {
  assert.deepEqual(blocksOf("```sh\nnpm test\n```\n\n```ts\nlet x = 1;\n```\n"), [
    { line: 6, code: "let x = 1;\n" },
  ]);
  assert.throws(() => blocksOf("```ts\nlet x = 1;\n"), /does not end/);
});
