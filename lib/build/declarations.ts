// The types of the package in one file: types.d.cts holds the declarations that the public names
// reach, and every entry re-exports its names from it. The compiler tells from a file's extension
// which kind of module it is for: an ES module may take types from CommonJS, not the other way.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type DeclarationFile, readDeclarations, type Source } from "./declaration-file.ts";

/** Writes the types of the parts and of the index. */
export function writeDeclarations(lib: string, dist: string, parts: readonly string[]): void {
  const folder = mkdtempSync(join(tmpdir(), "twolayer-types-"));
  try {
    compile(lib, folder);
    const files = new Map<string, DeclarationFile>();
    const read = (file: string): DeclarationFile => {
      if (!files.has(file)) files.set(file, readDeclarations(folder, file));
      return files.get(file)!;
    };
    const names = new Map(parts.map((part) => [part, read(`${part}.ts`).exported]));
    const whole = gather(
      [...names.values()].flatMap((exported) => [...exported]),
      read,
    );
    writeFileSync(join(dist, "types.d.cts"), whole);
    for (const types of ["d.ts", "d.cts"]) {
      const reexport = (entry: string, exported: Iterable<string>): void => {
        const list = [...exported].join(", ");
        writeFileSync(join(dist, `${entry}.${types}`), `export { ${list} } from "./types.cjs";\n`);
      };
      for (const [part, exported] of names) reexport(part, exported.keys());
      reexport(
        "index",
        [...names.values()].flatMap((exported) => [...exported.keys()]),
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes the types of each file of lib into `folder`. */
export function compile(lib: string, folder: string): void {
  const typescript = createRequire(import.meta.url).resolve("typescript/package.json");
  const tsc = join(dirname(typescript), "bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", lib, "--outDir", folder], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`tsc -p ${lib}:\n${stdout}`);
}

/** One file of all public declarations and those they mention, with the public ones exported. */
function gather(
  exported: readonly [string, Source][],
  read: (file: string) => DeclarationFile,
): string {
  const keyOf = ({ file, name }: Source): string => `${file} ${name}`;
  /** Where the declaration is that a file imports, perhaps through others. */
  const declared = (source: Source): Source => {
    const imported = read(source.file).imported.get(source.name);
    return imported === undefined ? source : declared(imported);
  };
  const names = new Map(exported.map(([name, source]) => [keyOf(declared(source)), name]));
  const taken = new Set(names.values());
  const texts = new Map<string, string>();
  /** Adds a declaration with all that it mentions, and returns its name in the result. */
  const add = (source: Source): string => {
    const key = keyOf(source);
    if (!names.has(key)) names.set(key, freeName(source.name, taken));
    if (texts.has(key)) return names.get(key)!;
    texts.set(key, ""); // keeps its place before those that it mentions
    const { declarations, imported } = read(source.file);
    const text = declarations.get(source.name);
    if (text === undefined)
      throw new Error(`build: ${source.file} does not declare ${source.name}`);
    const renamed = new Map<string, string>();
    for (const word of new Set(codeIn(text).match(WORD)))
      if (declarations.has(word) || imported.has(word))
        renamed.set(word, add(declared({ ...source, name: word })));
    texts.set(
      key,
      text.replace(WORD, (word) => renamed.get(word) ?? word),
    );
    return names.get(key)!;
  };
  for (const [, source] of exported) add(declared(source));
  const list = exported.map(([name]) => name).join(", ");
  return `${[...texts.values()].join("\n")}\nexport { ${list} };\n`;
}

const WORD = /[A-Za-z_$][\w$]*/g;

/** A declaration without its comments and strings. */
const codeIn = (text: string): string => text.replace(/\/\*[^]*?\*\/|\/\/.*|"[^"\n]*"/g, "");

/** The name, or the name with the first number that makes it one of its own. */
function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let i = 2; taken.has(free); i++) free = `${name}${i}`;
  taken.add(free);
  return free;
}
