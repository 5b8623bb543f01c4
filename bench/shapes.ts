// The products and nets that are timed, and how they are spelt on the command line.

/** C (m, n) = op(A) (m, k)·B (k, n); with transA, A is stored as (k, m). */
export type Shape = { m: number; k: number; n: number; transA: boolean };
/** A net of D inputs, H hidden units and C classes, trained on batches of N rows. */
export type NetShape = { D: number; H: number; C: number; N: number };

/**
 * Squares, and the products of the nets below: forward, the gradient of W1, forward of the two
 * smaller ones.
 */
export const MATMUL_SHAPES =
  "16 32 64 128 256 512 1024 1000x3072x128 t3072x1000x128 100x784x128 32x64x100";
export const NET_SHAPES = "64-100-10/32 784-128-10/100 3072-128-10/1000";

/**
 * "64" is 64×64 by 64×64; "5x4x10" is 5×4 by 4×10; "t5x4x10" the same with A stored transposed, as
 * 4×5.
 */
export function parseShape(text: string): Shape {
  const match = /^(t?)(\d+)(?:x(\d+)x(\d+))?$/.exec(text);
  if (match === null)
    throw new RangeError(`bench: size expected 64, 5x4x10 or t5x4x10, got "${text}"`);
  const m = Number(match[2]);
  const k = Number(match[3] ?? m);
  const n = Number(match[4] ?? m);
  if (m * k * n === 0) throw new RangeError(`bench: size expected to be at least 1, got "${text}"`);
  return { m, k, n, transA: match[1] === "t" };
}

/** "64-100-10/32" is 64 inputs, 100 hidden units, 10 classes, batches of 32. */
export function parseNetShape(text: string): NetShape {
  const match = /^(\d+)-(\d+)-(\d+)\/(\d+)$/.exec(text);
  if (match === null) throw new RangeError(`bench: size expected 64-100-10/32, got "${text}"`);
  const [D, H, C, N] = match.slice(1).map(Number);
  if (D * H * C * N === 0)
    throw new RangeError(`bench: size expected to be at least 1, got "${text}"`);
  return { D, H, C, N };
}

export function shapeName({ m, k, n, transA }: Shape): string {
  if (m === k && k === n && !transA) return `${m}³`;
  return transA ? `(${k}×${m})ᵀ·(${k}×${n})` : `(${m}×${k})·(${k}×${n})`;
}

export function netName({ D, H, C, N }: NetShape): string {
  return `${D}-${H}-${C}, batch ${N}`;
}

/** Multiplications and additions of a product. */
export function matmulFlops({ m, k, n }: Shape): number {
  return 2 * m * k * n;
}

/**
 * Useful multiplications and additions of a training step: the five products, nothing else. X needs
 * no gradient.
 */
export function stepFlops({ D, H, C, N }: NetShape): number {
  return 2 * N * (2 * D * H + 3 * H * C);
}
