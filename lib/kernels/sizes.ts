// Sizes of tiles and blocks, and the amounts of work from which one way to compute a product is
// faster than another. `npm run bench -- thresholds` prints the tables from which SMALL_WORK,
// GEMV_WORK, PARALLEL_WORK, PACK_MIN_ELEMENTS and PACK_MIN_REUSE were read. The optima of the block
// sizes are flat: a neighboring size costs a few per cent. They were timed on a core with 48 KiB of
// first-level and 2 MiB of second-level cache.

/** Columns of the register tile: two vectors of two doubles. */
export const NR = 4;

/** Rows of the register tile, see wasm/emit-product.ts. */
export const MR = { simd: 4, fma: 6 } as const;

/**
 * Rows of the lower tile that computes the last rows of a block where a taller one would hang far
 * over the edge: 32 rows are 4·6 + 2·4. Speed relative to tiles of 6 alone: 1.07 at 32×64·64×100
 * and 16³, 1.10 at 20³.
 */
export const TAIL_MR = 4;

/**
 * Depth of a block of k: a panel of B (KC·NR doubles, 12 KiB) and MR rows of A fit a first-level
 * cache of 32 KiB. Speed relative to 256, which reads and writes C more often: 1.015 to 1.03 at
 * 1024³ and 1000×3072·3072×128, elsewhere the same.
 */
export const KC = 384;

/** Columns of B, and of C, that are in WebAssembly memory at a time: 1.5 MiB of panels. */
export const NC = 512;

/** Rows of A that are in WebAssembly memory at a time; a multiple of BAND. */
export const MC = 264;

/** The blocks of rows are multiples of this, which is a multiple of every MR. */
export const BAND = 24;

/**
 * Elements of a buffer of A: MC rows, each longer by a cache line so that rows differ in cache set.
 */
export const A_SIZE = MC * (KC + 8);

/** Elements of the buffer of C: whole bands at full width, 22·24 rows of 512. */
export const C_SIZE = 22 * BAND * NC;

/** Rows of C that a task of a shared product computes at most; a multiple of all tile heights. */
export const TASK_ROWS = 120;

/** m·n·k of such a task at least: 10 microseconds. */
export const TASK_WORK = 2 ** 18;

/** Elements of a thread's own buffer: a packed block of A, and a task's rows of C. */
export const THREAD_BUFFER_SIZE = TASK_ROWS * (KC + 8) + TASK_ROWS * (NC + 8);

/** Elements of an operand of a shared product that are in WebAssembly memory at a time: 32 MiB. */
export const STAGED_SIZE = 2 ** 22;

/** Elements from which on the threads share an element-wise kernel. */
export const PARALLEL_ELEMENTS = 2 ** 15;

/** Elements in the buffer in which rows of B wait to be packed. */
export const STAGING_SIZE = 64 * NC;

/**
 * Elements that the memory of a workspace has at least, so that the next one finds room in it: a
 * step of 784-128-10 in batches of 100 takes 0.85 of it.
 */
export const WORKSPACE_SIZE = 2 ** 18;

/** From this length on, a vector kernel in WebAssembly is faster than the loop in TypeScript. */
export const WASM_MIN_LENGTH = 128;

/**
 * Up to this length rows are copied element by element, which allocates no view. Nanoseconds for a
 * row of 8, 32 and 64 elements on Node 20: 7, 21 and 40 against 34, 37 and 41 through views; on
 * Node 24: 6, 20 and 39 against 29, 32 and 32.
 */
export const SHORT_ROW = 64;

/**
 * Up to this m·n·k a product is computed by plain TypeScript, straight from the operands. At 6³ =
 * 216 that takes 0.95 to 1.1 of the time of WebAssembly.
 */
export const SMALL_WORK = 200;

/**
 * Above this m·n·k a product with one row or column is computed by plain TypeScript, which needs no
 * copy of the matrix. Speed relative to WebAssembly: 0.94 at 1×256·256×256, 1.8 at 1×512·512×512.
 */
export const GEMV_WORK = 2 ** 17;

/**
 * From this m·n·k on, the threads of `configure` share a product. Speed of two threads relative to
 * one: 0.9 at 64³, 1.2 at 96³, 1.3 at 112³.
 */
export const PARALLEL_WORK = 2 ** 20;

/**
 * B, and a transposed A, are packed into panels where a block has at least this many elements.
 * Speed relative to not packing: 0.98 to 1.15, of a transposed A 1.02 to 1.42, highest where rows
 * are a power of two long. A transposed B is always packed.
 */
export const PACK_MIN_ELEMENTS = 2 ** 13;

/**
 * Packing also needs at least this many rows (columns) of the other operand, which reuse the
 * panels. Speed relative to not packing: 0.93 to 0.99 at 32, 0.98 to 1.07 at 64.
 */
export const PACK_MIN_REUSE = 64;
