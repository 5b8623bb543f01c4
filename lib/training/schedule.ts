// How large the steps are, from the first iteration to the last.

import { checkFinite, checkOptions, wrongType } from "../base/checks.ts";
import { sinPi } from "../base/elementary.ts";

/** A course of the learning rate, as plain JSON: `final` is what it ends at. */
export type Schedule = { readonly name: "cosine"; readonly final: number };

/** The learning rate of an iteration, 0-based, of `iterations` in all. */
export type ScheduleFunction = (iteration: number, iterations: number) => number;

/** A schedule in a trainer's state: a function is only named there, since it is no data. */
export type SavedSchedule = Schedule | { readonly name: "function" };

/**
 * Half a cosine from the learning rate at iteration 0 down to `final` (default 0), which would be
 * reached at iteration `iterations` (Loshchilov and Hutter, "SGDR", 2017, without restarts). Throws
 * a TypeError or RangeError for a `final` that is not >= 0.
 * @example
 * const { X, y, params } = toyData();
 * const options = { learningRate: 0.1, iterations: 4, schedule: cosine() };
 * const trainer = new Trainer(new TwoLayerNet(params), { X, y }, options);
 * console.log([...trainer].map(({ learningRate }) => learningRate.toFixed(4)).join(" "));
 * // 0.1000 0.0854 0.0500 0.0146
 */
export function cosine(options: { final?: number | undefined } = {}): Schedule {
  checkOptions("cosine", options, ["final"]);
  const { final = 0 } = options;
  checkFinite("cosine", "final", final, 0);
  return { name: "cosine", final };
}

/**
 * The schedule as it is saved, after checking its settings: made by `cosine`, read from JSON, or a
 * function. Throws a TypeError or RangeError.
 */
export function checkSchedule(where: string, value: unknown): SavedSchedule {
  if (typeof value === "function") return { name: "function" };
  const schedule = value as Partial<Schedule> | null | undefined;
  if (typeof schedule === "object" && schedule !== null && schedule.name === "cosine")
    return cosine({ final: schedule.final });
  throw wrongType(where, "schedule", "cosine() or a function of the iteration", value);
}

/** The learning rate of iteration `t` of `iterations`; `learningRate` is that of the first. */
export function scheduledRate(
  schedule: SavedSchedule | ScheduleFunction,
  { learningRate, iterations }: { readonly learningRate: number; readonly iterations: number },
  t: number,
): number {
  if (typeof schedule === "function") {
    const rate = schedule(t, iterations);
    checkFinite("train", `schedule(${t}, ${iterations})`, rate, 0);
    return rate;
  }
  const { final } = schedule as Schedule;
  // sin(π(x + ½)) = cos(πx)
  return final + (learningRate - final) * 0.5 * (1 + sinPi(t / iterations + 0.5));
}
