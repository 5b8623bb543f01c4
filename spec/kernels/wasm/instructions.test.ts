// One module for each instruction: its operands come from parameters or memory, its result goes to
// memory.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bytes } from "../../../lib/kernels/wasm/encode.ts";
import * as instructions from "../../../lib/kernels/wasm/instructions.ts";
import { encodeModule, type ValueType } from "../../../lib/kernels/wasm/module.ts";
import { assertSameBits } from "../../helpers/numbers.ts";

const w = instructions;
const { i32_const, local_get, local_set, v128_load, v128_store } = w;
const tested = new Set<string>();

/**
 * Runs a function with this body over a page of memory that begins with these doubles; returns the
 * memory and the result.
 */
function run(
  body: Bytes[],
  memory: number[] = [],
  args: number[] = [],
  {
    params = [],
    locals = [],
    result,
  }: { params?: ValueType[]; locals?: ValueType[]; result?: ValueType } = {},
): { doubles: Float64Array; result: number } {
  const bytes = encodeModule({ min: 1, max: 1, shared: false }, [
    { name: "f", params, locals, result, body: body.flat() },
  ]);
  const page = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const doubles = new Float64Array(page.buffer);
  doubles.set(memory);
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: page } })
    .exports;
  return { doubles, result: (f as (...args: number[]) => number)(...args) };
}

function instruction(names: (keyof typeof instructions)[], check: () => void): void {
  for (const name of names) tested.add(name);
  test(`${names.join(", ")}: as the specification says`, check);
}

const address = (value: number): Bytes => i32_const(value);
const i32 = { params: ["i32", "i32"], result: "i32" } as { params: ValueType[]; result: ValueType };
const binary = (operator: Bytes, x: number, y: number) =>
  run([local_get(0), local_get(1), operator], [], [x, y], i32).result;

/** op((x0, x1), (y0, y1)) of two pairs of doubles. */
function pairs(operator: Bytes, x: [number, number], y: [number, number]): number[] {
  const { doubles } = run(
    [address(64), address(0), v128_load(), address(16), v128_load(), operator, v128_store()],
    [...x, ...y],
  );
  return [...doubles.subarray(8, 10)];
}

instruction(["i32_const", "local_get", "local_set", "local_tee"], () => {
  const { result } = run(
    [i32_const(41), w.local_tee(0), local_set(1), local_get(0), local_get(1), w.i32_add],
    [],
    [],
    { locals: ["i32", "i32"], result: "i32" },
  );
  assert.equal(result, 82);
});

instruction(["i32_add", "i32_mul", "i32_and", "i32_shl", "i32_lt_u"], () => {
  assert.equal(binary(w.i32_add, 2 ** 31 - 1, 1), -(2 ** 31));
  assert.equal(binary(w.i32_mul, -7, 6), -42);
  assert.equal(binary(w.i32_and, -2, 7), 6);
  assert.equal(binary(w.i32_shl, 5, 3), 40);
  assert.deepEqual(
    [
      [1, 2],
      [2, 2],
      [2, 1],
      [1, -1],
      [-1, 1],
    ].map(([x, y]) => binary(w.i32_lt_u, x, y)),
    [1, 0, 0, 1, 0],
  );
});

instruction(["loop", "br_if"], () => {
  // do { sum += n; n -= 1 } while (n)
  const body = [
    w.loop(
      local_get(1),
      local_get(0),
      w.i32_add,
      local_set(1),
      local_get(0),
      i32_const(-1),
      w.i32_add,
      w.local_tee(0),
      w.br_if(0),
    ),
    local_get(1),
  ];
  assert.equal(
    run(body, [], [100], { params: ["i32"], locals: ["i32"], result: "i32" }).result,
    5050,
  );
});

instruction(["if_else"], () => {
  const body = [
    local_get(0),
    w.if_else([i32_const(1), local_set(1)], [i32_const(2), local_set(1)]),
    local_get(1),
  ];
  const choose = (condition: number) =>
    run(body, [], [condition], { params: ["i32"], locals: ["i32"], result: "i32" }).result;
  assert.deepEqual(
    { positive: choose(7), negative: choose(-1), zero: choose(0) },
    { positive: 1, negative: 1, zero: 2 },
  );
});

instruction(["f64_add", "f64_const_zero", "f64_const_one"], () => {
  const f64 = { params: ["f64"], result: "f64" } as { params: ValueType[]; result: ValueType };
  assert.equal(run([local_get(0), w.f64_const_one, w.f64_add], [], [0.5], f64).result, 1.5);
  assert.ok(Object.is(run([local_get(0), w.f64_const_zero, w.f64_add], [], [-0], f64).result, 0));
  assert.ok(Object.is(run([w.f64_const_zero], [], [0], f64).result, 0));
});

instruction(["v128_load", "v128_store"], () => {
  const { doubles } = run([address(24), address(8), v128_load(), v128_store()], [1, 2, 3, 4]);
  assertSameBits(doubles.subarray(0, 6), [1, 2, 3, 2, 3, 0], "without offsets");
  const far = run([address(0), address(8), v128_load(16), v128_store(4096)], [1, 2, 3, 4]);
  assertSameBits(far.doubles.subarray(512, 514), [4, 0], "with offsets");
});

instruction(["v128_load64_splat"], () => {
  const { doubles } = run(
    [address(64), address(8), w.v128_load64_splat(8), v128_store()],
    [1, 2, 3, 4],
  );
  assertSameBits(doubles.subarray(8, 10), [3, 3], "pair");
});

