// Where chance comes from: Philox4x32-10, the only source of randomness in the library.
//
// Philox is counter based (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2,
// 3", SC 2011): ten rounds of multiply and exchange turn a 128-bit counter and a 64-bit key into
// 128 random bits, so the whole state of a generator is two numbers. The streams are those of
// PyTorch's CUDA generator: key = seed, counter = (offset / 4, element index), each in two words;
// one block of four words per element, and each call that fills an array advances offset by 4.

import type { NewFloat64Array, NewInt32Array } from "./arrays.ts";
import { checkChoice, checkInteger, checkOptions, show, wrongType } from "./checks.ts";
import { log, sin, sinPi } from "./elementary.ts";
import { ArgumentRangeError, ArgumentTypeError } from "./errors.ts";

const ROUNDS = 10;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9; // the golden ratio and √3 − 1: what the key grows by from round to round
const WEYL_1 = 0xbb67ae85;

const block = new Uint32Array(4); // the words of the element being drawn

/**
 * The high 32 bits of a·b, both unsigned. In 16-bit halves: a double cannot hold the 64-bit
 * product.
 */
function multiplyHigh(a: number, b: number): number {
  const aLo = a & 0xffff;
  const aHi = a >>> 16;
  const bLo = b & 0xffff;
  const bHi = b >>> 16;
  const middle = aHi * bLo + ((aLo * bLo) >>> 16);
  return aHi * bHi + (middle >>> 16) + ((aLo * bHi + (middle & 0xffff)) >>> 16);
}

/**
 * Philox4x32-10: four counter words and two key words in, four random words out (into `out`, all
 * unsigned 32-bit).
 */
