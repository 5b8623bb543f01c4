// How one part of the package refers to another: where a source imports a public name of another
// part from the file that defines it, the build imports it from that part.
import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** What an output is to the parts. */
export type Output = {
  /** The part that it is, or "index" or "cli". */
  own: string;
  /** Where it finds the parts, with * in the place of their names. */
  address: string;
  /** It is one file, with one import of each part; else each of its files imports for itself. */
  gathered: boolean;
};

const NAMED = /^(import|export)\s*\{([^}]*)\}\s*from\s*"(\.[^"]+)";/gm;

/** The names between braces that exist at run time; types do not. */
const valuesOf = (braces: string): string[] =>
  braces
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && !name.startsWith("type "));

/** The values that a part exports, as "file name". */
function valuesOfPart(lib: string, part: string): string[] {
  const source = readFileSync(join(lib, `${part}.ts`), "utf8");
  return [...source.matchAll(NAMED)].flatMap(([, , braces, from]) =>
    valuesOf(braces).map((name) => `${join(from).replaceAll(sep, "/")} ${name}`),
  );
}

/** A source with the names that other parts export taken from these. */
function redirect(path: string, lib: string, sourceOf: (value: string) => string | undefined) {
  return readFileSync(path, "utf8").replace(NAMED, (_, keyword, braces, from) => {
    const file = relative(lib, join(dirname(path), from)).replaceAll(sep, "/");
    const namesFrom = new Map<string, string[]>();
    for (const value of valuesOf(braces)) {
      const source = sourceOf(`${file} ${value.split(" as ")[0]}`) ?? from;
      namesFrom.set(source, [...(namesFrom.get(source) ?? []), value]);
    }
    return [...namesFrom]
      .map(([source, names]) => `${keyword} { ${names.join(", ")} } from "${source}";`)
      .join(" ");
  });
}

/** The esbuild plugin that makes an output import the parts instead of containing them. */
export function fromParts(
  lib: string,
  parts: readonly string[],
  { own, address, gathered }: Output,
) {
  const values = new Map(parts.map((part) => [part, valuesOfPart(lib, part)]));
  const addressOf = (part: string): string => address.replace("*", part);
  const sourceOf = (value: string): string | undefined => {
    const part = parts.find((each) => each !== own && values.get(each)!.includes(value));
    return part && (gathered ? `part:${part}` : addressOf(part));
  };
  /** A part as others see it, in one file, so that an output imports it once. */
  const partContents = (part: string): string => {
    const names = values.get(part)!.map((value) => value.split(" ")[1]);
    return `export { ${names.join(", ")} } from "${addressOf(part)}";`;
  };
  const index = parts.map((part) => `export * from "${addressOf(part)}";`).join("\n");
  const contentsOf = (path: string): string =>
    path === join(lib, "index.ts") ? index : redirect(path, lib, sourceOf);
  return {
    name: "from parts",
    setup(build: any) {
      build.onResolve({ filter: /^part:/ }, ({ path }: Named) => {
        return { path: path.slice("part:".length), namespace: "part", sideEffects: false };
      });
      build.onResolve({ filter: /^\.\.?\/\w+\.c?js$/ }, ({ path }: Named) => {
        return { path, external: true, sideEffects: false };
      });
      build.onLoad({ filter: /.*/, namespace: "part" }, ({ path }: Named) => {
        return { contents: partContents(path) };
      });
      build.onLoad({ filter: /\.ts$/ }, ({ path }: Named) => {
        return { contents: contentsOf(path), loader: "ts" };
      });
    },
  };
}

type Named = { path: string };
