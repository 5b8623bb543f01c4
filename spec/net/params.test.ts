import assert from "node:assert/strict";
import { test } from "node:test";
import { ShapeError } from "../../lib/base/errors.ts";
import { Random } from "../../lib/base/random.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import {
  checkNetSizes,
  checkParams,
  createParams,
  mapParams,
  PARAM_NAMES,
  type Params,
} from "../../lib/net/params.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { assertThrows } from "../helpers/throws.ts";

const any = (value: unknown): never => value as never;
const zeros = (D: number, H: number, C: number): Params => ({
  W1: new Matrix(D, H),
  b1: new Matrix(1, H),
  W2: new Matrix(H, C),
  b2: new Matrix(1, C),
});

test("createParams draws W1, then W2, one stream each, and leaves the biases zero", () => {
  const random = new Random(8);
  const { W1, b1, W2, b2 } = createParams(
    "f",
    { inputSize: 5, hiddenSize: 3, outputSize: 2 },
    { random, std: 0.1 },
  );
  const again = new Random(8);
  assertSameBits(
    W1.data,
    again.normal(15).map((value) => 0 + 0.1 * value),
    "W1",
  );
  assertSameBits(
    W2.data,
    again.normal(6).map((value) => 0 + 0.1 * value),
    "W2",
  );
  assert.deepEqual(random.state, { seed: 8, offset: 8 });
  assert.deepEqual({ b1: b1.shape, b2: b2.shape }, { b1: [1, 3], b2: [1, 2] });
  assertSameBits([...b1.data, ...b2.data], [0, 0, 0, 0, 0], "biases");
});

test("createParams by default scales by the root of 2 over the inputs of each layer", () => {
  const sizes = { inputSize: 50, hiddenSize: 8, outputSize: 3 };
  const { W1, W2 } = createParams("f", sizes, {});
  const random = new Random(0);
  assertSameBits(
    W1.data,
    random.normal(400).map((value) => 0 + Math.sqrt(2 / 50) * value),
    "W1",
  );
  assertSameBits(
    W2.data,
    random.normal(24).map((value) => 0 + Math.sqrt(2 / 8) * value),
    "W2",
  );
  assertSameBits(createParams("f", sizes, { std: "he" }).W1.data, W1.data, "he by name");
  assert.ok(createParams("f", sizes, { std: 0 }).W1.data.every((value) => value === 0));
});

test("createParams refuses sizes and options that are none", () => {
  const sizes = { inputSize: 4, hiddenSize: 3, outputSize: 2 };
  for (const name of ["inputSize", "hiddenSize", "outputSize"]) {
    for (const bad of [0, -1, 1.5, NaN]) {
      assertThrows(
        () => createParams("f", { ...sizes, [name]: bad }, {}),
        RangeError,
        `f: ${name} expected an integer >= 1, got ${bad}`,
      );
    }
    assertThrows(
      () => checkNetSizes("f", { ...sizes, [name]: undefined }),
      TypeError,
      `f: ${name} expected an integer >= 1, got undefined`,
    );
  }
  assertThrows(
    () => createParams("f", any({ ...sizes, classes: 3 }), {}),
    TypeError,
    "f: unknown option classes; expected inputSize, hiddenSize, outputSize",
  );
  assertThrows(
    () => createParams("f", any(undefined), {}),
    TypeError,
    "f: sizes expected { inputSize, hiddenSize, outputSize }, got undefined",
  );
  assertThrows(
    () => createParams("f", sizes, { std: -1 }),
    RangeError,
    'f: std other than "he" expected a finite number >= 0, got -1',
  );
  assertThrows(
    () => createParams("f", sizes, { std: any("xavier") }),
    TypeError,
    'f: std other than "he" expected a finite number >= 0, got "xavier"',
  );
  assertThrows(
    () => createParams("f", sizes, any({ seed: 1 })),
    TypeError,
    "f: unknown option seed; expected random, std",
  );
  assertThrows(
    () => createParams("f", sizes, { random: any(5) }),
    TypeError,
    "f: random expected a Random, got 5",
  );
});

test("checkParams wants four matrices whose shapes agree", () => {
  checkParams("f", zeros(1, 1, 1));
  checkParams("f", zeros(4, 3, 2));
  const expected = "f: expected W1 D×H, b1 1×H, W2 H×C, b2 1×C with D, H, C >= 1, got";
  assertThrows(
    () => checkParams("f", { ...zeros(4, 3, 2), b1: new Matrix(1, 2) }),
    ShapeError,
    `${expected} 4×3, 1×2, 3×2, 1×2`,
  );
  assertThrows(
    () => checkParams("f", { ...zeros(4, 3, 2), b1: new Matrix(3, 1) }),
    ShapeError,
    `${expected} 4×3, 3×1, 3×2, 1×2`,
  );
  assertThrows(
    () => checkParams("f", { ...zeros(4, 3, 2), W2: new Matrix(2, 3) }),
    ShapeError,
    `${expected} 4×3, 1×3, 2×3, 1×2`,
  );
  assertThrows(
    () => checkParams("f", { ...zeros(4, 3, 2), b2: new Matrix(2, 2) }),
    ShapeError,
    `${expected} 4×3, 1×3, 3×2, 2×2`,
  );
  assertThrows(
    () => checkParams("f", { ...zeros(4, 3, 2), b2: new Matrix(1, 3) }),
    ShapeError,
    `${expected} 4×3, 1×3, 3×2, 1×3`,
  );
  for (const [D, H, C] of [
    [0, 3, 2],
    [4, 0, 2],
    [4, 3, 0],
  ]) {
    assertThrows(
      () => checkParams("f", zeros(D, H, C)),
      ShapeError,
      `${expected} ${D}×${H}, 1×${H}, ${H}×${C}, 1×${C}`,
    );
  }
  for (const name of PARAM_NAMES) {
    assertThrows(
      () => checkParams("f", { ...zeros(4, 3, 2), [name]: undefined }),
      TypeError,
      `f: ${name} expected a Matrix, got undefined`,
    );
  }
  assertThrows(
    () => checkParams("f", any(null)),
    TypeError,
    "f: params expected { W1, b1, W2, b2 }, got null",
  );
});

test("mapParams makes four matrices, told which is which, in the order of PARAM_NAMES", () => {
  const params = zeros(4, 3, 2);
  const seen: string[] = [];
  const copies = mapParams(params, (param, name) => {
    assert.equal(param, params[name]);
    seen.push(name);
    return param.clone();
  });
  assert.deepEqual(seen, ["W1", "b1", "W2", "b2"]);
  assert.deepEqual([...PARAM_NAMES], seen);
  for (const name of PARAM_NAMES)
    assert.ok(copies[name].equals(params[name]) && copies[name] !== params[name]);
});
