// --threads and --kernel: what a command computes with.

import { availableParallelism } from "node:os";
import { show } from "../base/checks.ts";
import { configuration, configure } from "../kernels/configuration.ts";
import { type Arguments, type Options, UsageError } from "./arguments.ts";

/** The option of commands that compute products. */
export const KERNEL_OPTION: Options = {
  kernel: [
    "auto|fma",
    "Multiply and add with one rounding (fma): faster, other last digits. Default: auto.",
  ],
};

/** The options of commands whose products threads can share. */
export const COMPUTE_OPTIONS: Options = {
  threads: [
    "N|auto",
    "Compute on N threads, to the same bits. Default: auto, all cores where it pays.",
  ],
  ...KERNEL_OPTION,
};

// Threads take 20 to 60 ms to start; so many multiplications take 0.3 s on one.
const THREADS_WORK = 2 ** 32;

/** Throws a UsageError unless --threads and --kernel have values that they can have here. */
export function checkCompute(args: Arguments): void {
  threadsOf(args);
  const kernel = args.text("kernel") ?? "auto";
  if (kernel !== "auto" && kernel !== "fma")
    throw new UsageError(`--kernel expected auto or fma, got ${show(kernel)}`);
  if (kernel === "fma" && !configuration().supported.fma)
    throw new UsageError(
      "--kernel fma expected an engine with relaxed SIMD (Node 22 and later), " +
        `got Node ${process.version}`,
    );
}

/** Configures kernel and threads for so many multiplications. */
export function useCompute(args: Arguments, work: number): void {
  checkCompute(args);
  const automatic = work < THREADS_WORK ? 1 : availableParallelism();
  configure({
    kernel: args.text("kernel") === "fma" ? "fma" : "auto",
    threads: threadsOf(args) ?? automatic,
  });
}

/** The threads that are asked for; undefined for auto. */
function threadsOf(args: Arguments): number | undefined {
  const text = args.text("threads") ?? "auto";
  if (text === "auto") return undefined;
  const threads = /^\d+$/.test(text) ? Number(text) : 0;
  if (Number.isSafeInteger(threads) && threads >= 1) return threads;
  throw new UsageError(`--threads expected auto or an integer >= 1, got ${show(text)}`);
}
