// What may follow a product while its rows are still in cache: a bias row, ReLU, a mask. The bits
// are those of the separate kernels of reference.ts, one after the other.

import { A_SIZE } from "../sizes.ts";
import type { Engine } from "../wasm/engine.ts";
import { trainingKernels } from "../wasm/training.ts";
import type { Epilogue, EpilogueSteps, Tile } from "./product.ts";
import { copyRegion } from "./region.ts";

/** The steps with what runs them. */
export function epilogueOf(steps: EpilogueSteps): Epilogue {
  return new FusedSteps(steps);
}

// A class, because each layer makes one: an object of closures takes 2 microseconds on Node 20.
class FusedSteps implements Epilogue {
  readonly row: Float64Array | undefined;
  readonly relu: boolean | undefined;
  readonly mask: Float64Array | undefined;
  readonly kernel: Epilogue["kernel"];

  constructor({ row, relu, mask }: EpilogueSteps) {
    this.row = row;
    this.relu = relu;
    this.mask = mask;
    this.kernel = row ? (relu ? "rowRelu" : "row") : relu ? "relu" : "dense";
  }

  run(engine: Engine, n: number, tile: Tile, resident: boolean): void {
    const { mask } = this;
    if (this.kernel !== "dense" || tile.stride !== tile.columns)
      moveTile(engine, this, n, tile, resident);
    if (mask !== undefined) maskTile(engine, n, mask, tile, resident);
  }

  apply(m: number, n: number, c: Float64Array): void {
    applySteps(m, n, c, this);
  }
}

/** C = max(C + row, 0), the rows side by side. */
function moveTile(
  engine: Engine,
  { row, kernel }: Pick<Epilogue, "row" | "kernel">,
  n: number,
  { at, stride, j, rows, columns }: Tile,
  resident: boolean,
): void {
  let rowAt = engine.map.row;
  if (row !== undefined && resident) rowAt = row.byteOffset + 8 * j;
  else if (row !== undefined)
    engine.doubles.set(columns === n ? row : row.subarray(j, j + columns), rowAt / 8);
  const call = kernel === "dense" ? engine.kernels.dense : trainingKernels(engine)[kernel];
  call(at, 8 * stride, rows, columns, rowAt, 0, at, 8 * columns);
}

/** C = C · (mask > 0) for rows of C that lie side by side. */
function maskTile(
  engine: Engine,
  n: number,
  mask: Float64Array,
  { at, i, j, rows, columns }: Tile,
  resident: boolean,
): void {
  const { doubles, map } = engine;
  const kernels = trainingKernels(engine);
  if (resident && columns === n) {
    kernels.mask(at, 8 * n, rows, n, 0, mask.byteOffset + 8 * i * n, at, 8 * n);
    return;
  }
  const step = Math.floor(A_SIZE / columns);
  for (let r = 0; r < rows; r += step) {
    const some = Math.min(step, rows - r);
    const region = { data: mask, rowLength: n, i: i + r, j, rows: some, columns };
    copyRegion(doubles, region, map.aBuffer / 8, columns);
    const from = at + 8 * r * columns;
    kernels.mask(from, 8 * columns, some, columns, 0, map.aBuffer, from, 8 * columns);
  }
}

function applySteps(
  m: number,
  n: number,
  c: Float64Array,
  { row, relu, mask }: EpilogueSteps,
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      const at = i * n + j;
      let v = c[at];
      if (row) v += row[j];
      if (relu) v = v <= 0 ? 0 : v;
      if (mask) v *= +(mask[at] > 0);
      c[at] = v;
    }
  }
}
