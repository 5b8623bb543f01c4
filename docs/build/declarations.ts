// The declarations of lib as tsc writes them, and where each public name is declared.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type DeclarationFile,
  readDeclarations as readFile,
  type Source,
} from "../../lib/build/declaration-file.ts";
import { compile } from "../../lib/build/declarations.ts";
import { type Entry, entryOf } from "./docstrings.ts";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The entry files of lib: each is a subpath of the package and a page of the reference. */
export const SUBPATHS = ["core", "data", "formats", "model", "report", "search"] as const;
export type Subpath = (typeof SUBPATHS)[number];

/** A public name: the file that declares it, as in "net/params.ts", and its declaration. */
export type Export = { name: string; file: string; entry: Entry };

export type Declarations = {
  exportsOf(subpath: Subpath): Export[];
  /** The declaration of a name as a file sees it: its own or an imported one. */
  find(file: string, name: string): Export | undefined;
};

/** Compiles lib and returns its declarations. */
export function readDeclarations(): Declarations {
  const files = compileAll();
  const find = (file: string, name: string): Export | undefined => {
    const { declarations, imported } = files.get(file)!;
    const own = declarations.get(name);
    if (own !== undefined) return { name, file, entry: entryOf(withChoices(own, declarations)) };
    const from = imported.get(name);
    return from === undefined ? undefined : find(from.file, from.name);
  };
  const exported = (source: Source): Export => {
    const found = find(source.file, source.name);
    if (found === undefined)
      throw new Error(`docs: ${source.file} has no declaration of ${source.name}`);
    // A class that is exported as a type cannot be constructed by the user.
    if (source.typeOnly)
      found.entry.members = found.entry.members.filter(({ name }) => name !== "constructor");
    return found;
  };
  return {
    exportsOf: (subpath) => [...files.get(`${subpath}.ts`)!.exported.values()].map(exported),
    find,
  };
}

/** `(typeof NAMES)[number]` as the strings that it stands for. */
function withChoices(text: string, declarations: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\(typeof (\w+)\)\[number\]/g, (whole, name) => {
    const list = /readonly \[([^\]]*)\]/.exec(declarations.get(name) ?? "");
    return list === null ? whole : list[1].replaceAll(", ", " | ");
  });
}

/** The declarations of every file that the entry files reach. */
function compileAll(): Map<string, DeclarationFile> {
  const folder = mkdtempSync(join(tmpdir(), "twolayer-api-"));
  try {
    compile(join(ROOT, "lib"), folder);
    const files = new Map<string, DeclarationFile>();
    const visit = (file: string): void => {
      if (files.has(file)) return;
      const read = readFile(folder, file);
      files.set(file, read);
      for (const source of [...read.imported.values(), ...read.exported.values()])
        visit(source.file);
    };
    for (const subpath of SUBPATHS) visit(`${subpath}.ts`);
    return files;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
