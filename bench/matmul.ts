// How fast is C = A·B, in GFLOP/s = 2mnk / seconds, on each path the library can take and in the plain loop?

import { Matrix, Random, configuration, configure } from "../lib/index.ts";
import * as reference from "../lib/kernels/reference.ts";
import { race } from "./harness.ts";
import type { Contender } from "./harness.ts";
import { matmulFlops, shapeName } from "./shapes.ts";
import type { Shape } from "./shapes.ts";

export type Kernel = "auto" | "reference" | "simd" | "fma";
export type MatmulRow = { product: string; path: string; best: number; median: number; ratio: number };

/** The settings the engine can honour: the one asked for, or all of them on one thread and, if asked, on several. */
export function paths(kernel: Kernel | undefined, threads: number): { name: string; kernel: Kernel; threads: number }[] {
  const found: { name: string; kernel: Kernel; threads: number }[] = [];
  for (const candidate of kernel === undefined ? (["reference", "simd", "fma"] as const) : [kernel]) {
    for (const count of kernel === undefined && threads > 1 ? [1, threads] : [threads]) {
      configure({ kernel: candidate, threads: count });
      const inForce = configuration();
      const missing = (candidate !== "auto" && inForce.kernel !== candidate) || inForce.threads !== count;
      if (missing && kernel === undefined) continue;
      const name = `${inForce.kernel}${inForce.threads === 1 ? "" : `, ${inForce.threads} threads`}`;
      found.push({ name, kernel: candidate, threads: count });
    }
  }
  configure({ kernel: "auto", threads: 1 });
  return found;
}

/** Races the plain loop and every path on each product. */
export function* benchMatmul(shapes: Shape[], kernel: Kernel | undefined, threads: number, seconds: number): Generator<MatmulRow> {
  for (const shape of shapes) {
    const { m, k, n, transA } = shape;
    const random = new Random(1);
    const A = transA ? Matrix.randomNormal(k, m, random) : Matrix.randomNormal(m, k, random);
    const B = Matrix.randomNormal(k, n, random);
    const out = new Matrix(m, n);
    const contenders: Contender[] = [
      { name: "plain loop", run: () => reference.matmul(transA, false, m, n, k, A.data, B.data, out.data) },
      ...paths(kernel, threads).map((path) => ({
        name: path.name,
        prepare: () => configure({ kernel: path.kernel, threads: path.threads }),
        run: () => A.matmul(B, { transA, out }),
      })),
    ];
    const timings = race(contenders, { seconds });
    for (const [i, { min, median }] of timings.entries()) {
      const rate = matmulFlops(shape) / 1e9;
      yield {
        product: shapeName(shape), path: contenders[i].name, best: rate / min, median: rate / median, ratio: timings[0].median / median,
      };
    }
  }
  configure({ kernel: "auto", threads: 1 });
}
