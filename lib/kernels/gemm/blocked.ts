// The outer loops of the product: which block of which operand is in WebAssembly memory when.
//
//   for each block of C, up to 528 × 512        loops 5 and 3 of the BLIS papers; C stays until its
//                                         sums are complete
//     for each KC of k                          loop 4: a block of B comes in
//       for each slab of A, up to MC rows       comes in
//         the crew multiplies it                loops 2 and 1 and the micro-kernel, see
//                                         micro-kernel.ts
//         after the last k: epilogue, C goes out
//
// What comes in is copied by TypedArray.set (0.3 ns an element in one piece, 0.4 in rows of 264)
// and, where it is read often enough to pay, turned into panels by WebAssembly (pack.ts). What lies
// in scratch memory is there already.

import {
  A_SIZE,
  BAND,
  C_SIZE,
  KC,
  MC,
  NC,
  NR,
  PACK_MIN_ELEMENTS,
  PACK_MIN_REUSE,
  STAGING_SIZE,
} from "../sizes.ts";
import type { EpilogueName, Pack } from "../wasm/engine.ts";
import type { Executor, Task } from "../wasm/executor.ts";
import { residentAddress } from "../wasm/workspace.ts";
import type { Epilogue } from "./epilogue.ts";

/**
 * A length in equal parts of at most `limit`, each rounded up to a multiple of `unit`: how long is
 * one?
 */
function blockSize(length: number, limit: number, unit: number): number {
  const part = length / Math.ceil(length / limit);
  return Math.min(length, Math.ceil(part / unit) * unit);
}

/**
 * Where rows of C are, or will be once the task with this ticket is done, and where they belong.
 */
type Rows = {
  ticket: number;
  from: number;
  cStride: number;
  i: number;
  j: number;
  rows: number;
  columns: number;
};

/**
 * gemm for m, n, k >= 1 through the crew's WebAssembly memory; blocks of packSize elements and
 * packUses uses are packed.
 */
export function multiplyBlocked(
  crew: Executor,
  transA: boolean,
  transB: boolean,
  m: number,
  n: number,
  k: number,
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  epilogue: Epilogue | undefined,
  packSize = PACK_MIN_ELEMENTS,
  packUses = PACK_MIN_REUSE,
): void {
  const { mr, map, kernels, doubles } = crew;
  const finished: Rows[] = []; // not yet fetched, in the order of their addresses
  const fetch = (): void => store(crew, finished.shift()!, n, c, epilogue);

  const [aHome, bHome] = [residentAddress(crew, a), residentAddress(crew, b)];
  const blockColumns = blockSize(n, NC, 8);
  // where whole panels are at their place at once
  const cHome = blockColumns === n && n % NR === 0 ? residentAddress(crew, c) : 0;
  for (let j = 0; j < n; j += blockColumns) {
    const columns = Math.min(blockColumns, n - j);
    const cStride = Math.ceil(columns / NR) * NR;
    const blockRows = blockSize(m, Math.floor(C_SIZE / cStride / BAND) * BAND, BAND);
    if (epilogue?.row) {
      while (finished.length > 0) fetch(); // they still need the row's earlier part
      doubles.set(epilogue.row.subarray(j, j + columns), map.row / 8);
    }
    for (let i = 0; i < m; i += blockRows) {
      const rows = Math.min(blockRows, m - i);
      const packB = transB || (columns * Math.min(k, KC) >= packSize && rows >= packUses);
      const slabRows = blockSize(rows, MC, BAND);
      const tickets: number[] = []; // of the latest task on each slab's rows of C
      for (let p = 0; p < k; p += KC) {
        const depth = Math.min(KC, k - p);
        const panelDepth = Math.ceil(depth / 4) * 4; // packing goes by four rows
        const bPanel = 8 * NR * (packB ? panelDepth : 1);
        const inPlace = bHome !== 0 && !packB;
        const block = inPlace ? bHome + 8 * (p * n + j) : crew.nextBBuffer();
        if (transB)
          pack(crew, kernels.packBColumns, bPanel / NR, k, j, p, columns, depth, b, block, bPanel);
        else if (packB)
          pack(crew, kernels.packBRows, 8 * NR, n, p, j, depth, columns, b, block, bPanel);
        else if (!inPlace) copy(doubles, n, p, j, depth, columns, b, block / 8, columns);
        for (let s = 0, index = 0; s < rows; s += slabRows, index++) {
          const height = Math.min(slabRows, rows - s);
          const slab = crew.nextABuffer();
          const task: Task = {
            layout: "rows",
            a: slab,
            aStride: 8 * depth,
            aPanel: 8 * mr * depth,
            b: block,
            bStride: 8 * (packB ? NR : inPlace ? n : columns),
            bPanel,
            c: cHome === 0 ? map.c + 8 * s * cStride : cHome + 8 * (i + s) * n,
            cStride: 8 * cStride,
            rows: height,
            columns,
            depth,
            resume: p,
          };
          if (!transA && aHome !== 0) {
            task.a = aHome + 8 * ((i + s) * k + p);
            task.aStride = 8 * k;
            task.aPanel = 8 * mr * k;
          } else if (!transA) {
            // Rows that are part of longer ones come one by one, with a gap that keeps them off
            // each other's cache sets.
            const stride = depth === k ? depth : ((depth + 7) & ~15) + 8;
            copy(doubles, k, i + s, p, height, depth, a, slab / 8, stride);
            task.aStride = 8 * stride;
            task.aPanel = 8 * mr * stride;
          } else if (height * depth >= packSize && columns >= packUses) {
            task.layout = packB ? "panels" : "columns";
            task.aStride = 8 * mr;
            task.aPanel = 8 * mr * panelDepth;
            pack(
              crew,
              kernels.packAColumns,
              8 * mr,
              m,
              p,
              i + s,
              depth,
              height,
              a,
              slab,
              task.aPanel,
            );
          } else {
            if (aHome === 0) copy(doubles, m, p, i + s, depth, height, a, slab / 8, height);
            else task.a = aHome + 8 * (p * m + i + s);
            task.layout = "columns";
            task.aStride = 8 * (aHome === 0 ? height : m);
            task.aPanel = 8 * mr;
          }
          // Another block's results may lie where this one's are about to.
          if (p === 0)
            while (finished.length > 0 && finished[0].from < task.c + 8 * height * cStride) fetch();
          const ticket = (tickets[index] = crew.run(task, tickets[index]));
          if (p + depth === k) {
            finished.push({ ticket, from: task.c, cStride, i: i + s, j, rows: height, columns });
            if (!crew.asynchronous) fetch();
          }
        }
      }
    }
  }
  while (finished.length > 0) fetch();
}

