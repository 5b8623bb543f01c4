// The fuzzer itself: it finds, it shrinks, it says how to see the case again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { forAll } from "../helpers/fuzz.ts";

test("A property that holds passes after the given number of runs", () => {
  let runs = 0;
  forAll(
    50,
    (draw) => draw.integer(-3, 3),
    (n) => {
      runs++;
      assert.ok(n >= -3 && n <= 3 && Number.isInteger(n));
    },
  );
  assert.equal(runs, 50);
});

test("A failing case is made as small as it can be, and its seed is printed", () => {
  assert.throws(
    () =>
      forAll(
        1000,
        (draw) => draw.array(draw.integer(0, 20), () => draw.integer(0, 100)),
        (list) => {
          if (list.some((n) => n >= 17)) throw new Error("found it");
        },
        JSON.stringify,
        5,
      ),
    (error: Error) =>
      error.message.includes("smallest case: [17]\n") &&
      error.message.includes("FUZZ_SEED=5") &&
      error.message.includes("found it"),
  );
});

test("The cases depend on the seed alone", () => {
  const cases = (seed: number): number[] => {
    const seen: number[] = [];
    forAll(
      20,
      (draw) => draw.integer(0, 1e6),
      (n) => void seen.push(n),
      String,
      seed,
    );
    return seen;
  };
  assert.deepEqual(cases(3), cases(3));
  assert.notDeepEqual(cases(3), cases(4));
});
