// How one file of the package refers to another: where a source imports a value that core.js or
// index.js exports, the build imports it from there, so that a class is in the package once.
import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { type Exports, folderOf, keyOf, NAMED, namesIn, type Value } from "./file-exports.ts";

/** The name of a value in the other file that holds it; undefined where the output itself does. */
type Elsewhere = (value: Value) => { name: string; from: "core" | "index" } | undefined;

/** A source that takes from elsewhere what is elsewhere. */
function redirect(lib: string, path: string, elsewhere: Elsewhere): string {
  return readFileSync(path, "utf8").replace(NAMED, (_, keyword, braces, beside) => {
    const file = relative(lib, join(dirname(path), beside)).replaceAll(sep, "/");
    return namesIn(braces)
      .map((clause) => {
        const [own, local = own] = clause.split(" as ");
        const { name, from } = elsewhere({ file, name: own }) ?? { name: own, from: beside };
        return `${keyword} { ${name} as ${local} } from "${from}";`;
      })
      .join(" ");
  });
}

/** The names that a file exports to its own package alone. */
const internals = (exports: Exports): [key: string, name: string][] =>
  [...exports].filter(([key, name]) => key.split(" ")[1] !== name);

const isPublic = (exports: Exports, value: Value): boolean =>
  exports.get(keyOf(value)) === value.name;

/** The esbuild plugin for core.js: it also exports what index.js needs. */
export function coreFile(lib: string, core: Exports) {
  const added = internals(core)
    .map(([key, name]) => [...key.split(" "), name])
    .map(([file, name, outside]) => `export { ${name} as ${outside} } from "./${file}";`);
  return plugin(lib, () => undefined, { "core.ts": added.join("\n") });
}

/** The esbuild plugin for what imports core.js from `address`, and has the rest in itself. */
export function besideCore(lib: string, core: Exports, address: string, added: Added = {}) {
  const gathered = `export { ${[...core.values()].join(", ")} } from "${address}";`;
  const elsewhere: Elsewhere = (value) => {
    const name = core.get(keyOf(value));
    return name === undefined ? undefined : { name, from: "core" };
  };
  return plugin(lib, elsewhere, added, { core: gathered });
}

/** What index.js exports to the command line. */
export function internalObject(index: Exports): string {
  const imports = internals(index).map(([key, outside]) => {
    const [file, name] = key.split(" ");
    return `import { ${name} as ${outside} } from "./${file}";`;
  });
  const names = internals(index).map(([, name]) => name);
  return `${imports.join(" ")} export const _internal = { ${names.join(", ")} };`;
}

/**
 * The esbuild plugin for the command line, which imports core.js and index.js, and has copies of
 * what they do not export to it: of base and COPIED.
 */
export function besideAll(lib: string, { core, index }: { core: Exports; index: Exports }) {
  const elsewhere: Elsewhere = (value) => {
    const inCore = core.get(keyOf(value));
    const inIndex = index.get(keyOf(value));
    if (inCore !== undefined && (isPublic(core, value) || folderOf(value.file) !== "base"))
      return { name: inCore, from: "core" };
    return inIndex === undefined ? undefined : { name: inIndex, from: "index" };
  };
  const internal = internals(index).map(([, name]) => name);
  const open = [...index.values()].filter((name) => !internal.includes(name));
  const gathered = [
    `export { ${open.join(", ")} } from "../index.js";`,
    'import { _internal } from "../index.js";',
    `export const { ${internal.join(", ")} } = _internal;`,
  ];
  const names = [...core.values()].join(", ");
  const files = { core: `export { ${names} } from "../core.js";`, index: gathered.join("\n") };
  return plugin(lib, elsewhere, {}, files);
}

/** What is added to sources, by their paths in lib. */
type Added = Record<string, string>;
type Named = { path: string };

function plugin(lib: string, elsewhere: Elsewhere, added: Added, gathered: Added = {}) {
  return {
    name: "from files",
    setup(build: any) {
      build.onResolve({ filter: /^(core|index)$/ }, ({ path }: Named) => {
        return { path, namespace: "names", sideEffects: false };
      });
      build.onResolve({ filter: /^\.\.?\/\w+\.c?js$/ }, ({ path }: Named) => {
        return { path, external: true, sideEffects: false };
      });
      build.onLoad({ filter: /.*/, namespace: "names" }, ({ path }: Named) => {
        return { contents: gathered[path] };
      });
      build.onLoad({ filter: /\.ts$/ }, ({ path }: Named) => {
        const file = relative(lib, path).replaceAll(sep, "/");
        return { contents: redirect(lib, path, elsewhere) + (added[file] ?? ""), loader: "ts" };
      });
    },
  };
}
