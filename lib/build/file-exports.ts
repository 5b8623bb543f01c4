// What each of the two files of the package exports: core.js, which stands alone, and index.js,
// which holds everything else and re-exports core.js. Users see what the entries of lib list. Core
// exports to index, by names that begin with an underscore, what else index needs of it; index
// exports what the command line needs in one object, `_internal`. The types mention neither.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

/** The folders of lib that core.js is made of. */
const CORE: readonly string[] = ["kernels", "matrix", "net", "training"];

/** The entries whose names index.js has beside those of core.js: each is a subpath. */
export const SUBPATHS = ["search", "data", "formats", "model", "report"];

/**
 * What the command line has copies of as well as index.js: it prints before it knows what it will
 * load, and these are small and have no state.
 */
const COPIED: readonly string[] = ["report/text.ts"];

/** A value: the name that a file of lib exports it by. */
export type Value = { file: string; name: string };
export const keyOf = ({ file, name }: Value): string => `${file} ${name}`;

export const NAMED = /^(import|export)\s*\{([^}]*)\}\s*from\s*"(\.[^"]+)";/gm;

/** The values that a source imports or re-exports by name; types are gone at run time. */
export function valuesIn(lib: string, file: string): Value[] {
  const source = readFileSync(join(lib, file), "utf8");
  return [...source.matchAll(NAMED)].flatMap(([, , braces, from]) =>
    namesIn(braces).map((name) => ({
      file: join(dirname(file), from).replaceAll(sep, "/"),
      name: name.split(" as ")[0],
    })),
  );
}

export const namesIn = (braces: string): string[] =>
  braces
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "));

/** The key of each value that a file exports, and the name it has there. */
export type Exports = Map<string, string>;

/** What the sources make core.js and index.js export. */
export function readExports(lib: string): { core: Exports; index: Exports } {
  const entries = (files: string[]): Exports =>
    new Map(
      files.flatMap((file) => valuesIn(lib, file).map((value) => [keyOf(value), value.name])),
    );
  const core = entries(["core.ts"]);
  const index = entries(SUBPATHS.map((subpath) => `${subpath}.ts`));
  const files = readdirSync(lib, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll(sep, "/"))
    .filter((file) => /^(?!build).*\/(?!worker-script).*\.ts$/.test(file)) // the build writes these
    .sort();
  const usesOf = (isUser: (folder: string) => boolean): Value[] =>
    files.filter((file) => isUser(folderOf(file))).flatMap((file) => valuesIn(lib, file));
  // What core uses of base it shares; the rest of base is where it is used.
  const shared = new Set(usesOf((folder) => CORE.includes(folder)).map(keyOf));
  const isCore = (value: Value): boolean =>
    CORE.includes(folderOf(value.file)) ||
    (folderOf(value.file) === "base" && shared.has(keyOf(value)));
  for (const value of usesOf((folder) => folder !== "base" && !CORE.includes(folder)))
    if (isCore(value)) addInternal(core, value);
  for (const value of usesOf((folder) => folder === "cli"))
    if (SUBPATHS.includes(folderOf(value.file)) && !COPIED.includes(value.file))
      addInternal(index, value);
  return { core, index };
}

export const folderOf = (file: string): string => file.split("/")[0];

/** Gives a value a name of its own among the internal ones, unless users have one for it. */
function addInternal(exports: Exports, value: Value): void {
  if (exports.has(keyOf(value))) return;
  const taken = [...exports.values()];
  let name = `_${value.name}`;
  while (taken.includes(name)) name += "_";
  exports.set(keyOf(value), name);
}
