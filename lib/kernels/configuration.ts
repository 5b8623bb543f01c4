// How products are computed: what was asked for, what the engine can do, and so what is in force.
import { checkChoice, checkInteger, checkOptions } from "../base/checks.ts";
import { PARALLEL_WORK } from "./sizes.ts";
import { createPool, type Pool, threadsUnsupportedReason } from "./threads/pool.ts";
import { MAX_THREADS } from "./threads/protocol.ts";
import { unsupportedReason } from "./wasm/engine.ts";
import { createInlineExecutor, type Executor } from "./wasm/executor.ts";

/** What `configuration` returns. */
export type Configuration = {
  /**
   * "reference": plain TypeScript; "simd": WebAssembly, the same bits; "fma": WebAssembly that
   * rounds a·b + c once.
   */
  kernel: "reference" | "simd" | "fma";
  threads: number;
  /** What this engine can do. */
  supported: { simd: boolean; fma: boolean; threads: boolean };
  /** Why less than what was asked for is in force; empty when nothing is. */
  notes: string[];
};

const CHOICES = ["auto", "reference", "simd", "fma"] as const;

let chosen: (typeof CHOICES)[number] = "auto";
let threads = 1;

// Made by the first product that needs them; and why they could not be.
let inlineExecutor: Executor | undefined;
let inlineStartError = "";
let pool: Pool | undefined;
let poolStartError = "";

/**
 * Chooses how products are computed from now on; what is not given stays. `kernel` "auto" (the
 * default) is "simd" where the engine has it, else "reference"; these give the same bits on any
 * number of threads, while "fma" rounds half as often. `threads` (default 1) counts the calling
 * one; the others start with the first product that is large enough to share, keep no process
 * alive, and end with `threads: 1`. Where there are no threads, one does the work and
 * `configuration` says why. Throws a TypeError or RangeError for what is no choice, an Error for a
 * kernel that the engine cannot run, and then changes nothing.
 * @example
 * configure({ kernel: "reference", threads: 1 });
 * console.log(configuration().kernel); // reference
 * configure({ kernel: "auto" });
 */
export function configure(options: {
  kernel?: "auto" | "reference" | "simd" | "fma";
  threads?: number;
}): void {
  checkOptions("configure", options, ["kernel", "threads"]);
  const { kernel = chosen, threads: count = threads } = options;
  checkChoice("configure", "kernel", kernel, CHOICES);
  checkInteger("configure", "threads", count, 1);
  if (kernel === "simd" || kernel === "fma") {
    const reason = unsupportedReason(kernel);
    if (reason)
      throw new Error(
        `configure: kernel expected one that can run here, got "${kernel}": ${reason}`,
      );
  }
  if (kernel !== chosen) inlineExecutor = undefined;
  if (kernel !== chosen || count !== threads || pool?.startError) {
    pool?.close();
    pool = undefined;
  }
  inlineStartError = poolStartError = "";
  chosen = kernel;
  threads = count;
}

/**
 * What is in force, and what the engine supports. Takes nothing and throws nothing.
 * @example
 * const { kernel, threads, supported, notes } = configuration();
 * console.log(threads, notes.length, kernel === (supported.simd ? "simd" : "reference")); // 1 0 true
 */
export function configuration(): Configuration {
  const notes = [];
  const kernel = kernelInForce();
  if (chosen !== "reference" && kernel === "reference")
    notes.push(`kernel: ${inlineStartError || unsupportedReason("simd")}`);
  const reason = threadsReason(kernel);
  if (threads > 1 && reason) notes.push(`threads: ${reason}`);
  if (threads > MAX_THREADS && !reason) notes.push(`threads: no more than ${MAX_THREADS} are used`);
  return {
    kernel,
    threads: reason ? 1 : Math.min(threads, MAX_THREADS),
    supported: {
      simd: !unsupportedReason("simd"),
      fma: !unsupportedReason("fma"),
      threads: !threadsUnsupportedReason(),
    },
    notes,
  };
}

function kernelInForce(): Configuration["kernel"] {
  if (inlineStartError) return "reference";
  return chosen === "auto" ? (unsupportedReason("simd") ? "reference" : "simd") : chosen;
}

function threadsReason(kernel: Configuration["kernel"]): string {
  return kernel === "reference"
    ? "only products in WebAssembly are shared"
    : threadsUnsupportedReason() || poolStartError || pool?.startError || "";
}

const errorText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/**
 * Who computes a product of m·n·k = `work`; nobody where WebAssembly is not to be used. @internal
 */
export function executorFor(work: number): Executor | undefined {
  if (threads > 1 && work >= PARALLEL_WORK) {
    const kernel = kernelInForce();
    if (kernel !== "reference" && threadsReason(kernel) === "") {
      try {
        pool ??= createPool(kernel, threads);
        pool.startWorkers();
        return pool;
      } catch (error) {
        poolStartError = errorText(error);
      }
    }
  }
  return inlineExecutor ?? startInlineExecutor();
}

function startInlineExecutor(): Executor | undefined {
  const kernel = kernelInForce();
  if (kernel === "reference") return undefined;
  try {
    return (inlineExecutor = createInlineExecutor(kernel));
  } catch (error) {
    inlineStartError = `no WebAssembly memory (${errorText(error)})`;
    return undefined;
  }
}

/**
 * After an exception from a crew of several: the next product gets a new one. Returns the crew of
 * one. @internal
 */
export function discardPool(): Executor | undefined {
  pool?.close();
  pool = undefined;
  return inlineExecutor ?? startInlineExecutor();
}