export function philox4x32(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
): void {
  for (let round = 0; round < ROUNDS; round++) {
    const hi0 = multiplyHigh(c0, MULTIPLIER_0);
    const hi1 = multiplyHigh(c2, MULTIPLIER_1);
    const lo0 = Math.imul(c0, MULTIPLIER_0);
    const lo1 = Math.imul(c2, MULTIPLIER_1);
    c0 = (hi1 ^ c1 ^ k0) >>> 0;
    c1 = lo1;
    c2 = (hi0 ^ c3 ^ k1) >>> 0;
    c3 = lo0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/**
 * Throws a TypeError unless `value` is a Random, whichever copy of the library made it.
 */
export function checkRandom(where: string, value: unknown): void {
  const random = value as Partial<Random> | null | undefined;
  if (typeof random?.normal === "function" && typeof random.permutation === "function") return;
  throw wrongType(where, "random", "a Random", value);
}

const TWO_32 = 4294967296;
// 2^-32 and 2π·2^-32 as curand_normal.h spells them, in float32
const TO_UNIT = Math.fround(2.3283064e-10);
const TO_ANGLE = Math.fround(2.3283064e-10 * 6.2831855);

/**
 * sqrt(−2 ln u)·sin v with every step rounded to float32, as a GPU would (Box and Muller, 1958).
 */
function normalFloat32(): number {
  const fround = Math.fround;
  const u = fround(fround(fround(block[0]) * TO_UNIT) + fround(TO_UNIT / 2));
  const v = fround(fround(fround(block[1]) * TO_ANGLE) + fround(TO_ANGLE / 2));
  const s = fround(Math.sqrt(fround(-2 * fround(log(u)))));
  return fround(s * fround(sin(v)));
}

/** a XOR b·2^21 as an integer below 2^53. */
function bits53(a: number, b: number): number {
  return (b >>> 11) * TWO_32 + ((a ^ (b << 21)) >>> 0);
}

/** The same in float64, from all four words. */
function normalFloat64(): number {
  const u = bits53(block[0], block[1]) * 2 ** -53 + 2 ** -54;
  const v = bits53(block[2], block[3]) * 2 ** -52 + 2 ** -53;
  return Math.sqrt(-2 * log(u)) * sinPi(v);
}

/** Zeros, or a TypeError or RangeError that says how many were asked for. */
function allocate<T>(
  where: string,
  type: new (count: number) => T,
  count: number,
  name = "count",
  most?: number,
): T {
  checkInteger(where, name, count, 0, most);
  try {
    return new type(count);
  } catch {
    throw new ArgumentRangeError(`${where}: no room for ${count} numbers`);
  }
}

/**
 * A seeded generator, Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy
 * as 1, 2, 3", 2011): the same seed and the same calls give the same bits in every engine. Wrong
 * seeds and counts throw a TypeError or RangeError; a count of 0 gives an empty array.
 * @example
 * const [random, again] = [new Random(7), new Random(7)];
 * console.log(random.normal(3).join() === again.normal(3).join()); // true
 */
export class Random {
  private readonly seed: number;
  private offset = 0;

  /** `seed` is an integer in 0..2^53−1, default 0. Throws TypeError or RangeError otherwise. */
  constructor(seed = 0) {
    checkInteger("Random", "seed", seed, 0);
    this.seed = seed;
  }

  /**
   * The seed and the position in its stream as plain JSON, for checkpoints.
   * @example
   * const random = new Random(7);
   * random.uniform(2);
   * console.log(JSON.stringify(random.state)); // {"seed":7,"offset":4}
   */
  get state(): { seed: number; offset: number } {
    return { seed: this.seed, offset: this.offset };
  }

  /**
   * Returns a generator that continues where `state` was taken. Throws a TypeError or RangeError
   * unless seed and offset are integers >= 0 and offset is a multiple of 4.
   * @example
   * const random = new Random(7);
   * const again = Random.fromState(random.state);
   * console.log(again.uniform(2).join() === random.uniform(2).join()); // true
   */
  static fromState(state: { seed: number; offset: number }): Random {
    if (typeof state !== "object" || state === null) {
      throw new ArgumentTypeError(
        `Random.fromState: expected { seed, offset }, got ${show(state)}`,
      );
    }
    checkInteger("Random.fromState", "seed", state.seed, 0);
    checkInteger("Random.fromState", "offset", state.offset, 0);
    if (state.offset % 4 !== 0) {
      throw new ArgumentRangeError(
        `Random.fromState: offset expected a multiple of 4, got ${state.offset}`,
      );
    }
    const random = new Random(state.seed);
    random.offset = state.offset;
    return random;
  }

  /**
   * Returns uniform doubles in [0, 1) with 53 random bits. (count)
   * @example
   * console.log(new Random(7).uniform(2).join(" ")); // 0.9545971285563127 0.4950397921482874
   */
  uniform(count: number): NewFloat64Array {
    const out = allocate("Random.uniform", Float64Array, count);
    this.fill(count, (i) => (out[i] = ((block[0] >>> 5) * 67108864 + (block[1] >>> 6)) * 2 ** -53));
    return out;
  }

  /**
   * Returns standard normal doubles: mean 0, standard deviation 1. (count) `precision: "float32"`
   * gives PyTorch's 32-bit variant.
   * @example
   * console.log(new Random(7).normal(2).join(" ")); // 0.38867996899095725 1.8545560517966404
   */
  normal(
    count: number,
    options: { precision?: "float32" | "float64" | undefined } = {},
  ): NewFloat64Array {
    checkOptions("Random.normal", options, ["precision"]);
    const { precision = "float64" } = options;
    checkChoice("Random.normal", "precision", precision, ["float32", "float64"]);
    const draw = precision === "float32" ? normalFloat32 : normalFloat64;
    const out = allocate("Random.normal", Float64Array, count);
    this.fill(count, (i) => (out[i] = draw()));
    return out;
  }

  /**
   * Returns integers in 0..below−1, with replacement. (count) `below` is in 1..2^31; as in PyTorch,
   * an integer is a 32-bit word modulo `below`.
   * @example
   * console.log(new Random(7).integers(6, 10).join(" ")); // 7 8 5 3 5 3
   */
  integers(count: number, below: number): NewInt32Array {
    checkInteger("Random.integers", "below", below, 1, 2 ** 31);
    const out = allocate("Random.integers", Int32Array, count);
    this.fill(count, (i) => (out[i] = block[0] % below));
    return out;
  }

  /**
   * Returns 0..n−1 in random order, each order equally likely (Fisher and Yates). (n)
   * @example
   * console.log(new Random(7).permutation(5).join(" ")); // 3 0 2 4 1
   */
  permutation(n: number): NewInt32Array {
    const out = allocate("Random.permutation", Int32Array, n, "n", 2 ** 31 - 1);
    this.fill(n, (i) => {
      const j = Math.floor(bits53(block[0], block[1]) * 2 ** -53 * (i + 1));
      out[i] = out[j];
      out[j] = i;
    });
    return out;
  }

  /**
   * Calls `take(i)` with element i's four words in `block`, for i = 0..count−1, then moves on to
   * the next stream.
   */
  private fill(count: number, take: (i: number) => void): void {
    const counter = this.offset / 4;
    const counterHigh = Math.floor(counter / TWO_32);
    const seedHigh = Math.floor(this.seed / TWO_32);
    for (let i = 0; i < count; i++) {
      philox4x32(
        counter >>> 0,
        counterHigh,
        i >>> 0,
        Math.floor(i / TWO_32),
        this.seed >>> 0,
        seedHigh,
        block,
      );
      take(i);
    }
    this.offset += 4;
  }
}
