// `npm run build`: makes the package. It is core.js; index.js, which imports core.js and holds the
// rest; a small file for each other subpath, which re-exports names of index.js; each of these as
// an ES module and as a CommonJS module; the command line; and the types of them all.
//
// Every class is in one file only, so that it is the same class through every entry, and two files
// load faster than six: 2 to 3 ms of 18. The ES modules are not minified, for those who read stack
// traces or step through them.
import { rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { writeDeclarations } from "./declarations.ts";
import { readExports, SUBPATHS, valuesIn } from "./file-exports.ts";
import { besideAll, besideCore, coreFile, internalObject } from "./from-files.ts";
import { compactOutput, readableOutput } from "./readable-output.ts";
import { storedWebAssembly } from "./stored-modules.ts";
import { workerFile, workerTexts } from "./worker-texts.ts";

const lib = fileURLToPath(new URL("..", import.meta.url));
const dist = process.argv[2] ?? fileURLToPath(new URL("../../dist", import.meta.url));

// esbuild comes with tsx, so that the build needs no package of its own.
const tsx = createRequire(import.meta.url).resolve("tsx");
const esbuild = createRequire(tsx)("esbuild");

const ES_MODULES = { format: "esm", extension: "js" };
const COMMON_JS = { format: "cjs", extension: "cjs" };

// esbuild escapes what is not ASCII, and so V8 keeps a character in one byte.
const options = {
  absWorkingDir: lib,
  bundle: true,
  legalComments: "none",
  logLevel: "warning",
  platform: "neutral",
  target: "es2022",
};
const exports = readExports(lib);
const texts = workerTexts(esbuild, options);

rmSync(dist, { recursive: true, force: true });
for (const { extension, ...format } of [ES_MODULES, COMMON_JS]) {
  const isCommonJs = format.format === "cjs";
  const replaced = [texts, storedWebAssembly]; // the first plugin that has a file gives its text
  const finished = isCommonJs ? compactOutput(esbuild, "cjs") : readableOutput(esbuild);
  const build = (name: string, source: string, files: object, ...first: object[]) =>
    esbuild.build({
      ...options,
      ...format,
      entryPoints: [source],
      outfile: `${dist}/${name}.${extension}`,
      plugins: [...first, ...replaced, files, finished],
    });
  const core = `./core.${extension}`;
  await build("core", "core.ts", coreFile(lib, exports.core));
  if (isCommonJs) {
    const worker = workerFile("search", "search-worker.cjs");
    await build("index", "index.ts", besideCore(lib, exports.core, core), worker);
    await build("search-worker", "search/worker.ts", besideCore(lib, exports.core, core));
  } else {
    const internal = { "index.ts": internalObject(exports.index) };
    await build("index", "index.ts", besideCore(lib, exports.core, core, internal));
  }
  for (const subpath of SUBPATHS) {
    const names = valuesIn(lib, `${subpath}.ts`).map(({ name }) => name);
    writeFileSync(`${dist}/${subpath}.${extension}`, door(names, isCommonJs));
  }
}
await esbuild.build({
  ...options,
  entryPoints: ["cli/main.ts"],
  format: "esm",
  platform: "node",
  splitting: true,
  outdir: `${dist}/cli`,
  entryNames: "[name]",
  chunkNames: "[name]-[hash]",
  plugins: [texts, besideAll(lib, exports), compactOutput(esbuild, "esm")],
});
writeDeclarations(lib, dist, ["core", ...SUBPATHS]);

/** The file of a subpath, which exports some names of index. */
function door(names: readonly string[], isCommonJs: boolean): string {
  if (!isCommonJs) return `export { ${names.join(", ")} } from "./index.js";\n`;
  const exported = names.map((name) => `exports.${name} = index.${name};\n`);
  return `"use strict";\nconst index = require("./index.cjs");\n${exported.join("")}`;
}
