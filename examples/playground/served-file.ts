// Which file, if any, a request of the playground may read: one that lies in the built folder.
//
// Refused: anything but an absolute path; escapes that do not decode; after decoding, segments that
// are empty or start with a dot (so "." and ".." in every spelling), backslashes, colons (drives
// and streams of Windows), control characters (NUL among them); file types the page has no use for;
// links that lead out of the folder.

import { realpathSync, statSync } from "node:fs";
import { extname, join, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
};

export type ServedFile = { path: string; type: string };

/**
 * The file of `folder` that the request target `target` (as it stands in the request line) names,
 * or undefined when there is none. The target "/" names index.html.
 */
export function servedFile(target: string, folder: string): ServedFile | undefined {
  const name = decodedPath(target);
  if (name === undefined) return undefined;
  return existingFile(join(folder, ...(name === "" ? "index.html" : name).split("/")), folder);
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

function existingFile(path: string, folder: string): ServedFile | undefined {
  const type = TYPES[extname(path)];
  if (type === undefined) return undefined;
  try {
    const real = realpathSync(path);
    if (!real.startsWith(realpathSync(folder) + sep)) return undefined;
    return statSync(real).isFile() ? { path: real, type } : undefined;
  } catch {
    return undefined; // no such file
  }
}
