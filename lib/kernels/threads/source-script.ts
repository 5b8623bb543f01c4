// How a worker is started from its TypeScript source, as the tests of this package do. The built
// package has the texts of its workers inside and does not need this file.

/** What `new Worker` takes: a program's text, or the address of its file. */
export type Script = { filename: string | URL; eval: boolean };

/**
 * The script that runs a TypeScript file in a worker. Engines that read TypeScript themselves get
 * the file; elsewhere tsx is registered in the worker, because Node 20 does not hand it on.
 */
export function sourceScript(file: URL): Script {
  try {
    const loader = JSON.stringify(import.meta.resolve("tsx/esm/api"));
    const address = JSON.stringify(file);
    return {
      filename: `import(${loader}).then((tsx) => { tsx.register(); return import(${address}); })`,
      eval: true,
    };
  } catch {
    return { filename: file, eval: false };
  }
}
