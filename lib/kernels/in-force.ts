// How products are computed now: what was asked for, as far as the engine can do it, on the calling
// thread. What threads do is in pool-in-force.ts, for programs that call `configure`.
import { WORKSPACE_SIZE } from "./sizes.ts";
import type { KernelName } from "./wasm/emit-modules.ts";
import {
  createEngine,
  type Engine,
  inlineEngine,
  inlineStartError,
  unsupportedReason,
} from "./wasm/engine.ts";
import { Workspace } from "./wasm/workspace.ts";

export type KernelChoice = "auto" | KernelInForce;
export type KernelInForce = "reference" | "simd" | "fma";
export type Choice = { readonly kernel: KernelChoice; readonly threads: number };

/** What threads do for those who compute in workspaces. */
export type Threading = {
  /** Whether threads share products of m·n·k = `work`; `takeNote` is told why they do not. */
  shares(work: number, takeNote: TakeNote): boolean;
  /** A workspace in memory that threads share; undefined where there is no memory. */
  createWorkspace(size: WorkspaceSize, takeNote: TakeNote): Workspace | undefined;
  computeInPool: typeof computeInPool;
  withPool: typeof withPool;
};

/** What was asked for. */
export let wanted: Choice = { kernel: "auto", threads: 1 };
// Before the first choice there is one thread.
let threading: Threading | undefined;
let version = 0;

/** Takes what is asked for, and what threads do. */
export function setWanted(choice: Choice, by: Threading): void {
  wanted = choice;
  threading = by;
  renewVersion();
}

/** Says that something has changed which a workspace depends on. */
export function renewVersion(): void {
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

/** What `configuration` is to note about what products do not know of, by its subject. */
export const otherNotes = new Map<string, string>();

/** Sets a note; undefined: there is nothing to say any more. @internal */
export function setNote(subject: string, note: string | undefined): void {
  if (note === undefined) otherNotes.delete(subject);
  else otherNotes.set(subject, note);
}

export function kernelInForce(): KernelInForce {
  if (inlineStartError()) return "reference";
  if (wanted.kernel !== "auto") return wanted.kernel;
  return unsupportedReason("simd") ? "reference" : "simd";
}

/** The kernel of WebAssembly in force; undefined where plain TypeScript computes. @internal */
export function wasmKernel(): KernelName | undefined {
  const kernel = kernelInForce();
  return kernel === "reference" ? undefined : kernel;
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
  if (threading?.shares(size.work, takeNote)) return threading.createWorkspace(size, takeNote);
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
  const engine = fits ? known : createEngine(kernel, Math.max(elements, WORKSPACE_SIZE));
  const workspace = new Workspace(engine, engine.map.workspace);
  workspace.release = () => {
    workspace.release = undefined;
    spare = globalThis.WeakRef && new WeakRef(engine); // some plain engines have none
  };
  return workspace;
}

/** Elements for a workspace in the memory of an engine, beside the few that memoryMap adds. */
const roomOf = ({ doubles, map }: Engine): number => doubles.length - map.workspace / 8 - 8;

/** What is said where so many elements find no room. */
export function noMemory(elements: number): string {
  const megabytes = Math.ceil((8 * elements) / 2 ** 20);
  return `no WebAssembly memory of ${megabytes} MiB, each product copies`;
}

/**
 * Computes in a workspace in memory that threads share, which they have back afterwards; false
 * where products of m·n·k = `work` are not shared, there is no memory, or a worker was lost: then
 * all is to be computed without. `size` is called where they are shared: to find it takes longer
 * than the scores of a row. @internal
 */
export function computeInPool(
  work: number,
  size: () => Pick<WorkspaceSize, "elements" | "packedElements">,
  compute: (workspace: Workspace) => void,
): boolean {
  return threading?.computeInPool(work, size, compute) ?? false;
}

/** Computes something that may lose a worker; then again, with other threads. @internal */
export function withPool<Result>(compute: () => Result): Result {
  return threading === undefined ? compute() : threading.withPool(compute);
}
