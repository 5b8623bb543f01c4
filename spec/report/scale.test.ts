import assert from "node:assert/strict";
import { test } from "node:test";
import { extent, linearScale, logScale, type Scale } from "../../lib/report/scale.ts";

function checkScale(scale: Scale): void {
  assert.ok(
    Number.isFinite(scale.min) && Number.isFinite(scale.max) && scale.min < scale.max,
    `${scale.min}..${scale.max}`,
  );
  assert.equal(scale.labels.length, scale.ticks.length);
  assert.equal(new Set(scale.labels).size, scale.labels.length, `labels ${scale.labels}`);
  for (const [i, tick] of scale.ticks.entries()) {
    if (i > 0) assert.ok(tick > scale.ticks[i - 1]);
    assert.ok(scale.at(tick) >= 0 && scale.at(tick) <= 1);
  }
  assert.equal(scale.at(scale.min), 0);
  assert.equal(scale.at(scale.max), 1);
}

test("Linear ticks are multiples of 1, 2 or 5 times a power of ten, with exact decimals", () => {
  assert.deepEqual(linearScale(0, 1).ticks, [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(linearScale(0, 1).labels, ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  // 0.3, not 0.30000000000000004
  assert.deepEqual(linearScale(0.03, 0.29, { count: 3 }).ticks, [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(linearScale(-7, 13).labels, ["−10", "−5", "0", "5", "10", "15"]);
  assert.deepEqual(linearScale(0, 23456, { count: 3 }).labels, ["0", "10,000", "20,000", "30,000"]);
  assert.deepEqual(linearScale(0, 4e6, { count: 4 }).labels, ["0", "1e6", "2e6", "3e6", "4e6"]);
  assert.deepEqual(linearScale(0, 3e-7, { count: 3 }).labels, ["0", "1e−7", "2e−7", "3e−7"]);
});

test("Without nice the ends stay where the data end, and ticks lie within", () => {
  const scale = linearScale(3, 97, { nice: false, count: 5 });
  assert.deepEqual({ min: scale.min, max: scale.max }, { min: 3, max: 97 });
  assert.deepEqual(scale.ticks, [20, 40, 60, 80]);
});

test("Integer ticks never fall between whole numbers", () => {
  assert.deepEqual(linearScale(1, 3, { integer: true, nice: false, count: 10 }).ticks, [1, 2, 3]);
  assert.deepEqual(linearScale(1, 1, { integer: true, nice: false, count: 10 }).ticks, [1]);
  for (const value of [1e9, 1e15, 2 ** 53, 1e300])
    checkScale(linearScale(value, value, { integer: true, nice: false }));
});

test("Percent ticks and limits: an accuracy axis never passes 100%", () => {
  assert.deepEqual(linearScale(0.912, 0.997, { percent: true, limits: [0, 1], count: 4 }).labels, [
    "90%",
    "95%",
    "100%",
  ]);
  const constant = linearScale(1, 1, { percent: true, limits: [0, 1] });
  assert.deepEqual({ min: constant.min, max: constant.max }, { min: 0.9, max: 1 });
  assert.deepEqual(
    linearScale(0.9951, 0.9979, { percent: true, limits: [0, 1], count: 3 }).labels,
    ["99.5%", "99.6%", "99.7%", "99.8%"],
  );
  // ticks that are integers beyond 2^53 of a step
  assert.equal(linearScale(1e17, 1e17 + 64, { limits: [1e17, 1e17 + 64] }).ticks.length, 4);
  // data beyond the limits are shown all the same
  checkScale(linearScale(2, 3, { limits: [0, 1] }));
});

test("Constants, round-off, tiny and huge data all get an axis with differing ends", () => {
  for (const [min, max] of [
    [0, 0],
    [5, 5],
    [-3, -3],
    [1e300, 1e300],
    [5e-324, 5e-324],
    [0, 5e-324],
    [1, 1 + 1e-15],
    [-Number.MAX_VALUE, Number.MAX_VALUE],
    [Number.MAX_VALUE, Number.MAX_VALUE],
    [1e-280, 3e-280],
    [0, 1e308],
    [-1e-9, 1e9],
  ]) {
    for (const nice of [true, false]) checkScale(linearScale(min, max, { nice }));
  }
  const half = linearScale(0.5, 0.5);
  assert.ok(Math.abs(half.at(0.5) - 0.5) < 1e-12); // in the middle
});

test("Every linear axis over a grid of spans covers its data with 2 to 13 ticks", () => {
  for (let e = -20; e <= 20; e++) {
    for (const span of [1, 1.1, 1.9, 2, 3.3, 5, 7, 9.99]) {
      for (const start of [0, 0.37, -1, 12]) {
        const [min, max] = [start * span * 10 ** e, (start + 1) * span * 10 ** e];
        const scale = linearScale(min, max);
        checkScale(scale);
        const slack = (max - min) * 1e-8;
        assert.ok(scale.min <= min + slack && scale.max >= max - slack, `${min}..${max}`);
        assert.ok(
          scale.ticks.length >= 2 && scale.ticks.length <= 13,
          `${min}..${max}: ${scale.ticks}`,
        );
      }
    }
  }
});

test("Logarithmic ticks are powers of ten, with 2 and 5 between them on a short axis", () => {
  assert.deepEqual(logScale(0.01, 100).labels, ["0.01", "0.1", "1", "10", "100"]);
  assert.deepEqual(logScale(0.3, 3).ticks, [0.2, 0.5, 1, 2, 5]);
  assert.deepEqual(logScale(1e-9, 1, 3).labels, ["1e−9", "1e−6", "0.001", "1"]);
  const scale = logScale(1, 100);
  assert.equal(scale.at(10), 0.5);
  assert.ok(Number.isNaN(scale.at(0)) && Number.isNaN(scale.at(-1)) && Number.isNaN(scale.at(NaN)));
});

test("Every logarithmic axis covers its data, the ends of float64 included", () => {
  for (const [min, max] of [
    [1, 1],
    [5e-324, 5e-324],
    [5e-324, Number.MAX_VALUE],
    [Number.MAX_VALUE, Number.MAX_VALUE],
    [1, 1.0000001],
    [0.99, 1.01],
    [1, 1e6],
    [3e-5, 4e7],
  ]) {
    const scale = logScale(min, max);
    checkScale(scale);
    assert.ok(scale.min <= min * (1 + 1e-9) && scale.max >= max * (1 - 1e-9), `${min}..${max}`);
  }
});

test("extent skips what is not finite, and what is not positive when asked", () => {
  assert.deepEqual(
    extent([
      [3, NaN, -1],
      [Infinity, 7],
    ]),
    [-1, 7],
  );
  assert.deepEqual(extent([[3, 0, -1, 0.5]], true), [0.5, 3]);
  assert.equal(extent([]), undefined);
  assert.equal(extent([[], [NaN, -Infinity]]), undefined);
});
