// Properties that must hold for any input: many random cases, the smallest failing one shown with
// its seed.
//
// A case is made from integers drawn through `Draw`, and the integers are kept. When a case fails,
// pieces are cut from that list and its numbers are lowered, for as long as what is made from it
// still fails: no type of case needs code of its own for that, as long as small numbers make simple
// cases. FUZZ_SEED=n runs other cases.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { Random } from "../../lib/base/random.ts";

const SEED = Number(process.env.FUZZ_SEED ?? 1);
const ATTEMPTS = 2000; // smaller cases tried after a failure

export class Draw {
  readonly choices: number[] = [];
  readonly #next: (span: number) => number;

  /** `next(span)` is the next integer in 0..span−1. */
  constructor(next: (span: number) => number) {
    this.#next = next;
  }

  /** An integer in min..max. */
  integer(min: number, max: number): number {
    const choice = this.#next(max - min + 1);
    this.choices.push(choice);
    return min + choice;
  }

  boolean(): boolean {
    return this.integer(0, 1) === 1;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.integer(0, values.length - 1)];
  }

  array<T>(length: number, make: (i: number) => T): T[] {
    return Array.from({ length }, (_, i) => make(i));
  }

  numbers(length: number, make: () => number): Float64Array {
    return Float64Array.from({ length }, make);
  }
}

export type Property = {
  title: string;
  /** Cases in the default suite; the slower one multiplies it. */
  runs: number;
  check: (runs: number) => void;
};

/** A property of the values that `make` returns; `check` throws when it does not hold. */
export function property<T>(
  title: string,
  runs: number,
  make: (draw: Draw) => T,
  check: (value: T) => void,
  show: (value: T) => string = (value) => inspect(value, { depth: 5 }),
): Property {
  return { title, runs, check: (count) => forAll(count, make, check, show) };
}

export function forAll<T>(
  runs: number,
  make: (draw: Draw) => T,
  check: (value: T) => void,
  show: (value: T) => string = inspect,
  seed = SEED,
): void {
  const random = new Random(seed);
  for (let run = 0; run < runs; run++) {
    let pool = random.uniform(64);
    let used = 0;
    const draw = new Draw((span) => {
      if (used === pool.length) {
        pool = random.uniform(1024);
        used = 0;
      }
      return Math.floor(pool[used++] * span);
    });
    const value = make(draw);
    const error = failure(value, check);
    if (error === undefined) continue;
    const smallest = shrink(draw.choices, make, check);
    const found = smallest ?? { value, error };
    const smallestCase = `  smallest case: ${show(found.value)}`;
    assert.fail(`${text(found.error)}\n${smallestCase}\n  run ${run} of FUZZ_SEED=${seed}`);
  }
}

/** The message, and the first lines of the stack. */
const text = (error: unknown): string =>
  error instanceof Error
    ? (error.stack ?? error.message).split(/(?<=\n {4}at .*)\n/, 3).join("\n")
    : String(error);

function failure<T>(value: T, check: (value: T) => void): unknown {
  try {
    check(value);
    return undefined;
  } catch (error) {
    return error ?? new Error("threw nothing");
  }
}

/** What is made from `choices`; numbers beyond a span are cut down to it, missing ones are 0. */
function replay<T>(
  choices: readonly number[],
  make: (draw: Draw) => T,
): { value: T; choices: number[] } {
  let at = 0;
  const draw = new Draw((span) => Math.min(choices[at++] ?? 0, span - 1));
  return { value: make(draw), choices: draw.choices };
}

function shrink<T>(
  first: readonly number[],
  make: (draw: Draw) => T,
  check: (value: T) => void,
): { value: T; error: unknown } | undefined {
  let best = [...first];
  let found: { value: T; error: unknown } | undefined;
  let attempts = 0;
  const smaller = (choices: number[]): boolean =>
    choices.length < best.length ||
    (choices.length === best.length &&
      choices.some((c, i) => c < best[i] && choices.slice(0, i).every((d, j) => d === best[j])));
  const attempt = (candidate: number[]): boolean => {
    if (attempts++ >= ATTEMPTS) return false;
    const { value, choices } = replay(candidate, make);
    if (!smaller(choices)) return false;
    const error = failure(value, check);
    if (error === undefined) return false;
    best = choices;
    found = { value, error };
    return true;
  };
  for (let progress = true; progress && attempts < ATTEMPTS; ) {
    progress = false;
    for (let size = Math.max(1, best.length >> 1); size >= 1; size >>= 1) {
      for (let at = 0; at + size <= best.length; ) {
        if (attempt([...best.slice(0, at), ...best.slice(at + size)])) progress = true;
        else at += size;
        if (attempts >= ATTEMPTS) return found;
      }
    }
    for (let at = 0; at < best.length; at++) {
      for (const lower of [0, best[at] >> 1, best[at] - 1]) {
        if (lower < 0 || lower >= best[at]) continue;
        if (attempt([...best.slice(0, at), lower, ...best.slice(at + 1)])) {
          progress = true;
          break;
        }
      }
    }
  }
  return found;
}
