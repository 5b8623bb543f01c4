// npz, NumPy's file of several arrays by name: a zip archive (zip.ts) whose entries are npy files
// (npy.ts) called NAME.npy, stored as np.savez writes them or deflated as np.savez_compressed does.
// Inflating is handed in, so that this file runs wherever JavaScript does.
//
// Refused: all that zip.ts and npy.ts refuse, and entries that are no npy files.
import { checkChoice, checkOptions, show } from "../base/checks.ts";
import { ArgumentTypeError, FormatError } from "../base/errors.ts";
import type { Matrix } from "../matrix/matrix.ts";
import type { WritableType } from "./dtype.ts";
import { readNpy, toMatrix, WRITABLE_TYPES, writeNpy } from "./npy.ts";
import { checkBytes, checkTensors, type NamedTensors, type StoredTensor } from "./tensor.ts";
import { type Deflate, type Inflate, readZip, writeZip } from "./zip.ts";

const SUFFIX = ".npy";

/**
 * The arrays of an npz file by name, in the archive's order, each as parseNpy gives it. `inflate`
 * is needed for compressed files: in Node pass inflateRawSync of node:zlib. Throws FormatError for
 * anything the format does not allow. An archive without entries gives an empty Map.
 * @example
 * import { inflateRawSync } from "node:zlib";
 * import { Matrix, parseNpz, serializeNpz } from "twolayer";
 * const arrays = parseNpz(serializeNpz({ a: Matrix.identity(2) }), { inflate: inflateRawSync });
 * console.log([...arrays.keys()].join(), arrays.get("a")?.sum()); // a 2
 */
export function parseNpz(
  bytes: Uint8Array,
  options: { inflate?: Inflate } = {},
): Map<string, Matrix> {
  checkBytes("parseNpz", bytes);
  checkCompression("parseNpz", "inflate", options);
  return new Map(
    [...readNpz(bytes, options.inflate)].map(([name, tensor]) => [name, toMatrix(tensor)]),
  );
}

/** As parseNpz, with shapes and types as stored. */
export function readNpz(bytes: Uint8Array, inflate?: Inflate): Map<string, StoredTensor> {
  const tensors = new Map<string, StoredTensor>();
  for (const [entry, content] of readZip("npz", bytes, inflate)) {
    if (!entry.endsWith(SUFFIX)) {
      const reason = `expected entries called NAME.npy, got ${show(entry)}`;
      throw new FormatError("npz", reason, { offset: 0 });
    }
    try {
      tensors.set(entry.slice(0, -SUFFIX.length), readNpy(content));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const { reason, offset } = error;
      throw new FormatError("npz", `entry ${show(entry)}: ${reason} (byte ${offset} of the entry)`);
    }
  }
  return tensors;
}

/**
 * An npz file of the arrays, in their order; the same arrays give the same bytes. `dtype` is as for
 * serializeNpy and holds for all. `deflate` compresses: in Node pass deflateRawSync of node:zlib.
 * Throws TypeError or RangeError as serializeNpy does, and for names that could lead outside a
 * folder.
 * @example
 * import { deflateRawSync } from "node:zlib";
 * import { Matrix, serializeNpz } from "twolayer";
 * const zeros = { zeros: new Matrix(100, 100) };
 * console.log(serializeNpz(zeros).length, serializeNpz(zeros, { deflate: deflateRawSync }).length < 1000);
 * // 80244 true
 */
export function serializeNpz(
  arrays: NamedTensors,
  options: { dtype?: WritableType; deflate?: Deflate } = {},
): Uint8Array {
  const where = "serializeNpz";
  const named = checkTensors(where, arrays);
  checkCompression(where, "deflate", options, ["dtype"]);
  const dtype = options.dtype ?? "float64";
  checkChoice(where, "dtype", dtype, WRITABLE_TYPES);
  const entries = new Map<string, Uint8Array>();
  for (const [name, tensor] of named)
    entries.set(name + SUFFIX, writeNpy(where, show(name), tensor, dtype));
  return writeZip(where, entries, options.deflate);
}

function checkCompression(
  where: string,
  name: string,
  options: { [name: string]: unknown },
  others: string[] = [],
): void {
  checkOptions(where, options, [...others, name]);
  const value = options[name];
  if (value !== undefined && typeof value !== "function") {
    throw new ArgumentTypeError(`${where}: ${name} expected a function, got ${show(value)}`);
  }
}
