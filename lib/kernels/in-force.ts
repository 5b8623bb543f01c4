// How products are computed now: what was asked for, as far as the engine can do it.
import { errorText } from "../base/errors.ts";
import { PARALLEL_WORK, WORKSPACE_SIZE } from "./sizes.ts";
import type { ThreadPool } from "./threads/pool.ts";
import { MAX_THREADS } from "./threads/protocol.ts";
import { WorkerTimeout } from "./threads/worker-timeout.ts";
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

export type KernelChoice = "auto" | KernelInForce;
type KernelInForce = "reference" | "simd" | "fma";
type Choice = { readonly kernel: KernelChoice; readonly threads: number };

/** What a program needs for more than one thread. */
export type Threading = {
  readonly createPool: (kernel: KernelName) => ThreadPool;
  /** Why this engine cannot run several threads, or "". */
  readonly unsupportedReason: () => string;
};

/** What was asked for. */
export let wanted: Choice = { kernel: "auto", threads: 1 };

// Before the first choice there is one thread.
let threading: Threading | undefined;
// The pool is made by the first product that needs it; or why it could not be.
let pool: ThreadPool | undefined;
let poolStartError = "";

const otherNotes = new Map<string, string>();
let version = 0;

/** Takes a choice, whose kernel this engine supports. */
export function choose(choice: Choice, by: Threading): void {
  const { kernel, threads } = wanted;
  if (choice.kernel !== kernel || choice.threads !== threads || pool?.startError) discardPool();
  version++;
  retryInlineEngine();
  poolStartError = "";
  setNote("training", undefined);
  wanted = choice;
  threading = by;
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

/**
 * What `configuration` is to note about something that products do not know of; undefined: nothing
 * any more. @internal
 */
export function setNote(subject: string, note: string | undefined): void {
  if (note === undefined) otherNotes.delete(subject);
  else otherNotes.set(subject, note);
}

function kernelInForce(): KernelInForce {
  if (inlineStartError()) return "reference";
  if (wanted.kernel !== "auto") return wanted.kernel;
  return unsupportedReason("simd") ? "reference" : "simd";
}

/** Why several threads cannot share a product, or ""; for those who asked for some. */
function threadsReason(kernel: KernelInForce): string {
  return kernel === "reference"
    ? "only products in WebAssembly are shared"
    : threading!.unsupportedReason() || poolStartError || pool?.startError || "";
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
  if (wanted.threads === 1 || work < PARALLEL_WORK) return undefined;
  const kernel = wasmKernel();
  if (kernel === undefined || threadsReason(kernel) !== "") return undefined;
  if (pool?.isIdleAndLarge) discardPool();
  try {
    pool ??= threading!.createPool(kernel);
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

/** Takes what there is to say about a workspace: why threads do not share it, why there is none. */
export type TakeNote = (note: string) => void;

/**
 * A workspace of its own, in memory that threads share where its products are large enough;
 * undefined where there is no WebAssembly or no memory. @internal
 */
export function createWorkspace(
  size: WorkspaceSize,
  takeNote: TakeNote = () => {},
): Workspace | undefined {
  const kernel = wasmKernel();
  if (kernel === undefined) return undefined;
  const sharing = poolFor(size.work);
  if (sharing !== undefined) return createSharedWorkspace(sharing, size, takeNote);
  if (wanted.threads > 1 && threadsReason(kernel) === "")
    takeNote(
      `one thread, the largest product of a step takes ${size.work} multiplications, ` +
        `of ${PARALLEL_WORK} that several threads share`,
    );
  try {
    return createOwnWorkspace(kernel, size.elements);
  } catch {
    takeNote(noMemory(size.elements));
    return undefined;
  }
}

let spare: WeakRef<Engine> | undefined; // of a workspace that was given back

/**
 * A workspace for one thread, in memory that was given back if it is large enough: the garbage
 * collector lets hundreds of memories pile up before it takes one.
 */
function createOwnWorkspace(kernel: KernelName, elements: number): Workspace {
  const known = spare?.deref();
  spare = undefined;
  const fits = known?.kernel === kernel && roomOf(known) >= elements;
  const engine = fits ? known : createEngine(kernel, elements);
  const workspace = new Workspace(engine, engine.map.workspace);
  workspace.release = () => {
    workspace.release = undefined;
    spare = globalThis.WeakRef && new WeakRef(engine); // some plain engines have none
  };
  return workspace;
}

/** Elements for a workspace in the memory of an engine, beside the few that memoryMap adds. */
const roomOf = ({ doubles, map }: Engine): number => doubles.length - map.workspace / 8 - 8;

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

/**
 * Computes in a workspace in memory that threads share, which they have back afterwards; false
 * where products of `size.work` are not shared, there is no memory, or a worker was lost: then all
 * is to be computed without. @internal
 */
export function computeInPool(
  size: WorkspaceSize,
  compute: (workspace: Workspace) => void,
): boolean {
  const of = poolFor(size.work);
  const at = of?.allocate(size.elements + size.packedElements);
  if (of === undefined || at === undefined) return false;
  try {
    compute(new Workspace(of, at, of, size.packedElements));
    return true;
  } catch (error) {
    if (!(error instanceof WorkerTimeout)) throw error;
    discardPool();
    return false;
  } finally {
    of.free(at);
  }
}

/** Computes something that may lose a worker; then again, with other threads. @internal */
export function withPool<Result>(compute: () => Result): Result {
  try {
    return compute();
  } catch (error) {
    if (!(error instanceof WorkerTimeout)) throw error;
    discardPool();
    return compute();
  }
}

function noMemory(elements: number): string {
  const megabytes = Math.ceil((8 * elements) / 2 ** 20);
  return `no WebAssembly memory of ${megabytes} MiB, each product copies`;
}

/**
 * The workspace that all callers share, for what is used up before the caller returns; undefined
 * where it has less than so many elements or there is no WebAssembly. @internal
 */
export function sharedWorkspace(elements: number): Workspace | undefined {
  const engine = elements > WORKSPACE_SIZE ? undefined : engineInForce();
  return engine === undefined ? undefined : new Workspace(engine, engine.map.workspace);
}
