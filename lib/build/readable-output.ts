// What esbuild leaves less readable than it could be, put right in its outputs. It writes
// `var Matrix = class _Matrix { … }` for a class that mentions itself, and messages and stack
// traces would then say "_Matrix": the outer name serves inside the class as well. And it imports
// every name of another part, used or not.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

function withClassNames(text: string): string {
  const names = [...text.matchAll(/\b(\w+) ?= ?class _\1\b/g)].map(([, name]) => name);
  return names.reduce((whole, name) => whole.replaceAll(RegExp(`\\b_${name}\\b`, "g"), name), text);
}

function withoutUnusedImports(text: string): string {
  return text.replace(/^import \{ (.*) \} from ("\.[^"]*");\n/gm, (statement, list, from) => {
    const code = text.replace(statement, "").replace(/"(?:\\.|[^"\\\n])*"/g, "");
    const used = list.split(", ").filter((name: string) => {
      // neither a property's name nor a key; three dots spread a value
      return RegExp(`(?<![\\w$]|(?<!\\.\\.)\\.)${name.split(" as ").at(-1)}\\b(?!:)`).test(code);
    });
    return used.length === 0 ? "" : `import { ${used.join(", ")} } from ${from};\n`;
  });
}

/** The esbuild plugin that does both. */
export const readableOutput = {
  name: "readable output",
  setup(build: any) {
    build.initialOptions.metafile = true;
    build.onEnd(({ metafile }: { metafile: { outputs: object } }) => {
      for (const file of Object.keys(metafile.outputs)) {
        const path = join(build.initialOptions.absWorkingDir, file);
        writeFileSync(path, withoutUnusedImports(withClassNames(readFileSync(path, "utf8"))));
      }
    });
  },
};
