// `npm run build`: what the package is made of. Five parts and an index that re-exports them, each
// as an ES module and as a CommonJS module, the command line, and the types of them all.
//
// Parts import from each other, so that a class is the same class through every entry. The ES
// modules are not minified: stack traces name methods, and messages name classes.
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { writeDeclarations } from "./declarations.ts";
import { fromParts } from "./from-parts.ts";
import { PARTS, readExports } from "./part-exports.ts";
import { readableOutput } from "./readable-output.ts";
import { storedWebAssembly } from "./stored-modules.ts";
import { workerFile, workerTexts } from "./worker-texts.ts";

const lib = fileURLToPath(new URL("..", import.meta.url));
const dist = process.argv[2] ?? fileURLToPath(new URL("../../dist", import.meta.url));

// esbuild comes with tsx, so that the build needs no package of its own.
const tsx = createRequire(import.meta.url).resolve("tsx");
const esbuild = createRequire(tsx)("esbuild");

const COMMANDS = [
  "evaluate",
  "export",
  "gradcheck",
  "import",
  "info",
  "predict",
  "report",
  "search",
  "train",
];
const ES_MODULES = { format: "esm", extension: "js" };
// Where few look inside: minified, but in lines for stack traces.
const COMPACT = { minify: true, lineLimit: 160 };
const COMMON_JS = { format: "cjs", extension: "cjs" };

const options = {
  absWorkingDir: lib,
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  platform: "neutral",
  target: "es2022",
};
const exports = readExports(lib);
const texts = workerTexts(esbuild, options);

rmSync(dist, { recursive: true, force: true });
for (const { extension, ...format } of [ES_MODULES, COMMON_JS]) {
  const build = (own: string, source: string, ...plugins: object[]) =>
    esbuild.build({
      ...options,
      ...format,
      entryPoints: [source],
      outfile: `${dist}/${own}.${extension}`,
      plugins: [
        ...plugins,
        texts,
        storedWebAssembly,
        fromParts(lib, exports, { own, address: `./*.${extension}`, gathered: true }),
        readableOutput(esbuild, format.format),
      ],
    });
  const isCommonJs = format.format === "cjs";
  const searchWorker = isCommonJs ? [workerFile("search", "search-worker.cjs")] : [];
  for (const part of [...PARTS, "index"]) await build(part, `${part}.ts`, ...searchWorker);
  if (isCommonJs) await build("search-worker", "search/worker.ts");
}
await esbuild.build({
  ...options,
  entryPoints: ["cli/main.ts", ...COMMANDS.map((command) => `cli/commands/${command}.ts`)],
  ...COMPACT,
  format: "esm",
  platform: "node",
  splitting: true,
  outdir: `${dist}/cli`,
  entryNames: "[name]",
  chunkNames: "shared-[hash]",
  plugins: [texts, fromParts(lib, exports, { own: "cli", address: "../*.js", gathered: false })],
});
writeDeclarations(lib, dist, PARTS);
