// What WebAssembly gives this package: which kernels the engine can run, the memory they work in,
// and the compiled code.
//
// A memory is made when a product or a training first needs it. Operands come in block by block, C
// goes out; a training keeps its arrays in the workspace:
//
//   | control | scalars | row | staging | buffer of B | of A |          C          | workspace |
//     8 KiB     4 KiB   4 KiB  256 KiB     1.5 MiB    809 KiB  2.1 MiB and overhang
//
// The memory of a thread pool has its own regions before the workspace, and grows.
import { errorText } from "../../base/errors.ts";
import { A_SIZE, C_SIZE, KC, MR, NC, STAGING_SIZE, WORKSPACE_SIZE } from "../sizes.ts";
import {
  type EpilogueName,
  fmaModules,
  type KernelModules,
  type KernelName,
  simdModules,
} from "./emit-modules.ts";
import type { Layout } from "./emit-product.ts";

/**
 * The products of one kernel, one function a layout; the parameters are PARAMETERS of emit-product.
 */
export type ProductKernels = { [layout in Layout]: (...parameters: number[]) => void };

/** The epilogues: c, stride, rows, columns, row, mask, out, outStride; see emit-epilogue.ts. */
export type EpilogueKernels = { [name in EpilogueName]: (...parameters: number[]) => void };

/** See emit-pack.ts, emit-vector.ts and emit-adam.ts. `s` is the address of a number. */
type MainKernels = EpilogueKernels & {
  packBRows: Pack;
  packBColumns: Pack;
  packAColumns: Pack;
  addScaled(a: number, b: number, out: number, bytes: number, s: number): void;
  scale(a: number, out: number, bytes: number, s: number): void;
  regularize(a: number, da: number, bytes: number, s: number, sums: number): void;
  squares(a: number, bytes: number, sums: number): void;
  nonFinite(a: number, bytes: number, out: number): void;
  columnSum(a: number, out: number, rows: number, bytes: number): void;
  adam(...parameters: [...arrays: SixAddresses, bytes: number, s: number]): void;
};

type SixAddresses = [p: number, dp: number, m: number, v: number, newM: number, newV: number];

export type Pack = (
  from: number,
  stride: number,
  to: number,
  panel: number,
  rows: number,
  length: number,
) => void;

/** All functions of the modules; they take addresses, distances in bytes, and counts. */
export type Kernels = ProductKernels & MainKernels;

/** Byte addresses in the memory. */
export type MemoryMap = {
  control: number;
  scalars: number;
  row: number;
  staging: number;
  bBuffer: number;
  aBuffer: number;
  c: number;
  workspace: number;
  pages: number;
};

/** Hands out regions of a memory, one after the other. */
export class Layouter {
  #next = 0;

  /** The address of so many bytes, on a cache line of its own. */
  take(bytes: number): number {
    const address = this.#next;
    this.#next += Math.ceil(bytes / 64) * 64;
    return address;
  }

