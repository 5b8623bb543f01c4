// The threads that compute now, for programs that call `configure`: the pool that products share,
// and workspaces in its memory.
import { errorText } from "../base/errors.ts";
import {
  type Choice,
  type KernelInForce,
  kernelInForce,
  noMemory,
  otherNotes,
  renewVersion,
  setNote,
  setWanted,
  type TakeNote,
  type Threading,
  type WorkspaceSize,
  wanted,
  wasmKernel,
} from "./in-force.ts";
import { PARALLEL_WORK } from "./sizes.ts";
import { ThreadPool, threadsUnsupportedReason } from "./threads/pool.ts";
import { MAX_THREADS } from "./threads/protocol.ts";
import { WorkerTimeout } from "./threads/worker-timeout.ts";
import { inlineStartError, retryInlineEngine, unsupportedReason } from "./wasm/engine.ts";
import { Workspace } from "./wasm/workspace.ts";

// The pool is made by the first product that needs it; or why it could not be.
let pool: ThreadPool | undefined;
let poolStartError = "";

/** Takes a choice, whose kernel this engine supports. */
export function choose(choice: Choice): void {
  const { kernel, threads } = wanted;
  if (choice.kernel !== kernel || choice.threads !== threads || pool?.startError) discardPool();
  retryInlineEngine();
  poolStartError = "";
  setNote("training", undefined);
  setWanted(choice, threading);
}

/** The kernel and the number of threads in force, and why less than what was asked for. */
export function inForce(): { kernel: KernelInForce; threads: number; notes: string[] } {
  const notes: string[] = [];
  const kernel = kernelInForce();
  if (wanted.kernel !== "reference" && kernel === "reference")
    notes.push(`kernel: ${inlineStartError() || unsupportedReason("simd")}`);
  const threads = wanted.threads;
  const reason = threads > 1 ? threadsReason(kernel) : "";
  if (reason) notes.push(`threads: ${reason}`);
  else if (threads > MAX_THREADS) notes.push(`threads: no more than ${MAX_THREADS} are used`);
  for (const [subject, note] of otherNotes) notes.push(`${subject}: ${note}`);
  return { kernel, threads: reason ? 1 : Math.min(threads, MAX_THREADS), notes };
}

/** Why several threads cannot share a product, or ""; for those who asked for some. */
function threadsReason(kernel: KernelInForce): string {
  return kernel === "reference"
    ? "only products in WebAssembly are shared"
    : threadsUnsupportedReason() || poolStartError || pool?.startError || "";
}

/**
 * The threads that share a product of m·n·k = `work`; undefined where one computes it. @internal
 */
export function poolFor(work: number): ThreadPool | undefined {
  if (wanted.threads === 1 || work < PARALLEL_WORK) return undefined;
  const kernel = wasmKernel();
  if (kernel === undefined || threadsReason(kernel) !== "") return undefined;
  if (pool?.isIdleAndLarge) discardPool();
  try {
    pool ??= new ThreadPool(kernel, wanted.threads);
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
  renewVersion();
}

type Region = { of: ThreadPool; at: number };
let regions: FinalizationRegistry<Region> | undefined; // engines without threads may have none

/** A workspace in the memory of a pool, which takes it back when the workspace is collected. */
function createSharedWorkspace(
  of: ThreadPool,
  size: WorkspaceSize,
  takeNote: TakeNote,
): Workspace | undefined {
  const elements = size.elements + size.spareElements + size.packedElements;
  const at = of.allocate(elements);
  if (at === undefined) {
    takeNote(noMemory(elements));
    return undefined;
  }
  const workspace = new Workspace(of, at, of, size.packedElements);
  regions ??= new FinalizationRegistry<Region>((region) => region.of.free(region.at));
  const known = regions;
  known.register(workspace, { of, at }, workspace);
  workspace.release = () => {
    known.unregister(workspace);
    workspace.release = undefined;
    of.free(at);
  };
  return workspace;
}

const threading: Threading = {
  shares(work, takeNote) {
    if (poolFor(work) !== undefined) return true;
    if (wanted.threads > 1 && threadsReason(kernelInForce()) === "")
      takeNote(
        `one thread, the largest product of a step takes ${work} multiplications, ` +
          `of ${PARALLEL_WORK} that several threads share`,
      );
    return false;
  },

  createWorkspace(size, takeNote) {
    return createSharedWorkspace(poolFor(size.work)!, size, takeNote);
  },

  computeInPool(work, size, compute) {
    const of = poolFor(work);
    if (of === undefined) return false;
    const { elements, packedElements } = size();
    const at = of.allocate(elements + packedElements);
    if (at === undefined) return false;
    try {
      compute(new Workspace(of, at, of, packedElements));
      return true;
    } catch (error) {
      if (!(error instanceof WorkerTimeout)) throw error;
      discardPool();
      return false;
    } finally {
      of.free(at);
    }
  },

  withPool(compute) {
    try {
      return compute();
    } catch (error) {
      if (!(error instanceof WorkerTimeout)) throw error;
      discardPool();
      return compute();
    }
  },
};
