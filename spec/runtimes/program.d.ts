import type * as library from "../../lib/index.ts";

export type Report = {
  kernel: string;
  /** The numbers of threads tried. */
  threads: number[];
  supported: { simd: boolean; fma: boolean; threads: boolean };
  notes: string[];
  /** How many products were compared with the plain loops. */
  products: number;
  /** SHA-256 of the weights after each training. */
  hashes: { toy: string; digits: string; spiral: string; search: string };
};

export function run(twolayer: typeof library, digits: string): Promise<Report>;
