// What esbuild leaves to be done in its outputs, for readers and for the bundlers of users.
//
// It writes `var Matrix = class _Matrix { … }` for a class that mentions itself, and messages and
// stack traces would then say "_Matrix": the outer name serves inside the class as well. It imports
// every name of another file, used or not. Of the comments it keeps those inside classes and
// objects alone; the types have them all, so the code has none but the names of its source files.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withPureVariables } from "./pure-variables.ts";

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

const withoutComments = (text: string): string =>
  text.replace(/^ *\/\*\*[^]*?\*\/\n|^ +\/\/.*\n/gm, "");

/** Indented by tabs, which V8 reads faster than spaces; what a template literal holds stays. */
function withTabs(text: string): string {
  let inTemplate = false;
  return text.replace(/^(?: {2})*|(?<!\\)`/gm, (match) => {
    if (match === "`") inTemplate = !inTemplate;
    return inTemplate ? match : match.replaceAll("  ", "\t");
  });
}

/**
 * A program minified, with the names of its classes, which messages and stack traces show, and in
 * lines for stack traces. A call in each class keeps its name while esbuild renames everything.
 */
function minified(esbuild: any, text: string, format: string): string {
  const start = /^(var (\w+) = (?:\/\* @__PURE__ \*\/ \(\(\) => \{ return )?class)(?: \w+)??/;
  const marked = text.replace(
    RegExp(`${start.source}( extends [\\w.]+)? \\{$`, "gm"),
    '$1$3 { static { CLASS("$2"); }',
  );
  const shorter = (code: string, settings: object): string =>
    esbuild.transformSync(code, { format, target: "es2022", ...settings }).code;
  const named = shorter(marked, { minify: true }).replace(
    /\bclass( extends [\w$.]+)?\{static\{CLASS\("(\w+)"\)\}/g,
    "class $2$1{",
  );
  if (/\bCLASS\(/.test(named)) throw new Error("build: a class has lost its name");
  return withWholeStrings(shorter(named, { minifyWhitespace: true, lineLimit: 500 }));
}

/**
 * A line limit splits texts as well, by a backslash at the end of a line. Rollup, which indents the
 * lines of CommonJS modules, would put its tabs into them.
 */
function withWholeStrings(text: string): string {
  return text.replace(/(?<!\\)((?:\\\\)*)\\\n/g, "$1");
}

/** Checks that a text is the same program as another in other lines. */
function checkSame(esbuild: any, text: string, before: string): string {
  const bare = (code: string): string =>
    esbuild.transformSync(code, { minifyWhitespace: true }).code;
  if (bare(text) !== bare(before))
    throw new Error("build: a string looks like a comment or an indent and would be changed");
  return text;
}

/** The esbuild plugin for what people read. */
export const readableOutput = (esbuild: any) =>
  plugin((output) => {
    const text = readable(esbuild, output);
    return checkSame(esbuild, withTabs(text), text);
  });

/** The esbuild plugin for what few look into. */
export const compactOutput = (esbuild: any, format: "cjs" | "esm") =>
  plugin((output) => minified(esbuild, readable(esbuild, output), format));

function readable(esbuild: any, output: string): string {
  const text = checkSame(esbuild, withoutComments(output), output);
  return withPureVariables(esbuild, withoutUnusedImports(withClassNames(text)));
}

/** The esbuild plugin that changes the files that have been written. */
function plugin(finished: (output: string) => string) {
  return {
    name: "finished output",
    setup(build: any) {
      build.initialOptions.metafile = true;
      build.onEnd(({ metafile }: { metafile: { outputs: object } }) => {
        for (const file of Object.keys(metafile.outputs)) {
          const path = join(build.initialOptions.absWorkingDir, file);
          writeFileSync(path, finished(readFileSync(path, "utf8")));
        }
      });
    },
  };
}
