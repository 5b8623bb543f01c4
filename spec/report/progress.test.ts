import assert from "node:assert/strict";
import { test } from "node:test";
import { duration, progressLine } from "../../lib/report/progress.ts";
import { displayWidth } from "../../lib/report/text.ts";
import { assertThrows } from "../helpers/throws.ts";

const state = {
  done: 437,
  total: 1350,
  elapsed: 800,
  epoch: 12,
  loss: 0.23456,
  trainAccuracy: 0.98,
  valAccuracy: 0.9712,
};

test("progressLine shows bar, percent, epoch, loss, accuracies, rate and the time left", () => {
  assert.equal(
    progressLine(state, 100),
    "██████▍░░░░░░░░░░░░░  32%  epoch 12  loss 0.2346  train 98.0%  val 97.1%  546 it/s  ETA 1.7s",
  );
});

test("progressLine gives up the least needed first, and is never wider than it may be", () => {
  assert.equal(
    progressLine(state),
    "██▌░░░░░  32%  epoch 12  loss 0.2346  train 98.0%  val 97.1%  546 it/s  ETA 1.7s",
  );
  assert.equal(
    progressLine(state, 76),
    "█████▏░░░░░░░░░░  32%  epoch 12  loss 0.2346  val 97.1%  546 it/s  ETA 1.7s",
  );
  assert.equal(
    progressLine(state, 60),
    "██▌░░░░░  32%  epoch 12  loss 0.2346  val 97.1%  ETA 1.7s",
  );
  assert.equal(progressLine(state, 20), " 32%  loss 0.2346");
  for (let width = 0; width <= 130; width++)
    assert.ok(displayWidth(progressLine(state, width)) <= width, `${width}`);
});

test("progressLine begins empty and claims 100% only at the end, with the time it took", () => {
  assert.equal(progressLine({ done: 0, total: 10 }), "░░░░░░░░░░░░░░░░░░░░   0%");
  assert.equal(
    progressLine({ done: 10, total: 10, elapsed: 4000 }),
    "████████████████████ 100%  2.5 it/s  took 4.0s",
  );
  assert.equal(progressLine({ done: 9999, total: 10000 }), "███████████████████▉  99%");
  assert.equal(progressLine({ done: 0, total: 0 }), "████████████████████ 100%");
});

test("A resumed training counts its rate from where it resumed", () => {
  assert.match(
    progressLine({ done: 150, total: 200, doneBefore: 100, elapsed: 1000 }),
    /50 it\/s {2}ETA 1\.0s$/,
  );
});

test("Losses of any size and numbers that are none are shown as what they are", () => {
  for (const [loss, text] of [
    [2.302585, "2.3026"],
    [0, "0.0000"],
    [1.5e-5, "1.50e-5"],
    [123456789, "1.23e+8"],
    [NaN, "NaN"],
    [Infinity, "Infinity"],
  ] as const) {
    assert.equal(
      progressLine({ done: 1, total: 4, loss }),
      `█████░░░░░░░░░░░░░░░  25%  loss ${text}`,
    );
  }
  assert.match(progressLine({ done: 1, total: 4, valAccuracy: NaN }), /val –$/);
});

test("duration writes seconds as people say them", () => {
  for (const [seconds, text] of [
    [0, "0.0s"],
    [-1, "0.0s"],
    [9.94, "9.9s"],
    [9.96, "10s"],
    [59.4, "59s"],
    [59.6, "1m 00s"],
    [200, "3m 20s"],
    [3599.7, "1h 00m"],
    [3900, "1h 05m"],
    [86400 * 2 + 3 * 3600, "2d 03h"],
    [NaN, "?"],
    [Infinity, "?"],
  ] as const)
    assert.equal(duration(seconds), text);
});

test("Wrong states are refused", () => {
  assertThrows(
    () => progressLine({ done: 3, total: 2 }),
    RangeError,
    "progressLine: done expected an integer in 0..2, got 3",
  );
  assertThrows(
    () => progressLine({ done: 0, total: -1 }),
    RangeError,
    "progressLine: total expected an integer >= 0, got -1",
  );
  assertThrows(
    () => progressLine({ done: 0, total: 1, elapsed: NaN }),
    RangeError,
    "progressLine: elapsed expected a finite number >= 0, got NaN",
  );
  assertThrows(
    () => progressLine({ done: 0, total: 1 }, 0.5),
    RangeError,
    "progressLine: width expected an integer >= 0, got 0.5",
  );
});