instruction(["v128_const_zero"], () => {
  const { doubles } = run([address(0), w.v128_const_zero, v128_store()], [NaN, NaN]);
  assertSameBits(doubles.subarray(0, 2), [0, 0], "pair");
});

instruction(["i8x16_shuffle"], () => {
  const lanes = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23];
  assertSameBits(pairs(w.i8x16_shuffle(lanes), [1, 2], [3, 4]), [2, 3], "pair");
});

instruction(["f64x2_splat", "f64x2_extract_lane"], () => {
  const { doubles } = run([address(0), local_get(0), w.f64x2_splat, v128_store()], [], [7], {
    params: ["f64"],
  });
  assertSameBits(doubles.subarray(0, 2), [7, 7], "splat");
  for (const lane of [0, 1]) {
    assert.equal(
      run([address(0), v128_load(), w.f64x2_extract_lane(lane)], [5, 6], [], { result: "f64" })
        .result,
      5 + lane,
    );
  }
});

instruction(["f64x2_add", "f64x2_mul"], () => {
  assertSameBits(pairs(w.f64x2_add, [0.1, -0], [0.2, -0]), [0.1 + 0.2, -0], "sum");
  assertSameBits(
    pairs(w.f64x2_add, [Infinity, NaN], [-Infinity, 1]),
    [NaN, NaN],
    "sum of what is no number",
  );
  assertSameBits(pairs(w.f64x2_mul, [0.1, -0], [0.7, 3]), [0.1 * 0.7, -0], "product");
  assertSameBits(pairs(w.f64x2_mul, [5e-324, Infinity], [0.5, 0]), [0, NaN], "product at the ends");
});

instruction(["f64x2_sub", "f64x2_div", "f64x2_sqrt"], () => {
  assertSameBits(pairs(w.f64x2_sub, [0.3, -0], [0.1, 0]), [0.3 - 0.1, -0], "difference");
  assertSameBits(pairs(w.f64x2_sub, [Infinity, 1], [Infinity, NaN]), [NaN, NaN], "no difference");
  assertSameBits(pairs(w.f64x2_div, [1, -3], [3, 0]), [1 / 3, -Infinity], "quotient");
  assertSameBits(pairs(w.f64x2_div, [0, 5e-324], [0, 2]), [NaN, 0], "quotient at the ends");
  const { doubles } = run(
    [address(16), address(0), v128_load(), w.f64x2_sqrt, v128_store()],
    [2, -1],
  );
  assertSameBits(doubles.subarray(2, 4), [Math.SQRT2, NaN], "root");
});

instruction(["f64x2_gt", "f64x2_le", "v128_and", "v128_andnot"], () => {
  const ones = (holds: boolean, value: number) => (holds ? value : 0);
  const cases: [number, number][] = [
    [1, 2],
    [2, 2],
    [3, 2],
    [-0, 0],
    [NaN, 2],
    [2, NaN],
    [-Infinity, Infinity],
  ];
  for (const [x, y] of cases) {
    for (const [compare, holds] of [
      [w.f64x2_gt, x > y],
      [w.f64x2_le, x <= y],
    ] as const) {
      // 7 where the comparison holds, by `and`; 7 where it does not, by `andnot`.
      const masked = (combine: Bytes) =>
        run(
          [
            address(64),
            address(32),
            v128_load(),
            address(0),
            v128_load(),
            address(16),
            v128_load(),
            compare,
            combine,
            v128_store(),
          ],
          [x, x, y, y, 7, 7],
        ).doubles.slice(8, 10);
      assertSameBits(masked(w.v128_and), [ones(holds, 7), ones(holds, 7)], `${x}, ${y}`);
      assertSameBits(masked(w.v128_andnot), [ones(!holds, 7), ones(!holds, 7)], `${x}, ${y}`);
    }
  }
});

instruction(["v128_store64_lane"], () => {
  for (const lane of [0, 1]) {
    const body = [address(16), address(0), v128_load(), w.v128_store64_lane(lane)];
    assert.deepEqual([...run(body, [5, 6, 7, 8]).doubles.subarray(2, 4)], [5 + lane, 8]);
  }
});

instruction(["f64x2_relaxed_madd"], () => {
  const madd = () => {
    const body = [
      address(64),
      address(0),
      v128_load(),
      address(16),
      v128_load(),
      address(32),
      v128_load(),
      w.f64x2_relaxed_madd,
      v128_store(),
    ];
    // x² = 1 + 2^-29 + 2^-60: the last term survives only when the product is not rounded
    const x = 1 + 2 ** -30;
    return [...run(body, [x, 2, x, 3, -1, 4]).doubles.subarray(8, 10)];
  };
  const bytes = encodeModule({ min: 1, max: 1, shared: false }, [
    {
      name: "f",
      params: [],
      locals: [],
      body: [
        ...address(0),
        ...address(0),
        ...v128_load(),
        ...address(0),
        ...v128_load(),
        ...address(0),
        ...v128_load(),
        ...w.f64x2_relaxed_madd,
        ...v128_store(),
      ],
    },
  ]);
  if (!WebAssembly.validate(bytes)) {
    assert.throws(madd, WebAssembly.CompileError); // the engine has no relaxed SIMD
    return;
  }
  const [rounded, small] = madd();
  assert.ok(rounded === 2 ** -29 + 2 ** -60 || rounded === 2 ** -29, `${rounded}`);
  assert.equal(small, 10);
});

test("Every instruction has a test above", () => {
  assert.deepEqual(
    Object.keys(instructions).filter((name) => !tested.has(name)),
    [],
  );
});
