// Nets and data for the tests of lib/net, and comparisons of all four parameters at once.
import assert from "node:assert/strict";
import { Random } from "../../lib/base/random.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { mapParams, PARAM_NAMES, type Params } from "../../lib/net/params.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { matrix, type Stored } from "./fixtures.ts";
import { assertSameBits } from "./numbers.ts";

/** Four copies. */
export function copyOf(params: Params): Params {
  return mapParams(params, (param) => param.clone());
}

/** The four parameters of a stored case or of stored gradients. */
export function storedParams({
  W1,
  b1,
  W2,
  b2,
}: Record<"W1" | "b1" | "W2" | "b2", Stored>): Params {
  return { W1: matrix(W1), b1: matrix(b1), W2: matrix(W2), b2: matrix(b2) };
}

/** A net, N rows and labels for it, all random. */
export function randomProblem(
  seed: number,
  N: number,
  D: number,
  H: number,
  C: number,
): { net: TwoLayerNet; X: Matrix; y: Int32Array } {
  const random = new Random(seed);
  const net = TwoLayerNet.create({ inputSize: D, hiddenSize: H, outputSize: C }, { random });
  return { net, X: Matrix.randomNormal(N, D, random), y: random.integers(N, C) };
}

export function assertSameParams(actual: Params, expected: Params, where: string): void {
  for (const name of PARAM_NAMES)
    assertSameBits(actual[name].data, expected[name].data, `${where}: ${name}`);
}

/** Asserts |a − b| <= tolerance · max(1, largest |b|) for every element of each parameter. */
export function assertCloseParams(
  actual: Params,
  expected: Params,
  tolerance: number,
  where: string,
): void {
  for (const name of PARAM_NAMES)
    assertClose(actual[name], expected[name], tolerance, `${where}: ${name}`);
}

/** The same for one matrix. */
export function assertClose(
  actual: Matrix,
  expected: Matrix,
  tolerance: number,
  where: string,
): void {
  assert.deepEqual([actual.rows, actual.cols], [expected.rows, expected.cols], `${where}: shape`);
  const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  actual.data.forEach((value, i) => {
    assert.ok(
      Math.abs(value - expected.data[i]) <= tolerance * largest,
      `${where}: element ${i} expected ${expected.data[i]}, got ${value}`,
    );
  });
}
