// What each part of the package exports: to users what its entry lists, and to the other parts, by
// names that begin with an underscore, what else their files import of its files. The types do not
// mention those. The functions of base are the exception: they are small and have no state, and
// every output has a copy of those it needs, so that a part which stands on base alone loads
// nothing else.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

/** The folders of lib whose files are parts of the outputs with these names. */
const FOLDERS: Record<string, readonly string[]> = {
  core: ["kernels", "matrix", "net", "training", "search"],
  data: ["data"],
  formats: ["formats"],
  model: ["model"],
  report: ["report"],
};

/**
 * What the command line has copies of as well: it prints before it knows what it will load, and
 * these are small and have no state.
 */
export const COPIED: readonly string[] = ["report/progress.ts", "report/text.ts"];

/** What CommonJS has a file of its own for, which shares the state of the parts. */
const APART: readonly string[] = ["search/worker.ts"];

/** The parts, in the order of their imports. */
export const PARTS = Object.keys(FOLDERS);

/** A value: the name that a file of lib exports it by. */
export type Value = { file: string; name: string };
export const keyOf = ({ file, name }: Value): string => `${file} ${name}`;

export const NAMED = /^(import|export)\s*\{([^}]*)\}\s*from\s*"(\.[^"]+)";/gm;

/** The values that a source imports or re-exports by name; types are gone at run time. */
function valuesIn(lib: string, file: string): Value[] {
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

/** For each part, what it exports: the key of a value, and the name it has outside. */
export type Exports = Map<string, Map<string, string>>;

/** Reads from the sources which part exports what to users and to other parts. */
export function readExports(lib: string): Exports {
  const partOf = (file: string): string | undefined =>
    PARTS.find((part) => FOLDERS[part].includes(file.split("/")[0]) && !APART.includes(file));
  const found: Exports = new Map(
    PARTS.map((part) => [
      part,
      new Map(valuesIn(lib, `${part}.ts`).map((value) => [keyOf(value), value.name])),
    ]),
  );
  const known = new Set([...found.values()].flatMap((values) => [...values.keys()]));
  for (const file of readdirSync(lib, { recursive: true, encoding: "utf8" }).sort()) {
    if (!file.includes(sep) || !file.endsWith(".ts") || file.startsWith("build")) continue;
    for (const value of valuesIn(lib, file.replaceAll(sep, "/"))) {
      const part = partOf(value.file);
      if (part === undefined || part === partOf(file) || known.has(keyOf(value))) continue;
      known.add(keyOf(value));
      const taken = [...found.get(part)!.values()];
      let name = `_${value.name}`;
      while (taken.includes(name)) name += "_";
      found.get(part)!.set(keyOf(value), name);
    }
  }
  return found;
}
