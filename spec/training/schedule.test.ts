import assert from "node:assert/strict";
import { test } from "node:test";
import { checkSchedule, cosine, scheduledRate } from "../../lib/training/schedule.ts";

test("cosine goes from the learning rate through the middle to its final value", () => {
  const schedule = cosine({ final: 0.1 });
  const settings = { learningRate: 0.5, iterations: 80 };
  assert.equal(scheduledRate(schedule, settings, 0), 0.5);
  assert.ok(Math.abs(scheduledRate(schedule, settings, 40) - 0.3) < 1e-15);
  assert.equal(scheduledRate(schedule, settings, 80), 0.1);
  for (let t = 0; t <= 80; t++) {
    const expected = 0.1 + 0.4 * 0.5 * (1 + Math.cos((Math.PI * t) / 80));
    assert.ok(Math.abs(scheduledRate(schedule, settings, t) - expected) < 1e-15, `t = ${t}`);
  }
});

test("cosine and checkSchedule refuse what is no schedule", () => {
  assert.throws(() => cosine({ final: -1 }), {
    name: "RangeError",
    message: "cosine: final expected a finite number >= 0, got -1",
  });
  assert.throws(() => cosine({ to: 0 } as never), {
    name: "TypeError",
    message: "cosine: unknown option to; expected final",
  });
  assert.throws(() => checkSchedule("train", "cosine"), {
    name: "TypeError",
    message: 'train: schedule expected cosine() or a function of the iteration, got "cosine"',
  });
  assert.throws(() => checkSchedule("train", { name: "step" }), {
    name: "TypeError",
    message: "train: schedule expected cosine() or a function of the iteration, got an Object",
  });
});
