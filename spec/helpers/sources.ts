// The library's source files as text, and what they import, for the tests of promises about the
// code itself.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Paths of the files below `folder` whose names match: relative to it, with forward slashes,
 * sorted.
 */
export function sourceFiles(folder: string, name = /\.ts$/): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((file) => file.split(sep).join("/"))
    .filter((file) => name.test(file) && !/(^|\/)(node_modules|dist)\//.test(file))
    .sort();
}

/**
 * A file's text with comments blanked out: strings keep their content, lines keep their numbers.
 */
export function codeOf(path: string): string {
  const token =
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[^]*?\*\//g;
  return readFileSync(join(ROOT, path), "utf8").replace(token, (match) =>
    match.startsWith("/") ? match.replace(/[^\n]/g, " ") : match,
  );
}

export type Import = { from: string; typeOnly: boolean };

/**
 * Everything a file imports or re-exports, statically, by import() or as a worker's URL, which
 * names a file of the build.
 */
export function importsOf(path: string): Import[] {
  const code = codeOf(path);
  const found: Import[] = [];
  for (const [, type, from] of code.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']/gm,
  ))
    found.push({ from, typeOnly: type !== undefined });
  for (const [, typeOf, from] of code.matchAll(
    /(\btypeof\s+)?\bimport\s*\(\s*["'`]([^"'`]+)["'`]/g,
  ))
    found.push({ from, typeOnly: typeOf !== undefined });
  for (const [, from] of code.matchAll(/new URL\(\s*["'`](\.[^"'`]+\.[jt]s)["'`]/g))
    found.push({ from: from.replace(/\.js$/, ".ts"), typeOnly: false });
  return found;
}

/** The file that `from` means when `file` imports it; both paths are relative to one folder. */
export function resolveImport(file: string, from: string): string {
  return posix.join(posix.dirname(file), from);
}