/**
 * Rows i.. and columns j.. of a matrix with rows of `length`, to `doubles` at `to` with rows of
 * `stride`.
 */
function copy(
  doubles: Float64Array,
  length: number,
  i: number,
  j: number,
  rows: number,
  columns: number,
  source: Float64Array,
  to: number,
  stride: number,
): void {
  let from = i * length + j;
  if (columns === length && stride === length) {
    doubles.set(
      from === 0 && rows * length === source.length
        ? source
        : source.subarray(from, from + rows * length),
      to,
    );
    return;
  }
  for (let r = 0; r < rows; r++) {
    doubles.set(source.subarray(from, from + columns), to);
    from += length;
    to += stride;
  }
}

/**
 * The same into panels that begin `panel` bytes apart, through the raw buffer; each row takes `to`
 * on by `advance` bytes.
 */
function pack(
  crew: Executor,
  packing: Pack,
  advance: number,
  length: number,
  i: number,
  j: number,
  rows: number,
  columns: number,
  source: Float64Array,
  to: number,
  panel: number,
): void {
  const home = residentAddress(crew, source);
  if (home !== 0) {
    packing(home + 8 * (i * length + j), 8 * length, to, panel, rows, columns);
    return;
  }
  const { staging: raw } = crew.map;
  // whole panels of 4 or 6 rows, whole fours of rows
  const step = Math.floor(STAGING_SIZE / columns / 12) * 12;
  for (let r = 0; r < rows; r += step) {
    const some = Math.min(step, rows - r);
    copy(crew.doubles, length, i + r, j, some, columns, source, raw / 8, columns);
    packing(raw, 8 * columns, to + advance * r, panel, some, columns);
  }
}

/** Finished rows of C: the epilogue, and out to where they belong. */
function store(
  crew: Executor,
  finished: Rows,
  n: number,
  c: Float64Array,
  epilogue: Epilogue | undefined,
): void {
  const { ticket, from, cStride, i, j, rows, columns } = finished;
  const { doubles, kernels, map } = crew;
  const { row, relu, mask } = epilogue ?? {};
  crew.wait(ticket, rows);
  if (row || relu || cStride !== columns) {
    const name: EpilogueName = row ? (relu ? "rowRelu" : "row") : relu ? "relu" : "dense";
    kernels[name](from, 8 * cStride, rows, columns, map.row, 0);
  }
  const maskHome = mask ? residentAddress(crew, mask) : 0;
  if (maskHome !== 0 && columns === n) {
    kernels.mask(from, 8 * n, rows, n, 0, maskHome + 8 * i * n);
  } else if (mask) {
    // even, so that no pair of elements spans two steps
    const step = Math.floor(A_SIZE / columns / 2) * 2;
    const scratch = crew.nextABuffer();
    for (let r = 0; r < rows; r += step) {
      const some = Math.min(step, rows - r);
      copy(doubles, n, i + r, j, some, columns, mask, scratch / 8, columns);
      kernels.mask(from + 8 * r * columns, 8 * columns, some, columns, 0, scratch);
    }
  }
  if (from >= map.scratch) return; // C was made where it belongs
  if (columns === n) {
    c.set(doubles.subarray(from / 8, from / 8 + rows * n), i * n);
    return;
  }
  for (let r = 0; r < rows; r++) {
    const source = from / 8 + r * columns;
    c.set(doubles.subarray(source, source + columns), (i + r) * n + j);
  }
}
