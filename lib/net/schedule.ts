// How large the steps are, from the first iteration to the last.

import { checkFinite, checkOptions, show } from "../base/checks.ts";
import { sinPi } from "../base/elementary.ts";

/** A plain value; `final` is the learning rate it ends at. */
export type Schedule = { readonly name: "cosine"; readonly final: number };

/**
 * Half a cosine from the learning rate at iteration 0 down to `final` (default 0), which would be reached at iteration
 * `iterations` (Loshchilov and Hutter, "SGDR", 2017, without restarts).
 */
export function cosine(options: { final?: number } = {}): Schedule {
  checkOptions("cosine", options, ["final"]);
  const { final = 0 } = options;
  checkFinite("cosine", "final", final, 0);
  return { name: "cosine", final };
}

/** `value` with its settings checked, as made by `cosine` or read from JSON. Throws a TypeError or RangeError. */
export function checkSchedule(where: string, value: unknown): Schedule {
  const schedule = value as Partial<Schedule> | null | undefined;
  if (typeof schedule === "object" && schedule !== null && schedule.name === "cosine") return cosine({ final: schedule.final });
  throw new TypeError(`${where}: schedule expected cosine(), got ${show(value)}`);
}

/** The learning rate of iteration `t` of `iterations`. */
export function scheduledRate({ final }: Schedule, learningRate: number, t: number, iterations: number): number {
  return final + (learningRate - final) * 0.5 * (1 + sinPi(t / iterations + 0.5)); // sin(π(x + ½)) = cos(πx)
}
