// How the programs of worker threads travel in the package: a file worker-script.ts, which names
// the worker.ts beside it, becomes one that holds that program's text. Texts are minified, because
// nobody reads them, and complete, because a bundler moves them away from any file of ours. What
// no bundler takes can name a file instead, which shares the code of the parts.
import { dirname, join, relative } from "node:path";
import { storedWebAssembly } from "./stored-modules.ts";

/** The esbuild plugin that puts texts into the place of the files worker-script.ts. */
export function workerTexts(esbuild: any, options: { absWorkingDir: string }) {
  const text = async (worker: string): Promise<string> => {
    const { outputFiles } = await esbuild.build({
      ...options,
      entryPoints: [relative(options.absWorkingDir, worker)],
      format: "iife",
      minify: true,
      plugins: [plugin, storedWebAssembly],
      write: false,
    });
    return outputFiles[0].text;
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

/** The esbuild plugin that lets the workers of a folder of lib run a file beside the output. */
export function workerFile(folder: string, file: string) {
  return {
    name: "worker file",
    setup(build: any) {
      build.onLoad({ filter: RegExp(`/${folder}/worker-script\\.ts$`) }, () => ({
        loader: "js",
        contents: `
          export const workerScript = () => ({ filename: __dirname + "/${file}", eval: false });
        `,
      }));
    },
  };
}
