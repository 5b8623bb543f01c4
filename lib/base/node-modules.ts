// Modules of Node without an import of them, so that every engine can load the library.

type NodeModules = {
  "node:os": typeof import("node:os");
  "node:util": typeof import("node:util");
  "node:worker_threads": typeof import("node:worker_threads");
};

/**
 * A module of Node (since 20.16), Deno or Bun; undefined in other engines. The edge runtime of Next
 * has a function that throws.
 */
export function nodeModule<Name extends keyof NodeModules>(
  name: Name,
): NodeModules[Name] | undefined {
  try {
    // not a bare `process`, in the place of which bundlers put a polyfill
    return globalThis.process?.getBuiltinModule?.(name);
  } catch {
    return undefined;
  }
}
