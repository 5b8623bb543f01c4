import assert from "node:assert/strict";
import { scratch } from "../../lib/kernels/wasm/workspace.ts";

/** Arrays of these shapes in scratch memory, for all of which there must be room. */
export function scratchArrays(
  shapes: readonly (readonly [rows: number, columns: number])[],
): Float64Array[] {
  const arrays = scratch(shapes);
  assert.ok(
    arrays.every((array) => array !== undefined),
    "no room in scratch memory",
  );
  return arrays as Float64Array[];
}
