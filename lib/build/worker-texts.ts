// How the programs of worker threads travel in the package: a file worker-script.ts, which names
// the worker.ts beside it, becomes one that holds that program's text. Texts are minified, because
// nobody reads them, and complete, because a bundler moves them away from any file of ours. The
// CommonJS module of the search names a file instead, which requires core.cjs and so is small.
import { dirname, join, relative } from "node:path";

/** The esbuild plugin that puts texts into the place of the files worker-script.ts. */
export function workerTexts(esbuild: any, options: { absWorkingDir: string }) {
  const bundle = async (entry: object, settings: object): Promise<string> => {
    const { outputFiles } = await esbuild.build({
      ...options,
      ...entry,
      ...settings,
      plugins: [plugin, givenWebAssembly],
      write: false,
    });
    return outputFiles[0].text;
  };
  const text = async (worker: string): Promise<string> => {
    const entry = { entryPoints: [relative(options.absWorkingDir, worker)] };
    let whole = await bundle(entry, { format: "esm" });
    let contents = "";
    while (contents !== whole) {
      contents = withoutUnusedMethods(whole);
      whole = await bundle({ stdin: { contents } }, { format: "esm" });
    }
    return bundle({ stdin: { contents } }, { format: "iife", minify: true });
  };
  const plugin = {
    name: "worker texts",
    setup(build: any) {
      build.onLoad({ filter: /\/worker-script\.ts$/ }, async ({ path }: { path: string }) => {
        const filename = JSON.stringify(await text(join(dirname(path), "worker.ts")));
        return {
          loader: "js",
          contents: `export const workerScript = () => ({ filename: ${filename}, eval: true });`,
        };
      });
    },
  };
  return plugin;
}

// The engine calls these, and a program need not mention them.
const IMPLICIT = ["constructor", "toString"];

/**
 * A program without the methods of its classes that its code does not mention: it is complete, and
 * so nobody else calls them. esbuild indents a method by two spaces, and what is in it by four.
 */
export function withoutUnusedMethods(program: string): string {
  const CLASS = /^(?:var \w+ = )?class .*\{\n[^]*?^\}/gm;
  const METHOD =
    /^ {2}(?:static |async |get |set |\*)*(#?\w+)\(.*\) \{\n(?: {4}.*\n|\n)*? {2}\}\n/gm;
  const code = withoutComments(program).replace(/\bMath\.\w+/g, "");
  return program.replace(CLASS, (body) =>
    body.replace(METHOD, (method, name) => {
      // as a property, or in the braces of a destructuring assignment
      const mention = RegExp(`(?:[.#]|[{,] )${name.replace("#", "")}(?!\\w)`);
      const isUsed = mention.test(code.replace(withoutComments(method), ""));
      return isUsed || IMPLICIT.includes(name) ? method : "";
    }),
  );
}

/** A program without comments, which esbuild writes on lines of their own. */
function withoutComments(program: string): string {
  return program.replace(/^ *\/\*\*[^]*?\*\/|^ *\/\/.*/gm, "");
}

/**
 * The esbuild plugin that lets a worker take its kernel's modules from what it is started with: the
 * thread that starts it has them.
 */
const givenWebAssembly = {
  name: "given WebAssembly",
  setup(build: any) {
    build.onLoad({ filter: /\/emit-modules\.ts$/ }, () => ({
      loader: "js",
      contents: `
        const { workerData } = process.getBuiltinModule("node:worker_threads");
        const given = (shared) => workerData.modules[shared ? "shared" : "own"];
        export const simdModule = (shared) => given(shared).product;
        export const fmaModule = simdModule;
        export const trainingModule = (shared) => given(shared).training;
      `,
    }));
  },
};

/**
 * The esbuild plugin that lets the workers of a folder of lib run a file beside the output. Where a
 * bundler has made an ES module of the output there is no such file, and no __dirname: a worker
 * that only says so leaves its work to the caller.
 */
export function workerFile(folder: string, file: string) {
  return {
    name: "worker file",
    setup(build: any) {
      const missing = `throw new Error("this bundle has no file ${file}")`;
      build.onLoad({ filter: RegExp(`/${folder}/worker-script\\.ts$`) }, () => ({
        loader: "js",
        contents: `
          export const workerScript = () => typeof __dirname === "string"
            ? { filename: __dirname + "/${file}", eval: false }
            : { filename: ${JSON.stringify(missing)}, eval: true };
        `,
      }));
    },
  };
}
