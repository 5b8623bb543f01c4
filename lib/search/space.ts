// Which settings a search tries: every combination of a grid, or seeded random draws.

import { checkChoice, checkFinite, checkInteger, checkOptions, wrongType } from "../base/checks.ts";
import { exp, log } from "../base/elementary.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { Random } from "../base/random.ts";
import type { Optimizer } from "../training/optimizer.ts";

/** One combination of settings; one net is trained with each. */
export type Candidate = {
  readonly learningRate: number;
  readonly hiddenSize: number;
  readonly reg: number;
  readonly learningRateDecay: number;
  readonly batchSize: number;
  /** There where the space names it. */
  readonly epochs?: number | undefined;
  readonly optimizer: Optimizer;
};

/**
 * All numbers from `min` to `max`, for random draws: evenly, or with "log" evenly in their
 * logarithms. Default "linear".
 */
export type Range = {
  readonly min: number;
  readonly max: number;
  readonly scale?: "linear" | "log" | undefined;
};

/** What may vary: lists of values, or (not in a grid) ranges. */
export type SearchSpace = {
  learningRate?: readonly number[] | Range | undefined;
  hiddenSize?: readonly number[] | Range | undefined;
  reg?: readonly number[] | Range | undefined;
  learningRateDecay?: readonly number[] | Range | undefined;
  batchSize?: readonly number[] | Range | undefined;
  epochs?: readonly number[] | Range | undefined;
  optimizer?: readonly Optimizer[] | undefined;
};

const NAMES = [
  "learningRate",
  "hiddenSize",
  "reg",
  "learningRateDecay",
  "batchSize",
  "epochs",
  "optimizer",
] as const;
const INTEGERS: readonly string[] = ["hiddenSize", "batchSize", "epochs"];
const MAX_CANDIDATES = 1_000_000;

/**
 * The combinations of `space`, what it does not name taken from `fixed`: all of them, the last name
 * of the space turning fastest, or `samples` draws from `seed`. Drawn numbers have three
 * significant digits, so that one can type them again. Throws a TypeError or RangeError for an
 * empty list, a range in a grid, or more than a million combinations.
 */
export function listCandidates(
  where: string,
  space: SearchSpace,
  fixed: Candidate,
  samples: number | undefined,
  seed: number,
): Candidate[] {
  if (typeof space !== "object" || space === null)
    throw wrongType(where, "space", "an object such as { learningRate: [1e-3, 1e-2] }", space);
  checkOptions(`${where}: space`, space, NAMES);
  const names = (Object.keys(space) as (keyof Candidate)[]).filter(
    (name) => space[name] !== undefined,
  );
  for (const name of names) checkDimension(where, name, space[name], samples === undefined);
  if (samples === undefined) return combine(where, names, space, fixed);
  checkInteger(where, "samples", samples, 1, MAX_CANDIDATES);
  const random = new Random(seed);
  return Array.from({ length: samples }, () => {
    const draws = random.uniform(names.length);
    const drawn = names.map((name, k) => [name, draw(name, space[name]!, draws[k])]);
    return { ...fixed, ...Object.fromEntries(drawn) };
  });
}

/** All combinations of the lists, the last one's values turning fastest. */
function combine(
  where: string,
  names: readonly (keyof Candidate)[],
  space: SearchSpace,
  fixed: Candidate,
): Candidate[] {
  const lists = names.map((name) => space[name] as readonly unknown[]);
  const count = lists.reduce((product, list) => product * list.length, 1);
  if (count > MAX_CANDIDATES)
    throw new ArgumentRangeError(
      `${where}: expected at most ${MAX_CANDIDATES} combinations, got ${count}; ` +
        "draw some with samples",
    );
  return Array.from({ length: count }, (_, index) => {
    const chosen: [string, unknown][] = [];
    let rest = index;
    for (let k = names.length - 1; k >= 0; k--) {
      chosen.push([names[k], lists[k][rest % lists[k].length]]);
      rest = Math.floor(rest / lists[k].length);
    }
    return { ...fixed, ...Object.fromEntries(chosen) };
  });
}

function checkDimension(where: string, name: string, values: unknown, grid: boolean): void {
  if (Array.isArray(values)) {
    if (values.length === 0)
      throw new ArgumentRangeError(
        `${where}: space.${name} expected at least one value, got an empty array`,
      );
    return;
  }
  if (typeof values !== "object" || values === null || name === "optimizer") {
    const expected = name === "optimizer" ? "an array" : "an array or { min, max }";
    throw wrongType(where, `space.${name}`, expected, values);
  }
  if (grid)
    throw new ArgumentTypeError(
      `${where}: space.${name} expected an array of values for a grid, got a range; say how ` +
        "many samples to draw",
    );
  checkOptions(`${where}: space.${name}`, values, ["min", "max", "scale"]);
  const { min, max, scale = "linear" } = values as Range;
  checkChoice(where, `space.${name}.scale`, scale, ["linear", "log"]);
  checkFinite(where, `space.${name}.min`, min, 0, scale === "log");
  checkFinite(where, `space.${name}.max`, max, min);
}

/** The value at `u` in 0..1. */
function draw(name: string, values: readonly unknown[] | Range, u: number): unknown {
  if (!("min" in values)) return values[Math.floor(u * values.length)];
  const { min, max, scale } = values;
  const value = scale === "log" ? exp(log(min) + u * (log(max) - log(min))) : min + u * (max - min);
  const rounded = INTEGERS.includes(name) ? Math.round(value) : Number(value.toPrecision(3));
  return Math.min(Math.max(rounded, min), max);
}
