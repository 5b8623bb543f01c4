// How contenders are timed against each other: interleaved in one process (A B A B …), so that a
// busy neighbour or a change of clock rate meets all of them; each warmed up until it no longer
// gets faster; minimum and median of the samples.

import { availableParallelism, cpus } from "node:os";

/** One of several ways to do the same work. */
export type Contender = {
  name: string;
  /** Does the work once. What it returns is kept, so that no engine can leave the work out. */
  run: () => unknown;
  /**
   * Called before some samples, outside the time taken, and followed by runs that are not timed:
   * `configure(…)`, say.
   */
  prepare?: () => void;
  /**
   * Whether all that `prepare` has begun is under way, such as threads: the runs that are not timed
   * go on until it is.
   */
  ready?: () => boolean;
};

/** Seconds per run. */
export type Timing = { min: number; median: number; samples: number };

export type Budget = {
  /** Seconds of samples for each contender; default 0.5. */
  seconds?: number;
  /** Samples of each contender at least; default 7, or 3 where one run takes over a second. */
  samples?: number;
  /** Seconds in which a contender is warmed up at most; default 2. */
  warmUpSeconds?: number;
};

// a sample repeats the run until it takes this long: short, so that many are not interrupted
const SAMPLE_SECONDS = 0.002;
const PREPARED_SECONDS = 0.05; // after `prepare`: new memory is touched for the first time
// samples in a row after such an expense; else contenders take turns sample by sample
const BURST = 10;
// to wait for `ready` at most: threads start within 0.3 to 1.1, from TypeScript on busy cores
const READY_SECONDS = 10;
const BLOCKS = 5; // so after such a wait a fifth of all samples is taken
const STABLE = 0.97; // warmed up when three samples in a row were not below 0.97 of the best,
// after as many runs: Node 24 gives a function its best code some time after the 3000th call,
const WARM_UP_RUNS = 10000;
const WARM_UP_SECONDS = 2; // or after this long, whichever comes first

/** What the last run returned: a place outside, so that no run can be found to be of no use. */
export let kept: unknown;

/** Times the contenders against each other; the timings come in their order. */
export function race(contenders: readonly Contender[], budget: Budget = {}): Timing[] {
  const { seconds = 0.5 } = budget;
  const { warmUpSeconds = WARM_UP_SECONDS } = budget;
  const repeats = contenders.map((contender) => warmUp(contender, warmUpSeconds));
  const samples: number[][] = contenders.map(() => []);
  const spent = contenders.map(() => 0);
  const least = (i: number): number => budget.samples ?? (samples[i][0] > 1 ? 3 : 7);
  const wants = (i: number): boolean =>
    samples[i].length === 0 || samples[i].length < least(i) || spent[i] < seconds;
  while (contenders.some((_, i) => wants(i))) {
    for (const [i, contender] of contenders.entries()) {
      if (!wants(i)) continue;
      prepare(contender);
      const burst = contender.prepare === undefined ? 1 : BURST;
      const block = contender.ready === undefined ? 0 : seconds / BLOCKS;
      for (
        let turn = 0, before = spent[i];
        wants(i) && (turn < burst || spent[i] - before < block);
        turn++
      ) {
        const time = sample(contender, repeats[i]);
        samples[i].push(time);
        spent[i] += time * repeats[i];
      }
    }
  }
  return samples.map((times) => {
    times.sort((a, b) => a - b);
    const middle = times.length >> 1;
    const median = times.length % 2 === 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
    return { min: times[0], median, samples: times.length };
  });
}

/** Runs until the engine has done its best; returns how many runs make a sample. */
function warmUp(contender: Contender, seconds: number): number {
  prepare(contender);
  const start = performance.now();
  let repeats = 1;
  let runs = 0;
  let best = Infinity;
  for (
    let calm = 0;
    (calm < 3 || runs < WARM_UP_RUNS) && performance.now() - start < 1000 * seconds;
  ) {
    const time = sample(contender, repeats);
    runs += repeats;
    calm = time < STABLE * best ? 0 : calm + 1;
    best = Math.min(best, time);
    repeats = Math.max(repeats, Math.min(10 * repeats, Math.ceil(SAMPLE_SECONDS / best)));
  }
  return Math.max(1, Math.ceil(SAMPLE_SECONDS / best));
}

function prepare(contender: Contender): void {
  if (contender.prepare === undefined) return;
  contender.prepare();
  const start = performance.now();
  const passed = (seconds: number): boolean => performance.now() - start >= 1000 * seconds;
  const ready = (): boolean => contender.ready === undefined || contender.ready();
  do kept = contender.run();
  while (!passed(PREPARED_SECONDS) || !(ready() || passed(READY_SECONDS)));
  if (!ready()) throw new Error(`bench: ${contender.name} was not ready after ${READY_SECONDS} s`);
}

/** Seconds per run, over `repeats` runs. */
function sample({ run }: Contender, repeats: number): number {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) kept = run();
  return (performance.now() - start) / 1000 / repeats;
}

/** The machine and the engine, in one line. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() || "unknown processor";
  const cores = availableParallelism();
  const { node, v8 } = process.versions;
  return [
    `${model}, ${cores} core${cores === 1 ? "" : "s"}`,
    `${process.platform} ${process.arch}, Node ${node} (V8 ${v8})`,
  ].join(", ");
}
