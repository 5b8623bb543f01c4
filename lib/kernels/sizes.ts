// Sizes of tiles and blocks, and from where on which way to compute a product pays. `npm run bench
// -- thresholds` prints the tables that DIRECT, VECTOR, THREADED, PACK_SIZE and PACK_USES were read
// from. The optima of the sizes are flat: a neighbouring one costs a few per cent. They were timed
// where a core has 48 KiB of first-level and 2 MiB of second-level cache.

/** Columns of the register tile: two vectors of two doubles. */
export const NR = 4;

/** Rows of the register tile, see micro-kernel.ts. */
export const MR = { simd: 4, fma: 6 } as const;

/**
 * Rows of the tile that takes over from a taller one where fewer rows are left: 32 rows are 4·6 +
 * 2·4. 1.07 times as fast at 32×64·64×100 and at 16³, 1.10 times at 20³.
 */
export const TAIL_MR = 4;

/**
 * Depth of a block of k: a panel of B (KC·NR doubles, 12 KiB) and MR rows of A fit a first-level
 * cache of 32 KiB. Beside 256, which reads and writes C more often, 1.015 to 1.03 times as fast at
 * 1024³ and 1000×3072·3072×128, else the same.
 */
export const KC = 384;

/** Columns of B, and of C, that are in WebAssembly memory at a time: 1.5 MiB of panels. */
export const NC = 512;

/** Rows of A that are copied in at a time; a multiple of BAND. */
export const MC = 264;

/**
 * Rows of C in a band, the least piece of work: a multiple of every MR, so bands never share a
 * tile.
 */
export const BAND = 24;

/** Elements of the buffer of A: a slab, its rows a cache line apart from a power of two. */
export const A_SIZE = MC * (KC + 8);

/** Elements of the buffer of C. Whole bands at full width: 22·24 rows of 512. */
export const C_SIZE = 22 * BAND * NC;

/**
 * Elements of scratch memory: a step of 784-128-10 in batches of 100 takes 0.85 of it, all but a
 * copy of W1.
 */
export const WORKSPACE_SIZE = 2 ** 18;

/** From this length on, arrays in scratch memory are worth a call into WebAssembly. */
export const WASM_MIN_LENGTH = 128;

/**
 * Up to this length rows are copied element by element, which makes no garbage: ns a row of 8, 32
 * and 64 on Node 20 7, 21 and 40, as views 34, 37 and 41, on Node 24 6, 20 and 39 against 29, 32
 * and 32.
 */
export const SHORT_ROW = 64;

/**
 * Elements that pass through WebAssembly at a time on their way from one ordinary array to another:
 * 64 KiB stay in cache.
 */
export const STREAM_CHUNK = 8192;

/** Elements of the buffer in which raw pieces of B wait for packing. */
export const STAGING_SIZE = 64 * NC;

/**
 * Up to this m·n·k the operands are read where they lie, by plain TypeScript. 6³ = 216 takes 0.95
 * to 1.1 times as long there.
 */
export const SMALL_WORK = 200;

/**
 * Above this m·n·k a product with a single row or column is computed by plain TypeScript, which
 * needs no copy of its matrix: 0.94 times as fast at 1×256·256×256, 1.8 times at 1×512·512×512.
 */
export const GEMV_WORK = 2 ** 17;

/**
 * From this m·n·k on, threads (when configured) share the work: two are 0.9 times as fast at 64³,
 * 1.2 at 96³, 1.3 at 112³.
 */
export const PARALLEL_WORK = 2 ** 20;

/**
 * B, and a transposed A, are packed into panels where a block of them has at least this many
 * elements: 0.98 to 1.15 times as fast, transposed 1.02 to 1.42 times, most where rows are a power
 * of two long. A transposed B always is.
 */
export const PACK_MIN_ELEMENTS = 2 ** 13;

/**
 * And only where so many rows or columns of the other operand use them: 0.93 to 0.99 times as fast
 * at 32, 0.98 to 1.07 at 64.
 */
export const PACK_MIN_REUSE = 64;