  get pages(): number {
    return Math.ceil(this.#next / PAGE_BYTES);
  }
}

/** Where everything lies in a memory with so many elements of workspace. */
export function memoryMap(workspaceSize = 0, layouter = new Layouter()): MemoryMap {
  const take = (bytes: number): number => layouter.take(bytes);
  const map = {
    control: take(CONTROL_BYTES),
    scalars: take(8 * SCALARS),
    row: take(8 * (NC + 8)),
    staging: take(8 * STAGING_SIZE),
    bBuffer: take(8 * (KC + 8) * NC),
    aBuffer: take(8 * A_SIZE),
    c: take(8 * (C_SIZE + 8 * NC)), // the last tile may hang over by MR − 1 rows
    workspace: take(8 * workspaceSize + 64), // vector kernels may write up to seven elements more
  };
  return { ...map, pages: layouter.pages };
}

/** Bytes for the control words of a thread pool, see threads/protocol.ts. */
export const CONTROL_BYTES = 8192;

/** Doubles for the parameters and results of vector kernels. */
export const SCALARS = 512;

export const PAGE_BYTES = 65536;

/** A memory, the code over it, and the one view of it through which blocks move in and out. */
export type Engine = {
  readonly kernel: KernelName;
  readonly kernels: Kernels;
  readonly mr: number;
  readonly map: MemoryMap;
  readonly doubles: Float64Array<ArrayBuffer>;
};

// What can be chosen: "fma" only where `provideFma` has been called, which is the business of those
// that take or give names of kernels, so that a bundle without them does without its bytes.
const modules: { simd: KernelModules; fma?: KernelModules } = { simd: simdModules };

/** Makes the kernel "fma" known: nothing about it can be asked before. */
export function provideFma(): void {
  modules.fma = fmaModules;
}

/** The modules of a kernel that is known. */
export function modulesOf(kernel: KernelName): KernelModules {
  return modules[kernel]!;
}

const unsupportedReasons: { [kernel in KernelName]?: string } = {};
const compiled: { [kernel in KernelName]?: readonly WebAssembly.Module[] } = {};

/** Why the kernel cannot run here, or "" when it can: tried once, up to compiling it. */
export function unsupportedReason(kernel: KernelName): string {
  return (unsupportedReasons[kernel] ??= findUnsupportedReason(kernel));
}

const NO_SIMD = {
  simd: "this WebAssembly engine has no SIMD",
  fma:
    "this WebAssembly engine has no relaxed SIMD (Node 22, Chromium 114 and later have it, " +
    "Node 20 with --experimental-wasm-relaxed-simd)",
};

function findUnsupportedReason(kernel: KernelName): string {
  if (typeof WebAssembly !== "object") return "this engine has no WebAssembly";
  const { product, main } = modulesOf(kernel);
  const bytes = product(false);
  try {
    if (!WebAssembly.validate(bytes)) return NO_SIMD[kernel];
    compiled[kernel] = [new WebAssembly.Module(bytes), new WebAssembly.Module(main(false))];
    return "";
  } catch (error) {
    return `compiling WebAssembly is not allowed here (${errorText(error)})`;
  }
}

/** The functions of modules over a memory. */
export function instantiate<Functions>(
  memory: WebAssembly.Memory,
  ...modules: readonly WebAssembly.Module[]
): Functions {
  return Object.assign(
    {},
    ...modules.map((module) => new WebAssembly.Instance(module, { env: { memory } }).exports),
  );
}

/**
 * An engine for one thread, with `workspaceSize` elements after its buffers. Throws an Error when
 * the kernel cannot run here, and what WebAssembly throws when there is no memory.
 */
export function createEngine(kernel: KernelName, workspaceSize = 0): Engine {
  const reason = unsupportedReason(kernel);
  if (reason) throw new Error(reason);
  const map = memoryMap(workspaceSize);
  const memory = new WebAssembly.Memory({ initial: map.pages, maximum: map.pages });
  const kernels = instantiate<Kernels>(memory, ...compiled[kernel]!);
  return { kernel, kernels, mr: MR[kernel], map, doubles: new Float64Array(memory.buffer) };
}

let inline: Engine | undefined;
let startError = "";

/**
 * The engine of the calling thread, made by the first call for the kernel; undefined where there is
 * no memory for it.
 */
export function inlineEngine(kernel: KernelName): Engine | undefined {
  if (inline?.kernel === kernel) return inline;
  if (startError !== "") return undefined;
  try {
    return (inline = createEngine(kernel, WORKSPACE_SIZE));
  } catch (error) {
    startError = `no WebAssembly memory (${errorText(error)})`;
    return undefined;
  }
}

/** Why the engine could not be made, or "". */
export function inlineStartError(): string {
  return startError;
}

/** Lets the next call of inlineEngine try again. */
export function retryInlineEngine(): void {
  startError = "";
}
