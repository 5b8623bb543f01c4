import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { philox4x32, Random } from "../../lib/base/random.ts";
import { reference } from "../helpers/fixtures.ts";
import { assertSameBits } from "../helpers/numbers.ts";
import { assertThrows } from "../helpers/throws.ts";

const philox = reference("philox");
const word = (hex: string): number => parseInt(hex, 16);

test("philox4x32 gives the published known answers and those computed from the definition", () => {
  assert.equal(philox.knownAnswers.length, 3);
  for (const { counter, key, output } of [...philox.knownAnswers, ...philox.computedAnswers]) {
    const out = new Uint32Array(4);
    const [c0, c1, c2, c3] = counter.map(word);
    const [k0, k1] = key.map(word);
    philox4x32(c0, c1, c2, c3, k0, k1, out);
    assert.deepEqual([...out], output.map(word), `counter ${counter}, key ${key}`);
  }
});

test("Random.normal draws the stored numbers: float32 to the bit, float64 to 1e-15", () => {
  assert.equal(philox.normals.length, 3);
  for (const { seed, offset, float32, float64, float64RealFormula } of philox.normals) {
    const state = { seed, offset };
    assertSameBits(
      Random.fromState(state).normal(float32.length, { precision: "float32" }),
      float32,
      `float32 at offset ${offset}`,
    );
    const drawn = Random.fromState(state).normal(float64.length);
    for (const expected of [float64, float64RealFormula]) {
      for (let i = 0; i < drawn.length; i++)
        assert.ok(
          Math.abs(drawn[i] - expected[i]) <= 1e-15,
          `float64 at offset ${offset}, element ${i}`,
        );
    }
    assertSameBits(
      Random.fromState(state).normal(drawn.length, { precision: "float64" }),
      drawn,
      "the default precision",
    );
  }
});

test("Random.normal is right for the smallest and the greatest random words", () => {
  const { count, elements } = JSON.parse(
    readFileSync(new URL("../fixtures/philox-tails.json", import.meta.url), "utf8"),
  );
  const [single, double] = (["float32", "float64"] as const).map((precision) =>
    new Random(0).normal(count, { precision }),
  );
  assert.ok(elements.length > 100);
  for (const [i, float32, float64] of elements) {
    assertSameBits([single[i]], [float32], `float32, element ${i}`);
    assert.ok(
      Math.abs(double[i] - float64) <= 1e-14 * Math.abs(float64),
      `float64, element ${i}: ${double[i]}, ${float64}`,
    );
  }
});

test("Random.integers draws the stored integers", () => {
  assert.equal(philox.randint.length, 2);
  for (const { seed, offset, bound, values } of philox.randint) {
    const drawn = Random.fromState({ seed, offset }).integers(values.length, bound);
    assert.ok(drawn instanceof Int32Array);
    assert.deepEqual([...drawn], values);
  }
});

test("Random.uniform is the first two words of each block, 27 and 26 bits of them", () => {
  const out = new Uint32Array(4);
  const [seed, offset] = [2 ** 40 + 5, 2 ** 36 + 8]; // both beyond 32 bits
  const drawn = Random.fromState({ seed, offset }).uniform(50);
  const counter = BigInt(offset / 4);
  for (let i = 0; i < drawn.length; i++) {
    philox4x32(
      Number(counter & 0xffffffffn),
      Number(counter >> 32n),
      i,
      0,
      seed % 2 ** 32,
      Math.floor(seed / 2 ** 32),
      out,
    );
    const bits = (BigInt(out[0] >>> 5) << 26n) + BigInt(out[1] >>> 6);
    assert.equal(drawn[i], Number(bits) / 2 ** 53);
  }
});

test("Each call takes one stream, whatever it draws and however much of it", () => {
  const calls: ((random: Random) => unknown)[] = [
    (random) => random.uniform(3),
    (random) => random.normal(1000),
    (random) => random.normal(0, { precision: "float32" }),
    (random) => random.integers(5, 2),
    (random) => random.permutation(7),
    (random) => random.uniform(0),
  ];
  const random = new Random(9);
  calls.forEach((call, i) => {
    assert.deepEqual(random.state, { seed: 9, offset: 4 * i });
    call(random);
  });
  assert.deepEqual(random.state, { seed: 9, offset: 4 * calls.length });
});

test("A longer draw begins with the shorter one; other seeds give other numbers", () => {
  assertSameBits(new Random(3).normal(1000).subarray(0, 10), new Random(3).normal(10), "prefix");
  const seen = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const random = new Random(seed);
    for (let call = 0; call < 20; call++) for (const value of random.uniform(10)) seen.add(value);
  }
  assert.equal(seen.size, 4000);
});

