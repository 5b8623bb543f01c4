// How products are computed, for users: what they ask for, and what of it is in force. The rest of
// the package asks in-force.ts. Only this file brings threads and the kernel "fma", so that a
// bundle which does not call `configure` does without their code.
import { checkChoice, checkInteger, checkOptions } from "../base/checks.ts";
import { provideThreads } from "./gemm/gemm.ts";
import { threadedProducts } from "./gemm/threaded.ts";
import { type KernelChoice, wanted } from "./in-force.ts";
import { choose, inForce } from "./pool-in-force.ts";
import { threadsUnsupportedReason } from "./threads/pool.ts";
import { provideFma, unsupportedReason } from "./wasm/engine.ts";

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
  /**
   * Why less than what was asked for is in force, of products ("kernel: …", "threads: …"), of the
   * last training, whose steps are computed in memory that all threads share ("training: …"), and
   * of the last search ("search: …"); empty when all of it is.
   */
  notes: string[];
};

const CHOICES: readonly KernelChoice[] = ["auto", "reference", "simd", "fma"];

/**
 * Chooses how products are computed from now on; an option that is not given keeps its value.
 * `kernel` "auto" (the default) is "simd" where the engine has it, else "reference"; these give the
 * same bits on any number of threads, while "fma" rounds half as often. `threads` (default 1)
 * counts the calling thread; the others start with the first product that is large enough to share,
 * keep no process alive, and end with `threads: 1`. Where there are no threads, one does the work
 * and `configuration` says why. Throws a TypeError or RangeError for an option of the wrong type or
 * value, an Error for a kernel that the engine cannot run, and then changes nothing.
 * @example
 * configure({ kernel: "reference", threads: 1 });
 * console.log(configuration().kernel); // reference
 * configure({ kernel: "auto" });
 */
export function configure(options: {
  kernel?: "auto" | "reference" | "simd" | "fma" | undefined;
  threads?: number | undefined;
}): void {
  checkOptions("configure", options, ["kernel", "threads"]);
  const { kernel = wanted.kernel, threads = wanted.threads } = options;
  checkChoice("configure", "kernel", kernel, CHOICES);
  checkInteger("configure", "threads", threads, 1);
  provideFma();
  if (kernel === "simd" || kernel === "fma") {
    const reason = unsupportedReason(kernel);
    if (reason)
      throw new Error(
        `configure: kernel expected one that can run here, got "${kernel}": ${reason}`,
      );
  }
  provideThreads(threadedProducts);
  choose({ kernel, threads });
}

/**
 * What is in force, and what the engine supports. Takes nothing and throws nothing.
 * @example
 * const { kernel, threads, supported, notes } = configuration();
 * console.log(threads, notes.length); // 1 0
 * console.log(kernel === (supported.simd ? "simd" : "reference")); // true
 */
export function configuration(): Configuration {
  provideFma();
  const { kernel, threads, notes } = inForce();
  return {
    kernel,
    threads,
    supported: {
      simd: !unsupportedReason("simd"),
      fma: !unsupportedReason("fma"),
      threads: !threadsUnsupportedReason(),
    },
    notes,
  };
}
