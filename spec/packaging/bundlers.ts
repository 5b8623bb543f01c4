// The bundlers, each with nothing but the entry and the target: what they write, and what they
// have to complain about.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { here } from "./packed.ts";

export type Target = "web" | "node";
export type Job = {
  /** The project, where the entry's imports are found. */
  folder: string;
  /** A file of the project. */
  entry: string;
  target: Target;
  /** An empty folder for the result. */
  out: string;
};
export type Bundler = {
  name: string;
  /** Writes the bundle, and gives the warnings. */
  bundle(job: Job): Promise<string[]>;
};

const require = createRequire(join(here, "package.json"));

/** webpack and Rspack have the same interface. */
async function runWebpack(webpack: any, { folder, entry, target, out }: Job): Promise<string[]> {
  const stats: any = await new Promise((resolve, reject) =>
    webpack(
      {
        context: folder,
        entry: `./${entry}`,
        mode: "production",
        target,
        output: { path: out, filename: target === "node" ? "main.cjs" : "main.js" },
        performance: { hints: false }, // about sizes, which are printed
      },
      (error: Error | null, result: unknown) => (error ? reject(error) : resolve(result)),
    ),
  );
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  return [...errors, ...warnings].map(({ message }: { message: string }) => message);
}

async function runRollup({ folder, entry, target, out }: Job): Promise<string[]> {
  const { rollup } = await import("rollup");
  const { nodeResolve } = await import("@rollup/plugin-node-resolve");
  const warnings: string[] = [];
  const bundle = await rollup({
    input: join(folder, entry),
    plugins: [nodeResolve()],
    onwarn: ({ message }: { message: string }) => warnings.push(message),
  });
  const file = join(out, target === "node" ? "main.mjs" : "main.js");
  await bundle.write({ file, format: "es" });
  await bundle.close();
  return warnings;
}

async function runEsbuild({ folder, entry, target, out }: Job): Promise<string[]> {
  const esbuild = await import("esbuild");
  const { warnings } = await esbuild.build({
    absWorkingDir: folder,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "esm",
    platform: target === "node" ? "node" : "browser",
    outfile: join(out, target === "node" ? "main.mjs" : "main.js"),
    logLevel: "silent",
  });
  return warnings.map(({ text }: { text: string }) => text);
}

async function runVite(name: string, { folder, entry, target, out }: Job): Promise<string[]> {
  const { build, createLogger } = await import(name);
  const warnings: string[] = [];
  const logger = createLogger("silent");
  logger.warn = logger.warnOnce = logger.error = (message: string) => void warnings.push(message);
  const input = join(folder, entry);
  const output = { entryFileNames: target === "node" ? "main.mjs" : "main.js" };
  await build({
    root: folder,
    configFile: false,
    customLogger: logger,
    build: {
      outDir: out,
      emptyOutDir: false,
      ...(target === "node" ? { ssr: entry } : {}),
      rollupOptions: { input, output },
    },
    ...(target === "node" ? { ssr: { noExternal: true } } : {}),
  });
  return warnings;
}

async function runParcel({ folder, entry, target, out }: Job): Promise<string[]> {
  const { Parcel } = await import("@parcel/core");
  const context = target === "node" ? "node" : "browser";
  const bundler = new Parcel({
    entries: join(folder, entry),
    defaultConfig: require.resolve("@parcel/config-default"),
    mode: "production",
    cacheDir: join(out, "../parcel-cache"),
    shouldDisableCache: true,
    defaultTargetOptions: { shouldOptimize: true, shouldScopeHoist: true, sourceMaps: false },
    targets: {
      main: {
        distDir: out,
        context,
        outputFormat: target === "node" ? "commonjs" : "esmodule",
        includeNodeModules: true,
        isLibrary: false,
        scopeHoist: true,
        optimize: true,
        sourceMap: false,
        engines: target === "node" ? { node: ">= 20" } : { browsers: "last 2 Chrome versions" },
      },
    },
  });
  await bundler.run();
  // its scripts for Node are CommonJS, and named .js
  if (target === "node") writeFileSync(join(out, "package.json"), "{}");
  return [];
}

export const BUNDLERS: readonly Bundler[] = [
  { name: "webpack", bundle: async (job) => runWebpack((await import("webpack")).default, job) },
  {
    name: "Rspack",
    bundle: async (job) => runWebpack((await import("@rspack/core")).rspack, job),
  },
  { name: "Rollup", bundle: runRollup },
  { name: "esbuild", bundle: runEsbuild },
  { name: "Vite 7", bundle: (job) => runVite("vite7", job) },
  { name: "Vite 8", bundle: (job) => runVite("vite8", job) },
  { name: "Parcel", bundle: runParcel },
];

/** Bundles into a folder of its own; the path of the one script there, and the warnings. */
export async function bundleInto(
  bundler: Bundler,
  { out, ...job }: Job,
): Promise<{ script: string; warnings: string[] }> {
  mkdirSync(out, { recursive: true });
  const warnings = await bundler.bundle({ ...job, out });
  const scripts = readdirSync(out).filter((file) => /\.[cm]?js$/.test(file));
  if (scripts.length !== 1)
    throw new Error(`${bundler.name}: expected one script, got ${scripts.map((f) => basename(f))}`);
  return { script: join(out, scripts[0]), warnings };
}