test("The same seed and calls give the same bits; two generators are independent", () => {
  const [a, b] = [new Random(5), new Random(5)];
  const first = [a.uniform(5), a.normal(5)];
  const other = new Random(6);
  const second = [b.uniform(5)];
  other.normal(100);
  second.push(b.normal(5));
  assert.deepEqual(first, second);
  assert.deepEqual(new Random().uniform(4), new Random(0).uniform(4));
  assert.deepEqual(new Random(undefined).state, { seed: 0, offset: 0 });
});

test("Random.fromState goes on where state was taken, also through JSON", () => {
  const random = new Random(2 ** 53 - 1);
  random.normal(10);
  random.permutation(10);
  const copy = Random.fromState(JSON.parse(JSON.stringify(random.state)));
  assert.deepEqual(copy.state, random.state);
  assert.deepEqual(
    [copy.normal(10), copy.integers(5, 9), copy.state],
    [random.normal(10), random.integers(5, 9), random.state],
  );
});

test("Random.state is a copy: changing it does not change the generator", () => {
  const random = new Random(1);
  const { state } = random;
  state.offset = 400;
  assert.deepEqual(random.state, { seed: 1, offset: 0 });
});

test("Random.uniform stays in [0, 1) and is spread evenly", () => {
  const drawn = new Random(11).uniform(100_000);
  const bins = new Array(100).fill(0);
  for (const value of drawn) {
    assert.ok(value >= 0 && value < 1);
    bins[Math.floor(value * 100)]++;
  }
  // chi-squared with 99 degrees of freedom: beyond 160 once in ten thousand seeds
  assert.ok(bins.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0) < 160);
});

test("Random.normal has the moments of a normal distribution in both precisions", () => {
  for (const precision of ["float32", "float64"] as const) {
    const drawn = new Random(12).normal(100_000, { precision });
    const mean = (power: number): number =>
      drawn.reduce((sum, value) => sum + value ** power, 0) / drawn.length;
    // five standard errors: √(1/n), √(2/n), √(15/n), √(96/n)
    assert.ok(
      Math.abs(mean(1)) < 0.016 &&
        Math.abs(mean(2) - 1) < 0.023 &&
        Math.abs(mean(3)) < 0.062 &&
        Math.abs(mean(4) - 3) < 0.155,
      precision,
    );
    assert.ok(drawn.every(Number.isFinite));
    if (precision === "float32") assert.ok(drawn.every((value) => Math.fround(value) === value));
  }
});

test("Random.integers covers 0..below-1 evenly, up to below = 2^31", () => {
  const counts = new Array(7).fill(0);
  for (const value of new Random(13).integers(70_000, 7)) counts[value]++;
  // 6 degrees of freedom: once in ten thousand
  assert.ok(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0) < 28);
  assert.ok(new Random(14).integers(1000, 1).every((value) => value === 0));
  const wide = new Random(15).integers(1000, 2 ** 31);
  assert.ok(wide.every((value) => value >= 0) && wide.some((value) => value > 2 ** 30));
});

test("Random.permutation holds each of 0..n-1 once, and every order comes equally often", () => {
  for (const n of [0, 1, 2, 3, 10, 1000]) {
    const drawn = new Random(n).permutation(n);
    assert.ok(drawn instanceof Int32Array);
    assert.deepEqual(
      [...drawn].sort((a, b) => a - b),
      Array.from({ length: n }, (_, i) => i),
    );
  }
  const random = new Random(16);
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const order = random.permutation(4).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 24);
  // 23 degrees of freedom: once in ten thousand
  assert.ok([...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0) < 56);
});

test("Random.permutation swaps element i with a place drawn from 0..i with 53 bits", () => {
  const words = new Uint32Array(4);
  for (const n of [1, 2, 7, 500]) {
    const expected: number[] = [];
    for (let i = 0; i < n; i++) {
      philox4x32(3, 0, i, 0, 21, 0, words);
      const bits = (BigInt(words[0]) ^ (BigInt(words[1]) << 21n)) & ((1n << 53n) - 1n);
      const j = Number((bits * BigInt(i + 1)) >> 53n);
      expected[i] = i;
      [expected[i], expected[j]] = [expected[j], expected[i]];
    }
    assert.deepEqual([...Random.fromState({ seed: 21, offset: 12 }).permutation(n)], expected);
  }
});

