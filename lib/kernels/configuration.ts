// How products are computed: what was asked for, what the engine can do, and so what is in force.
import { checkChoice, checkInteger, checkOptions } from "../base/checks.ts";
import { errorText } from "../base/errors.ts";
import { PARALLEL_WORK, WORKSPACE_SIZE } from "./sizes.ts";
import { ThreadPool, threadsUnsupportedReason } from "./threads/pool.ts";
import { MAX_THREADS } from "./threads/protocol.ts";
import type { KernelName } from "./wasm/emit-modules.ts";
import {
  createEngine,
  type Engine,
  inlineEngine,
  inlineStartError,
  retryInlineEngine,
  unsupportedReason,
} from "./wasm/engine.ts";
import { Workspace } from "./wasm/workspace.ts";

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
   * Why less than what was asked for is in force, of products ("kernel: …", "threads: …") and of
   * the last search ("search: …"); empty when all of it is.
   */
  notes: string[];
};

const CHOICES = ["auto", "reference", "simd", "fma"] as const;

let chosen: (typeof CHOICES)[number] = "auto";
let threads = 1;

// The pool is made by the first product that needs it; or why it could not be. `configure` alone
// asks for more than one thread, so a program that does not call it does without the code of pools.
let createPool: ((kernel: KernelName) => ThreadPool) | undefined;
let pool: ThreadPool | undefined;
let poolStartError = "";

const otherNotes = new Map<string, string>();
let version = 0;

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
  if (kernel !== chosen || count !== threads || pool?.startError) discardPool();
  version++;
  retryInlineEngine();
  poolStartError = "";
  setNote("workspace", undefined);
  chosen = kernel;
  threads = count;
  createPool = (name) => new ThreadPool(name, count);
}

/** Chooses the kernel, which this engine supports, for a program of one thread. @internal */
export function chooseKernel(kernel: Configuration["kernel"]): void {
  chosen = kernel;
}

/**
 * What is in force, and what the engine supports. Takes nothing and throws nothing.
 * @example
 * const { kernel, threads, supported, notes } = configuration();
 * console.log(threads, notes.length); // 1 0
 * console.log(kernel === (supported.simd ? "simd" : "reference")); // true
 */
export function configuration(): Configuration {
  const notes = [];
  const kernel = kernelInForce();
  if (chosen !== "reference" && kernel === "reference")
    notes.push(`kernel: ${inlineStartError() || unsupportedReason("simd")}`);
  const reason = threadsReason(kernel);
  if (threads > 1 && reason) notes.push(`threads: ${reason}`);
  if (threads > MAX_THREADS && !reason) notes.push(`threads: no more than ${MAX_THREADS} are used`);
  for (const [subject, note] of otherNotes) notes.push(`${subject}: ${note}`);
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

/**
 * What `configuration` is to note about something that products do not know of; undefined: nothing
 * any more. @internal
 */
export function setNote(subject: string, note: string | undefined): void {
  if (note === undefined) otherNotes.delete(subject);
  else otherNotes.set(subject, note);
}

function kernelInForce(): Configuration["kernel"] {
  if (inlineStartError()) return "reference";
  return chosen === "auto" ? (unsupportedReason("simd") ? "reference" : "simd") : chosen;
}

function threadsReason(kernel: Configuration["kernel"]): string {
  return kernel === "reference"
    ? "only products in WebAssembly are shared"
    : threadsUnsupportedReason() || poolStartError || pool?.startError || "";
}

/** The kernel of WebAssembly in force; undefined where plain TypeScript computes. @internal */
export function wasmKernel(): KernelName | undefined {
  const kernel = kernelInForce();
  return kernel === "reference" ? undefined : kernel;
}

/**
 * The threads that share a product of m·n·k = `work`; undefined where one computes it. @internal
 */
export function poolFor(work: number): ThreadPool | undefined {
  if (threads === 1 || work < PARALLEL_WORK) return undefined;
  const kernel = wasmKernel();
  if (kernel === undefined || threadsReason(kernel) !== "") return undefined;
  if (pool?.isIdleAndLarge) discardPool();
  try {
    pool ??= createPool!(kernel);
    pool.startWorkers();
    return pool;
  } catch (error) {
    poolStartError = errorText(error);
    return undefined;
  }
}

/** Ends the pool, as after an exception in it; the next product starts a new one. @internal */
export function discardPool(): void {
  pool?.close();
  pool = undefined;
  version++;
}

/**
 * A number that changes with everything a workspace depends on: the kernel, the threads, their
 * pool.
 * @internal
 */
export function configurationVersion(): number {
  return version;
}

/** The calling thread's engine; undefined where WebAssembly is not to be used. @internal */
export function engineInForce(): Engine | undefined {
  const kernel = wasmKernel();
  return kernel === undefined ? undefined : inlineEngine(kernel);
}

/**
 * What a workspace is to hold: its arrays; in memory that threads share also spare ones, and a
 * packed operand of products of m·n·k = `work`.
 */
export type WorkspaceSize = {
  readonly elements: number;
  readonly spareElements: number;
  readonly packedElements: number;
  readonly work: number;
};

/**
 * A workspace of its own, in memory that threads share where its products are large enough;
 * undefined where there is no WebAssembly or no memory. @internal
 */
export function createWorkspace(size: WorkspaceSize): Workspace | undefined {
  const kernel = wasmKernel();
  if (kernel === undefined) return undefined;
  const sharing = poolFor(size.work);
  if (sharing !== undefined) return createSharedWorkspace(sharing, size);
  try {
    const engine = createEngine(kernel, size.elements);
    return new Workspace(engine, engine.map.workspace);
  } catch {
    return noWorkspace(size.elements);
  }
}

const regions = /* @__PURE__ */ new FinalizationRegistry<{ of: ThreadPool; at: number }>(
  ({ of, at }) => of.free(at),
);

/** A workspace in the memory of a pool, which takes it back when the workspace is collected. */
function createSharedWorkspace(of: ThreadPool, size: WorkspaceSize): Workspace | undefined {
  const elements = size.elements + size.spareElements + size.packedElements;
  const at = of.allocate(elements);
  if (at === undefined) return noWorkspace(elements);
  const workspace = new Workspace(of, at, of, size.packedElements);
  regions.register(workspace, { of, at });
  return workspace;
}

function noWorkspace(elements: number): undefined {
  const megabytes = Math.ceil((8 * elements) / 2 ** 20);
  setNote("workspace", `no WebAssembly memory of ${megabytes} MiB, each product copies`);
  return undefined;
}

/**
 * The workspace that all callers share, for what is used up before the caller returns; undefined
 * where it has less than so many elements or there is no WebAssembly. @internal
 */
export function sharedWorkspace(elements: number): Workspace | undefined {
  const engine = elements > WORKSPACE_SIZE ? undefined : engineInForce();
  return engine === undefined ? undefined : new Workspace(engine, engine.map.workspace);
}
