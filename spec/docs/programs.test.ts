// Every program in README.md and docs/ runs and prints what its comments say. A program is a block
// in the language js or ts; those in ts, which are the examples of docstrings, also compile as
// strict TypeScript.
//
// The convention. A block is a program of its own. It may import from "twolayer" and its subpaths;
// a block that imports nothing gets every public name, so that an example can be one line. What a
// program prints is written behind the console.log:
//     console.log(a.sum()); // 21
// and what follows the first line, or all of it, below, in comments that start at the beginning of
// the line:
//     console.log(`${a}`);
//     // Matrix 1×2
//     //   1  2
// All lines printed, in the order of printing, must be all lines so announced, to the letter. Other
// comments are comments; but one that stands in the first column directly below a line that prints,
// or that closes a loop, is output: a remark there needs an empty line first.
//
// A program runs in a folder of its page that holds iris.csv.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { SUBPATHS } from "../../docs/build/declarations.ts";
import * as library from "../../lib/index.ts";
import { ROOT } from "../helpers/sources.ts";
import { type Block, blocksOf, madePages, writtenPages } from "./pages.ts";

const IMPORT = /\bfrom\s+"twolayer(?:\/(\w+))?"/g;
const folder = mkdtempSync(join(tmpdir(), "twolayer-docs-"));
after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
let programs = 0;

/** The folder that the programs of a page share. */
function folderOf(path: string): string {
  const own = join(folder, path.replaceAll(/\W/g, "-"));
  mkdirSync(own, { recursive: true });
  copyFileSync(join(ROOT, "examples", "iris.csv"), join(own, "iris.csv"));
  return own;
}

/** The lines that a block announces. */
function announced({ code }: Pick<Block, "code">): string[] {
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
    // Output may also stand below the line that ends a console.log over several lines, or a loop.
    if (!below && /^(\}|\)|\]).*;?$|^\}$/.test(line)) below = true;
  }
  return lines;
}

/**
 * A program that imports what it uses as it is; another one after `imports`, in braces, so that it
 * may use a public name for a variable. The first line stays the first, for the lines in errors.
 */
function withImports(code: string, imports: string): string {
  const program = code.search(IMPORT) >= 0 ? code : `${imports} { ${code}\n}`;
  return `${program}\nexport {};\n`;
}

/** Runs a block and returns the lines it prints. */
async function run({ path, code }: Block): Promise<string[]> {
  const names = `import { ${Object.keys(library).join(", ")} } from "twolayer";`;
  const program = withImports(code, names).replaceAll(IMPORT, (_, subpath = "index") => {
    const url = new URL(`../../lib/${subpath}.ts`, import.meta.url);
    return `from ${JSON.stringify(url.href)}`;
  });
  const own = folderOf(path);
  const file = join(own, `block-${++programs}.mts`);
  writeFileSync(file, program);
  const lines: string[] = [];
  const { log } = console;
  const home = process.cwd();
  console.log = (...values: unknown[]) => void lines.push(...format(...values).split("\n"));
  process.chdir(own);
  try {
    await import(pathToFileURL(file).href);
  } finally {
    console.log = log;
    process.chdir(home);
  }
  return lines;
}

const pages = [...writtenPages(), ...madePages()];
const blocks = pages.flatMap((page) => blocksOf(page, ["js", "ts"]));

test("README.md and the reference have programs", () => {
  for (const path of ["README.md", "docs/api/core.md"])
    assert.ok(
      blocks.some((block) => block.path === path && announced(block).length > 0),
      path,
    );
});

for (const block of blocks) {
  test(`The program at ${block.path}:${block.line} prints what it says`, async () => {
    assert.deepEqual(await run(block), announced(block));
  });
}

test("The programs in TypeScript compile as strict TypeScript", () => {
  const typed = join(folder, "typed");
  mkdirSync(typed);
  const entries = SUBPATHS.map((entry) =>
    readFileSync(join(ROOT, "lib", `${entry}.ts`), "utf8"),
  ).join("");
  const everything = [...entries.matchAll(/^export (type )?\{([^}]*)\} from/gm)]
    .map(([, type = "", names]) =>
      `import ${type}{ ${names} } from "twolayer";`.replace(/\s+/g, " "),
    )
    .join(" ");
  for (const { path, code, line, language } of blocks) {
    if (language !== "ts") continue;
    writeFileSync(
      join(typed, `${path.replaceAll(/\W/g, "-")}-${line}.mts`),
      withImports(code, everything),
    );
  }
  const settings = {
    extends: join(ROOT, "tsconfig.json"),
    include: ["*.mts"],
    exclude: [],
    compilerOptions: {
      noUnusedLocals: false,
      typeRoots: [join(ROOT, "node_modules", "@types")],
      paths: {
        twolayer: [join(ROOT, "lib", "index.ts")],
        "twolayer/*": [join(ROOT, "lib", "*.ts")],
      },
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
    stdout.split(/\r?\n/).filter((text) => /\berror\b/.test(text)),
    [],
  );
});

// That these tests can fail.

const sample = (code: string): Block =>
  blocksOf({ path: "sample.md", text: ["text", "```ts", code, "```", "more"].join("\n") }, [
    "ts",
  ])[0];

test("A program that prints something else, more, less or in another order is caught", async () => {
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

test("A program without imports has every public name, and one that throws fails", async () => {
  const block = sample("console.log(Matrix.identity(2).sum()); // 2");
  assert.deepEqual(await run(block), announced(block));
  await assert.rejects(run(sample("Matrix.identity(-1);")), /identity: expected integers/);
  await assert.rejects(run(sample("noSuchName();")), ReferenceError);
});

test("A program may import from a subpath", async () => {
  const block = sample(
    'import { Matrix } from "twolayer/core";\nconsole.log(Matrix.identity(2).sum()); // 2',
  );
  assert.deepEqual(await run(block), announced(block));
});

test("Blocks of other languages are left alone, and a block that does not end is caught", () => {
  const text = "```sh\nnpm test\n```\n\n```ts\nlet x = 1;\n```\n";
  assert.deepEqual(blocksOf({ path: "a.md", text }, ["ts"]), [
    { path: "a.md", line: 6, language: "ts", code: "let x = 1;\n" },
  ]);
  assert.throws(
    () => blocksOf({ path: "a.md", text: "```ts\nlet x = 1;\n" }, ["ts"]),
    /a\.md:2: the block does not end/,
  );
});
