import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { type AdamArrays, type AdamFactors, adam } from "../../lib/kernels/adam.ts";
import { configure } from "../../lib/kernels/configuration.ts";
import { poolFor } from "../../lib/kernels/pool-in-force.ts";
import { PARALLEL_ELEMENTS, PARALLEL_WORK, WASM_MIN_LENGTH } from "../../lib/kernels/sizes.ts";
import type { Workspace } from "../../lib/kernels/wasm/workspace.ts";
import { assertSameBits, nanFilled, normals, specialValues } from "../helpers/numbers.ts";
import { haveStarted } from "../helpers/pools.ts";
import { workspaceArrays } from "./workspace-arrays.ts";

const NAMES = ["p", "dp", "m", "v", "newM", "newV"] as const;

const FACTORS: AdamFactors = {
  beta1: 0.9,
  newShare1: 1 - 0.9,
  beta2: 0.999,
  newShare2: 1 - 0.999,
  unbias: Math.sqrt(1 - 0.999 ** 3),
  epsilon: 1e-8,
  stepSize: 0.01 / (1 - 0.9 ** 3),
};

const LENGTHS = [
  ...Array.from({ length: 10 }, (_, n) => n),
  WASM_MIN_LENGTH - 1,
  WASM_MIN_LENGTH,
  WASM_MIN_LENGTH + 1,
  1000,
];

/** The step as Kingma and Ba have it, in one loop; changes p, m and v. */
function definition({ p, dp, m, v }: AdamArrays): void {
  const { beta1, beta2, unbias, epsilon, stepSize } = FACTORS;
  for (let i = 0; i < p.length; i++) {
    m[i] = beta1 * m[i] + (1 - beta1) * dp[i];
    v[i] = beta2 * v[i] + (1 - beta2) * dp[i] * dp[i];
    p[i] -= stepSize * (m[i] / (Math.sqrt(v[i]) / unbias + epsilon));
  }
}

type Make = (n: number, seed: number) => Float64Array;

function assertDefinition(n: number, make: Make, arrays: AdamArrays, workspace?: Workspace): void {
  const [p, dp, m, square] = [1, 2, 3, 4].map((seed) => make(n, seed));
  const v = square.map((value) => value * value);
  const [newM, newV] = [nanFilled(n), nanFilled(n)];
  const given = { p, dp, m, v, newM, newV };
  // the new means first: they may lie where the old ones do
  for (const name of [...NAMES].reverse()) arrays[name].set(given[name]);
  adam(arrays, FACTORS, workspace);
  assertSameBits(arrays.dp, dp, "the gradient is left alone");
  if (arrays.newM !== arrays.m) {
    assertSameBits(arrays.m, m, "the old means are left alone");
    assertSameBits(arrays.v, v, "the old squares are left alone");
  }
  definition(given);
  assertSameBits(arrays.newM, m, `means, ${n} elements`);
  assertSameBits(arrays.newV, v, `squares, ${n} elements`);
  assertSameBits(arrays.p, p, `parameters, ${n} elements`);
}

const named = ([p, dp, m, v, newM, newV]: Float64Array[]): AdamArrays => {
  return { p, dp, m, v, newM, newV };
};

afterEach(() => configure({ threads: 1 }));

for (const make of [normals, specialValues]) {
  test(`adam has the bits of its formula on ${make.name}`, () => {
    for (const n of LENGTHS) assertDefinition(n, make, named(NAMES.map(() => new Float64Array(n))));
  });

  test(`adam has the bits of its formula in a workspace on ${make.name}`, () => {
    for (const n of LENGTHS) {
      const { workspace, arrays } = workspaceArrays(NAMES.map(() => [n, 1] as const));
      assertDefinition(n, make, named(arrays), workspace);
    }
  });
}

test("adam may write the new means over the old ones", () => {
  for (const n of LENGTHS) {
    const { workspace, arrays } = workspaceArrays(NAMES.map(() => [n, 1] as const));
    const { m, v } = named(arrays);
    assertDefinition(n, normals, { ...named(arrays), newM: m, newV: v }, workspace);
  }
});

test("adam has the bits of its formula on several threads", async () => {
  for (const threads of [2, 3, 8]) {
    configure({ threads });
    const pool = poolFor(PARALLEL_WORK);
    assert.ok(pool !== undefined);
    await haveStarted(pool);
    for (const n of [PARALLEL_ELEMENTS - 1, PARALLEL_ELEMENTS, PARALLEL_ELEMENTS + 7, 100_003]) {
      const { workspace, arrays } = workspaceArrays(
        NAMES.map(() => [n, 1] as const),
        PARALLEL_WORK,
      );
      assert.equal(workspace.executor, pool);
      assertDefinition(n, normals, named(arrays), workspace);
    }
  }
});
