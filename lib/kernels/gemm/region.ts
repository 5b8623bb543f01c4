// How rectangles of matrices come into WebAssembly memory: copied row by row, or packed into
// panels.

import { STAGING_SIZE } from "../sizes.ts";
import type { Engine, Pack } from "../wasm/engine.ts";

/** Rows i.. and columns j.. of a matrix with `rowLength` columns. */
export type Region = {
  readonly data: Float64Array;
  readonly rowLength: number;
  readonly i: number;
  readonly j: number;
  readonly rows: number;
  readonly columns: number;
};

/** The address of a region of an array that lies in WebAssembly memory. */
export function addressOf({ data, rowLength, i, j }: Region): number {
  return data.byteOffset + 8 * (i * rowLength + j);
}

/** Copies a region to `doubles[to..]`, its rows `stride` elements apart. */
export function copyRegion(
  doubles: Float64Array,
  { data, rowLength, i, j, rows, columns }: Region,
  to: number,
  stride: number,
): void {
  let from = i * rowLength + j;
  if (columns === rowLength && stride === rowLength) {
    const whole = from === 0 && rows * rowLength === data.length;
    doubles.set(whole ? data : data.subarray(from, from + rows * rowLength), to);
    return;
  }
  for (let r = 0; r < rows; r++) {
    doubles.set(data.subarray(from, from + columns), to);
    from += rowLength;
    to += stride;
  }
}

/** Where panels go: the first at address `at`, `panel` bytes apart; a row fills `advance` bytes. */
export type Panels = {
  readonly pack: Pack;
  readonly at: number;
  readonly panel: number;
  readonly advance: number;
};

/** Packs a region into panels, through the staging buffer unless it is `resident` in the memory. */
export function packRegion(
  engine: Engine,
  region: Region,
  { pack, at, panel, advance }: Panels,
  resident: boolean,
): void {
  const { rowLength, i, rows, columns } = region;
  if (resident) {
    pack(addressOf(region), 8 * rowLength, at, panel, rows, columns);
    return;
  }
  const { staging } = engine.map;
  // Whole panels of 4 or 6 rows, and whole groups of four rows.
  const step = Math.floor(STAGING_SIZE / columns / 12) * 12;
  for (let r = 0; r < rows; r += step) {
    const some = Math.min(step, rows - r);
    copyRegion(engine.doubles, { ...region, i: i + r, rows: some }, staging / 8, columns);
    pack(staging, 8 * columns, at + advance * r, panel, some, columns);
  }
}
