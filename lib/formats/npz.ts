// npz, NumPy's file of several arrays by name: a zip archive (zip.ts) whose entries are npy files
// (npy.ts) called NAME.npy, stored as np.savez writes them or deflated as np.savez_compressed does.
// Inflating is handed in, so that this file runs in every JavaScript runtime.
//
// Refused: what zip.ts and npy.ts refuse, and entries that are no npy files. Entries that were not
// asked for are neither unpacked nor refused.

import { checkFunction, checkInteger, checkOptions, show } from "../base/checks.ts";
import { ArgumentTypeError, FormatError } from "../base/errors.ts";
import type { WritableType } from "./dtype.ts";
import { type NpyArray, parseNpy, takeNpy, type WritableArray, writeNpy } from "./npy.ts";
import { refuseOtherFormats } from "./recognize.ts";
import { checkBytes, checkNamed, type NamedTensors } from "./tensor.ts";
import { type Deflate, type Inflate, openZip, writeZip, type ZipOptions } from "./zip.ts";

const SUFFIX = ".npy";

/** Which arrays of an npz are read, and how. */
export type NpzOptions = {
  /** Unpacks compressed arrays: in Node pass inflateRawSync of node:zlib. */
  inflate?: Inflate | undefined;
  /** The arrays to read; default all. Others are not unpacked, whatever they are. */
  names?: readonly string[] | undefined;
  /** The most bytes that compressed arrays may take when unpacked, in all; default 2 GiB. */
  maxBytes?: number | undefined;
};

/** What serializeNpz takes: a Map or an object from names to arrays. */
export type NamedArrays = NamedTensors<WritableArray>;

/**
 * Returns the arrays of an npz file by name, in the archive's order, each as `parseNpy` gives it;
 * `names` selects some. An archive without entries gives an empty Map. Throws FormatError for
 * anything the format does not allow, for a name that the archive does not have, and for compressed
 * arrays that take more than `maxBytes`.
 * @example
 * import { inflateRawSync } from "node:zlib";
 * import { Matrix, parseNpz, serializeNpz } from "twolayer";
 * const arrays = parseNpz(serializeNpz({ a: Matrix.identity(2) }), { inflate: inflateRawSync });
 * console.log([...arrays.keys()].join(), arrays.get("a")?.data.join()); // a 1,0,0,1
 */
export function parseNpz(bytes: Uint8Array, options: NpzOptions = {}): Map<string, NpyArray> {
  const where = "parseNpz";
  checkBytes(where, bytes);
  checkOptions(where, options, ["inflate", "names", "maxBytes"]);
  const { inflate, names, maxBytes } = options;
  checkFunction(where, "inflate", inflate);
  if (maxBytes !== undefined) checkInteger(where, "maxBytes", maxBytes, 0);
  if (names !== undefined && !Array.isArray(names))
    throw new ArgumentTypeError(`${where}: names expected an array, got ${show(names)}`);
  const archive = openNpz(bytes, { inflate, maxBytes });
  return new Map((names ?? archive.names).map((name) => [name, archive.read(name)]));
}

/** The names of the arrays in an npz file, and a function that unpacks and reads one of them. */
export type NpzArchive = { names: string[]; read: (name: string) => NpyArray };

/** Opens an npz file: its directory is checked, and no array is unpacked yet. */
export function openNpz(bytes: Uint8Array, options: ZipOptions): NpzArchive {
  refuseOtherFormats("npz", "an npz file", bytes, ["npz", "zip"]);
  const entries = openZip("npz", bytes, options);
  const bare = (entry: string): string =>
    entry.endsWith(SUFFIX) ? entry.slice(0, -SUFFIX.length) : entry;
  const names = [...entries.keys()].map(bare);
  const read = (name: string): NpyArray => {
    const entry = name + SUFFIX;
    const unpack = entries.get(entry);
    if (unpack === undefined) {
      if (!entries.has(name)) throw refuse(`expected an array ${show(name)}, got ${list(names)}`);
      throw refuse(`expected entries called NAME.npy, got ${show(name)}`);
    }
    const content = unpack();
    try {
      return content.owned ? takeNpy(content.bytes) : parseNpy(content.bytes);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const { reason, offset } = error;
      throw refuse(`entry ${show(entry)}: ${reason} (byte ${offset} of the entry)`);
    }
  };
  return { names, read };
}

function refuse(reason: string): FormatError {
  return new FormatError("npz", reason);
}

function list(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const more = names.length > 8 ? ` and ${names.length - 8} more` : "";
  return names.slice(0, 8).map(show).join(", ") + more;
}

/**
 * Returns an npz file of the arrays, in their order; the same arrays give the same bytes. `dtype`
 * is as for `serializeNpy` and holds for all numbers. `deflate` compresses: in Node pass
 * deflateRawSync of node:zlib. Throws TypeError or RangeError as serializeNpy does, and for names
 * that could lead outside a folder.
 * @example
 * import { deflateRawSync } from "node:zlib";
 * import { Matrix, serializeNpz } from "twolayer";
 * const zeros = { zeros: new Matrix(100, 100) };
 * console.log(serializeNpz(zeros).length); // 80244
 * console.log(serializeNpz(zeros, { deflate: deflateRawSync }).length < 1000); // true
 */
export function serializeNpz(
  arrays: NamedArrays,
  options: { dtype?: WritableType | undefined; deflate?: Deflate | undefined } = {},
): Uint8Array {
  const where = "serializeNpz";
  const named = checkNamed<WritableArray>(where, arrays);
  checkOptions(where, options, ["dtype", "deflate"]);
  checkFunction(where, "deflate", options.deflate);
  const entries = new Map<string, Uint8Array>();
  for (const [name, array] of named)
    entries.set(name + SUFFIX, writeNpy(where, name, array, options.dtype));
  return writeZip(where, entries, options.deflate);
}
