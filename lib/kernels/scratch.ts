// Arrays that lie in WebAssembly's memory: products and vector kernels read and write them where they are, without copies.
//
// There is one such region, and whoever asks gets it from its beginning: it holds what one training step computes on its
// way, and nothing that anybody keeps. On 64-100-10 in batches of 32 that saves a sixth of the step.
import { crewFor } from "./configuration.ts";
import type { Crew } from "./crew.ts";
import { SCRATCH } from "./params.ts";

/** Rows of a matrix in scratch are rounded up to a multiple of all tile heights: the last tile of a product may hang over. */
const ROWS = 12;

/**
 * One array for each shape [rows, columns]; what they hold is lost when scratch is next asked for. Ordinary arrays where
 * there is no WebAssembly, or too little room.
 */
export function scratch(shapes: readonly (readonly [rows: number, columns: number])[]): Float64Array<ArrayBuffer>[] {
  const crew = crewFor(0);
  const sizes = shapes.map(([rows, columns]) => Math.ceil(rows / ROWS) * ROWS * columns + ROWS);
  const fits = sizes.reduce((total, size) => total + size, 0) <= SCRATCH;
  if (crew === undefined || !fits) return shapes.map(([rows, columns]) => new Float64Array(rows * columns));
  let at = crew.map.scratch;
  return shapes.map(([rows, columns], i) => {
    const array = new Float64Array(crew.doubles.buffer as ArrayBuffer, at, rows * columns);
    at += 8 * (sizes[i] + (sizes[i] & 1));
    return array;
  });
}

/** Where the array lies in the crew's memory; 0 when it lies elsewhere. The offset goes first: it costs less to ask for. */
export function addressOf(crew: Crew, array: Float64Array): number {
  const at = array.byteOffset;
  return at >= crew.map.scratch && array.buffer === crew.doubles.buffer ? at : 0;
}

/** The crew in whose memory the array lies; nobody's when it is an ordinary array. */
export function holder(array: Float64Array): Crew | undefined {
  if (array.byteOffset === 0) return undefined;
  const crew = crewFor(0);
  return crew !== undefined && addressOf(crew, array) !== 0 ? crew : undefined;
}
