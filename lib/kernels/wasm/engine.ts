// What WebAssembly gives this package: which kernels the engine can run, the memory they work in,
// and the compiled code. What only training needs of it is in training.ts.
//
// A memory is made when a product or a training first needs it. Operands come in block by block, C
// goes out; a training keeps its arrays in the workspace:
//
//   | control | scalars | row | staging | buffer of B | of A |          C          | workspace |
//     8 KiB     4 KiB   4 KiB  256 KiB     1.5 MiB    809 KiB  2.1 MiB and overhang
//
// The memory of a thread pool has its own regions before the workspace, and grows.
import { errorText } from "../../base/errors.ts";
import { A_SIZE, C_SIZE, KC, MR, NC, STAGING_SIZE } from "../sizes.ts";
import {
  type EpilogueName,
  fmaModule,
  type KernelName,
  type ModuleBytes,
  simdModule,
} from "./emit-modules.ts";

/** The parameters are c, stride, rows, columns, row, mask, out, outStride; see emit-epilogue.ts. */
type EpilogueKernel = (...parameters: number[]) => void;

export type Pack = (
  from: number,
  stride: number,
  to: number,
  panel: number,
  rows: number,
  length: number,
) => void;

/** The functions of simdModule and fmaModule: addresses and distances in bytes, and counts. */
export type Kernels = {
  /** The parameters are PARAMETERS of emit-product.ts. */
  product(...parameters: number[]): void;
  packBRows: Pack;
  packBColumns: Pack;
  packAColumns: Pack;
  dense: EpilogueKernel;
};

/** Those of trainingModule; `s` is the address of a number. */
export type TrainingKernels = { [name in EpilogueName]: EpilogueKernel } & {
  addScaled(a: number, b: number, out: number, bytes: number, s: number): void;
  scale(a: number, out: number, bytes: number, s: number): void;
  regularize(a: number, da: number, bytes: number, s: number, sums: number): void;
  squares(a: number, bytes: number, sums: number): void;
  nonFinite(a: number, bytes: number, out: number): void;
  columnSum(a: number, out: number, rows: number, bytes: number): void;
  adam(...parameters: [...arrays: SixAddresses, bytes: number, s: number]): void;
};

type SixAddresses = [p: number, dp: number, m: number, v: number, newM: number, newV: number];

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
  end: number;
};

/**
 * A function that hands out regions of so many bytes, one after the other from an address on, each
 * on cache lines of its own.
 */
export function regionsFrom(next: number): (bytes: number) => number {
  return (bytes) => {
    const address = next;
    next += Math.ceil(bytes / 64) * 64;
    return address;
  };
}

/** Where everything lies in a memory with so many elements of workspace. */
export function memoryMap(workspaceSize = 0): MemoryMap {
  const take = regionsFrom(0);
  return {
    control: take(CONTROL_BYTES),
    scalars: take(8 * SCALARS),
    row: take(8 * (NC + 8)),
    staging: take(8 * STAGING_SIZE),
    bBuffer: take(8 * (KC + 8) * NC),
    aBuffer: take(8 * A_SIZE),
    c: take(8 * (C_SIZE + 8 * NC)), // the last tile may hang over by MR − 1 rows
    workspace: take(8 * workspaceSize + 64), // vector kernels may write up to seven elements more
    end: take(0),
  };
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
  readonly memory: WebAssembly.Memory;
  readonly doubles: Float64Array<ArrayBuffer>;
  /** For `trainingKernels`, which makes them. */
  training: TrainingKernels | undefined;
};

type KernelModule = {
  readonly bytes: ModuleBytes;
  /** Why an engine does not accept the bytes. */
  readonly refusal: string;
  /** The code, or why this engine cannot run it. */
  compiled?: WebAssembly.Module | string;
};

// What can be chosen: "fma" only where `provideFma` has been called, which is the business of those
// that take or give names of kernels, so that a bundle without them does without its bytes.
const modules: { simd: KernelModule; fma?: KernelModule } = {
  simd: { bytes: simdModule, refusal: "this WebAssembly engine has no SIMD" },
};

/** Makes the kernel "fma" known: nothing about it can be asked before. */
export function provideFma(): void {
  modules.fma ??= {
    bytes: fmaModule,
    refusal:
      "this WebAssembly engine has no relaxed SIMD (Node 22, Chromium 114 and later have it, " +
      "Node 20 with --experimental-wasm-relaxed-simd)",
  };
}

/** The module of a kernel that is known. */
export function moduleOf(kernel: KernelName): ModuleBytes {
  return modules[kernel]!.bytes;
}

/** Why the kernel cannot run here, or "" when it can: tried once, up to compiling it. */
export function unsupportedReason(kernel: KernelName): string {
  const module = compiled(modules[kernel]!);
  return typeof module === "string" ? module : "";
}

function compiled(module: KernelModule): WebAssembly.Module | string {
  return (module.compiled ??= compile(module));
}

function compile({ bytes, refusal }: KernelModule): WebAssembly.Module | string {
  if (typeof WebAssembly !== "object") return "this engine has no WebAssembly";
  try {
    const code = bytes(false);
    return WebAssembly.validate(code) ? new WebAssembly.Module(code) : refusal;
  } catch (error) {
    return `compiling WebAssembly is not allowed here (${errorText(error)})`;
  }
}

/** The functions of a module over a memory. */
export function instantiate<Functions>(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Functions {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return { ...exports } as Functions;
}

/**
 * An engine for one thread, with `workspaceSize` elements after its buffers. Throws an Error when
 * the kernel cannot run here, and what WebAssembly throws when there is no memory.
 */
export function createEngine(kernel: KernelName, workspaceSize = 0): Engine {
  const module = compiled(modules[kernel]!);
  if (typeof module === "string") throw new Error(module);
  const map = memoryMap(workspaceSize);
  const pages = Math.ceil(map.end / PAGE_BYTES);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const kernels = instantiate<Kernels>(module, memory);
  const doubles = new Float64Array(memory.buffer);
  return { kernel, kernels, mr: MR[kernel], map, memory, doubles, training: undefined };
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
    return (inline = createEngine(kernel));
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
