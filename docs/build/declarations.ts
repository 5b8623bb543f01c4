// The declarations of lib as tsc writes them, and where each public name is declared.
// TypeScript 7 has no JavaScript API, so the .d.ts texts are read instead of a syntax tree.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { type Entry, entriesOf } from "./docstrings.ts";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The entry files of lib: each is a subpath of the package and a page of the reference. */
export const SUBPATHS = ["core", "data", "formats", "model", "report"] as const;
export type Subpath = (typeof SUBPATHS)[number];

/** A public name: the file that declares it, without ending, and its declaration. */
export type Export = { name: string; file: string; entry: Entry };

export type Declarations = {
  exportsOf(subpath: Subpath): Export[];
  /** The declaration of a name as a file sees it: its own or an imported one. */
  find(file: string, name: string): Export | undefined;
};

/** Compiles the declarations of lib: path without ending, as in "net/params", to text. */
function compile(): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "twolayer-api-"));
  try {
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const options = ["-p", "lib", "--emitDeclarationOnly", "--noCheck", "--outDir", folder];
    const { status, stdout, error } = spawnSync(process.execPath, [tsc, ...options], {
      cwd: ROOT,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`tsc: ${error ?? stdout}`);
    const texts = new Map<string, string>();
    const visit = (file: string): void => {
      if (texts.has(file)) return;
      const text = readFileSync(join(folder, `${file}.d.ts`), "utf8").replaceAll("\r\n", "\n");
      texts.set(file, text);
      for (const [, from] of text.matchAll(/ from "(\.[^"]+)\.ts"/g))
        visit(posix.join(posix.dirname(file), from));
    };
    for (const subpath of SUBPATHS) visit(subpath);
    return texts;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const namesOf = (list: string): string[] =>
  list
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

/** Compiles lib and returns its declarations. */
export function readDeclarations(): Declarations {
  const texts = compile();
  const entries = new Map([...texts].map(([file, text]) => [file, entriesOf(text)]));
  const find = (file: string, name: string): Export | undefined => {
    const own = entries.get(file)!.find((entry) => entry.name === name);
    if (own !== undefined) return { name, file, entry: own };
    const imports = /^(?:import|export) (?:type )?\{([^}]*)\} from "(\.[^"]+)\.ts"/gm;
    for (const [, names, from] of texts.get(file)!.matchAll(imports)) {
      const item = namesOf(names).find((each) => each.replace(/^type /, "") === name);
      if (item !== undefined) return find(posix.join(posix.dirname(file), from), name);
    }
    return undefined;
  };
  const exportsOf = (subpath: Subpath): Export[] => {
    const exports = /^export (type )?\{([^}]*)\} from "\.\/([^"]+)\.ts"/gm;
    return [...texts.get(subpath)!.matchAll(exports)].flatMap(([, allTypes, names, file]) =>
      namesOf(names).map((item) => {
        const name = item.replace(/^type /, "");
        const found = find(file, name);
        if (found === undefined) throw new Error(`docs: ${file} has no declaration of ${name}`);
        const isTypeOnly = allTypes !== undefined || item !== name;
        // A class that is exported as a type only cannot be constructed by the user.
        if (isTypeOnly)
          found.entry.members = found.entry.members.filter((each) => each.name !== "constructor");
        return found;
      }),
    );
  };
  return { exportsOf, find };
}
