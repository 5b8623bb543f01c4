// Which file, if any, a request of the playground may read. The answer is a table of folders, not a
// search of the disk: what is not listed here is not served.
//
// Refused: anything but an absolute path; escapes that do not decode; after decoding, segments that
// are empty or start with a dot (so "." and ".." in every spelling), backslashes, colons (drives
// and streams of Windows), control characters (NUL among them); file types the page has no use for;
// links that lead out of their folder.

import { realpathSync, statSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const folder = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** URL prefix -> folder; the first that fits decides. */
const FOLDERS: readonly [prefix: string, folder: string][] = [
  ["dist/", folder("../../dist/")], // the built library
  ["page/", folder("dist/")], // the page's own scripts, built from page/
  ["", folder("./")],
];

/** URL -> a single file. */
const FILES: Readonly<Record<string, string>> = {
  "": folder("index.html"),
  "digits.csv": folder("../digits/digits.csv"),
};

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
};

export type ServedFile = { path: string; type: string };

/**
 * The file that the request target `target` (as it stands in the request line) names, or undefined
 * when there is none to be had.
 */
export function servedFile(target: string): ServedFile | undefined {
  const name = decodedPath(target);
  if (name === undefined) return undefined;
  if (Object.hasOwn(FILES, name)) return existingFile(FILES[name]);
  const [prefix, root] = FOLDERS.find(([start]) => name.startsWith(start))!;
  return existingFile(join(root, ...name.slice(prefix.length).split("/")), root);
}

/**
 * The path without its leading slash and its query, every segment a plain name; undefined when it
 * is refused.
 */
function decodedPath(target: string): string | undefined {
  if (!target.startsWith("/")) return undefined;
  let name: string;
  try {
    name = decodeURIComponent(target.slice(1).split(/[?#]/, 1)[0]);
  } catch {
    return undefined;
  }
  if (name === "") return name;
  const plain = name.split("/").every((segment) => segment !== "" && !segment.startsWith("."));
  return plain && !/[\\:\p{Cc}]/u.test(name) ? name : undefined;
}

function existingFile(path: string, root?: string): ServedFile | undefined {
  const type = TYPES[extname(path)];
  if (type === undefined) return undefined;
  try {
    const real = realpathSync(path);
    if (root !== undefined && !real.startsWith(withSeparator(realpathSync(root)))) return undefined;
    return statSync(real).isFile() ? { path: real, type } : undefined;
  } catch {
    return undefined; // no such file
  }
}

function withSeparator(path: string): string {
  return path.endsWith(sep) ? path : path + sep;
}