test("Random refuses seeds, counts and bounds that are none, and does not move on", () => {
  assertThrows(() => new Random(-1), RangeError, "Random: seed expected an integer >= 0, got -1");
  assertThrows(() => new Random(0.5), RangeError, "Random: seed expected an integer >= 0, got 0.5");
  assertThrows(
    () => new Random(2 ** 53),
    RangeError,
    "Random: seed expected an integer in 0..9007199254740991, got 9007199254740992",
  );
  assertThrows(
    () => new Random("1" as never),
    TypeError,
    'Random: seed expected an integer >= 0, got "1"',
  );
  assertThrows(
    () => new Random(null as never),
    TypeError,
    "Random: seed expected an integer >= 0, got null",
  );
  const random = new Random(1);
  for (const [name, call] of [
    ["Random.uniform: count", (n: number) => random.uniform(n)],
    ["Random.normal: count", (n: number) => random.normal(n)],
    ["Random.integers: count", (n: number) => random.integers(n, 3)],
  ] as const) {
    assertThrows(() => call(-1), RangeError, `${name} expected an integer >= 0, got -1`);
    assertThrows(() => call(1.5), RangeError, `${name} expected an integer >= 0, got 1.5`);
    assertThrows(() => call(NaN), RangeError, `${name} expected an integer >= 0, got NaN`);
    assertThrows(() => call("3" as never), TypeError, `${name} expected an integer >= 0, got "3"`);
  }
  assertThrows(
    () => random.permutation(-1),
    RangeError,
    "Random.permutation: n expected an integer in 0..2147483647, got -1",
  );
  assertThrows(
    () => random.permutation(2 ** 31),
    RangeError,
    "Random.permutation: n expected an integer in 0..2147483647, got 2147483648",
  );
  assertThrows(
    () => random.integers(3, 0),
    RangeError,
    "Random.integers: below expected an integer in 1..2147483648, got 0",
  );
  assertThrows(
    () => random.integers(3, 2 ** 31 + 1),
    RangeError,
    "Random.integers: below expected an integer in 1..2147483648, got 2147483649",
  );
  assertThrows(
    () => random.integers(3, undefined as never),
    TypeError,
    "Random.integers: below expected an integer in 1..2147483648, got undefined",
  );
  assertThrows(
    () => random.normal(3, { precision: "float16" as never }),
    TypeError,
    'Random.normal: precision expected "float32" | "float64", got "float16"',
  );
  assertThrows(
    () => random.normal(3, { precision: null as never }),
    TypeError,
    'Random.normal: precision expected "float32" | "float64", got null',
  );
  assertThrows(
    () => random.normal(3, { precison: "float32" } as never),
    TypeError,
    "Random.normal: unknown option precison; expected precision",
  );
  assertThrows(
    () => random.normal(3, null as never),
    TypeError,
    "Random.normal: options expected an object, got null",
  );
  assertThrows(
    () => random.uniform(2 ** 52),
    RangeError,
    "Random.uniform: no room for 4503599627370496 numbers",
  );
  assertThrows(
    () => random.normal(2 ** 52),
    RangeError,
    "Random.normal: no room for 4503599627370496 numbers",
  );
  assertThrows(
    () => random.integers(2 ** 52, 3),
    RangeError,
    "Random.integers: no room for 4503599627370496 numbers",
  );
  assert.deepEqual(random.state, { seed: 1, offset: 0 });
});

test("Random.fromState refuses a state that no generator can have", () => {
  const bad = (state: unknown) => () => Random.fromState(state as never);
  assertThrows(bad(null), TypeError, "Random.fromState: expected { seed, offset }, got null");
  assertThrows(bad("0"), TypeError, 'Random.fromState: expected { seed, offset }, got "0"');
  assertThrows(
    bad({ offset: 0 }),
    TypeError,
    "Random.fromState: seed expected an integer >= 0, got undefined",
  );
  assertThrows(
    bad({ seed: 0 }),
    TypeError,
    "Random.fromState: offset expected an integer >= 0, got undefined",
  );
  assertThrows(
    bad({ seed: -1, offset: 0 }),
    RangeError,
    "Random.fromState: seed expected an integer >= 0, got -1",
  );
  assertThrows(
    bad({ seed: 0, offset: -4 }),
    RangeError,
    "Random.fromState: offset expected an integer >= 0, got -4",
  );
  assertThrows(
    bad({ seed: 0, offset: 6 }),
    RangeError,
    "Random.fromState: offset expected a multiple of 4, got 6",
  );
});
