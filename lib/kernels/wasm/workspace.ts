// Arrays that lie in WebAssembly's memory: products and vector kernels read and write them where
// they are, without copies.
//
// There is one such region, and whoever asks gets it from its beginning: it holds what one training
// step reads more than once or computes on its way, and nothing that anybody keeps. On 64-100-10 in
// batches of 32 that saves a seventh of the step on Node 20 and a sixth on Node 24.
import { executorFor } from "../configuration.ts";
import { WORKSPACE_SIZE } from "../sizes.ts";
import type { Executor } from "./executor.ts";

/**
 * Rows of a matrix in scratch are rounded up to a multiple of all tile heights: the last tile of a
 * product may hang over.
 */
const ROWS = 12;

/**
 * An array for each shape [rows, columns] in turn, undefined where it has no room left or there is
 * no WebAssembly; what they hold is lost when scratch is next asked for.
 */
export function scratch(
  shapes: readonly (readonly [rows: number, columns: number])[],
): (Float64Array<ArrayBuffer> | undefined)[] {
  const crew = executorFor(0);
  let at = 0;
  return shapes.map(([rows, columns]) => {
    const size = Math.ceil(rows / ROWS) * ROWS * columns + ROWS;
    const start = at;
    if (crew === undefined || start + size > WORKSPACE_SIZE) return undefined;
    at += size + (size & 1);
    return new Float64Array(
      crew.doubles.buffer as ArrayBuffer,
      crew.map.scratch + 8 * start,
      rows * columns,
    );
  });
}

/**
 * Where the array lies in the crew's memory; 0 when it lies elsewhere. The offset goes first: it
 * costs less to ask for.
 */
export function residentAddress(crew: Executor, array: Float64Array): number {
  const at = array.byteOffset;
  return at >= crew.map.scratch && array.buffer === crew.doubles.buffer ? at : 0;
}

/** The crew in whose memory the array lies; nobody's when it is an ordinary array. */
export function workspaceOf(array: Float64Array): Executor | undefined {
  if (array.byteOffset === 0) return undefined;
  const crew = executorFor(0);
  return crew !== undefined && residentAddress(crew, array) !== 0 ? crew : undefined;
}
