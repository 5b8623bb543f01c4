// How one part of the package refers to another: where a source imports something from a file of
// another part, the build imports it from that part, so that everything is in the package once.
import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { COPIED, type Exports, keyOf, NAMED, namesIn, type Value } from "./part-exports.ts";

/** What an output is to the parts. */
export type Output = {
  /** The part that it is, or "index", or anything else that uses parts. */
  own: string;
  /** Where it finds the parts, with * in the place of their names. */
  address: string;
  /** It is one file, with one import of each part; else each of its files imports for itself. */
  gathered: boolean;
};

type Elsewhere = (value: Value) => { source: string; name: string } | undefined;

/** A source that imports from elsewhere what is elsewhere. */
function redirect(lib: string, path: string, elsewhere: Elsewhere): string {
  return readFileSync(path, "utf8").replace(NAMED, (_, keyword, braces, from) => {
    const file = relative(lib, join(dirname(path), from)).replaceAll(sep, "/");
    return namesIn(braces)
      .map((clause) => {
        const [own, local = own] = clause.split(" as ");
        const { source, name } = elsewhere({ file, name: own }) ?? { source: from, name: own };
        return `${keyword} { ${name} as ${local} } from "${source}";`;
      })
      .join(" ");
  });
}

/** What a part's entry exports beside its public names. */
const internalExports = (values: Map<string, string>): string =>
  [...values]
    .map(([key, outside]) => [...key.split(" "), outside])
    .filter(([, name, outside]) => name !== outside)
    .map(([file, name, outside]) => `export { ${name} as ${outside} } from "./${file}";`)
    .join("\n");

type Named = { path: string };

/** The esbuild plugin that makes an output import the parts instead of containing them. */
export function fromParts(lib: string, exports: Exports, { own, address, gathered }: Output) {
  const addressOf = (part: string): string => address.replace("*", part);
  const elsewhere: Elsewhere = (value) => {
    if (!gathered && COPIED.includes(value.file)) return undefined;
    for (const [part, values] of exports) {
      const name = values.get(keyOf(value));
      if (part !== own && name !== undefined)
        return { source: gathered ? `part:${part}` : addressOf(part), name };
    }
    return undefined;
  };
  /** A part as others see it, in one file, so that an output imports it once. */
  const partContents = (part: string): string =>
    `export { ${[...exports.get(part)!.values()].join(", ")} } from "${addressOf(part)}";`;
  const entry = join(lib, `${own}.ts`);
  const internal = exports.has(own) ? internalExports(exports.get(own)!) : "";
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
        const contents = redirect(lib, path, elsewhere) + (path === entry ? internal : "");
        return { contents, loader: "ts" };
      });
    },
  };
}
