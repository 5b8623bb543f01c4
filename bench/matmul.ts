// How fast is C = A·B, in GFLOP/s = 2mnk / seconds, on each path the library can take and in the
// plain loop?

import { configuration, configure, Matrix, Random } from "../lib/index.ts";
import { poolFor } from "../lib/kernels/pool-in-force.ts";
import * as reference from "../lib/kernels/reference.ts";
import { PARALLEL_WORK } from "../lib/kernels/sizes.ts";
import { type Contender, race } from "./harness.ts";
import { matmulFlops, type Shape, shapeName } from "./shapes.ts";

export type Kernel = "auto" | "reference" | "simd" | "fma";
export type MatmulRow = {
  product: string;
  path: string;
  best: number;
  median: number;
  ratio: number;
};

type Path = { name: string; kernel: Kernel; threads: number };

/**
 * The settings to race: the kernel asked for, or all that run here; on one thread and, if asked, on
 * several.
 */
function paths(kernel: Kernel | undefined, threads: number): Path[] {
  const { supported } = configuration();
  const kernels: Kernel[] = kernel === undefined ? ["reference", "simd", "fma"] : [kernel];
  return kernels
    .filter(
      (name) => kernel !== undefined || name === "reference" || supported[name as "simd" | "fma"],
    )
    .flatMap((name) => {
      const counts =
        threads === 1 || !supported.threads || name === "reference"
          ? [1]
          : kernel === undefined
            ? [1, threads]
            : [threads];
      return counts.map((count) => ({
        name: count === 1 ? name : `${name}, ${count} threads`,
        kernel: name,
        threads: count,
      }));
    });
}

/**
 * Whether every worker is there; configure({ threads }) ends them, and the next large product only
 * begins to start them.
 */
function threadsHaveStarted(): boolean {
  return !poolFor(PARALLEL_WORK)?.tasksDone().includes(0);
}

/** Races the plain loop and every path on each product. */
export function* benchMatmul(
  shapes: Shape[],
  kernel: Kernel | undefined,
  threads: number,
  seconds: number,
): Generator<MatmulRow> {
  for (const shape of shapes) {
    const { m, k, n, transA } = shape;
    const random = new Random(1);
    const A = transA ? Matrix.randomNormal(k, m, random) : Matrix.randomNormal(m, k, random);
    const B = Matrix.randomNormal(k, n, random);
    const out = new Matrix(m, n);
    const contenders: Contender[] = [
      {
        name: "plain loop",
        run: () => reference.matmul(transA, false, m, n, k, A.data, B.data, out.data),
      },
      ...paths(kernel, threads).map((path) => ({
        name: path.name,
        prepare: () => configure({ kernel: path.kernel, threads: path.threads }),
        ready: path.threads === 1 ? undefined : threadsHaveStarted,
        run: () => A.matmul(B, { transA, out }),
      })),
    ];
    const timings = race(contenders, { seconds });
    for (const [i, { min, median }] of timings.entries()) {
      const rate = matmulFlops(shape) / 1e9;
      yield {
        product: shapeName(shape),
        path: contenders[i].name,
        best: rate / min,
        median: rate / median,
        ratio: timings[0].median / median,
      };
    }
  }
  configure({ kernel: "auto", threads: 1 });
}
