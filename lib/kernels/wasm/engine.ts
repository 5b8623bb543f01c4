// What WebAssembly gives this package: which kernels the engine can run, the memory they work in,
// and the compiled code.
//
// A memory is made when a product or a training first needs it. Operands come in block by block, C
// goes out; a training keeps its arrays in the workspace:
//
//   | control | row | staging | buffers of B ×p | buffers of A ×s |          C | workspace |
//     8 KiB   4 KiB  256 KiB     1.5 MiB each      809 KiB each    2.1 MiB and overhang
//
// For one thread p = s = 1, 5 MB and the workspace; a pool of threads has p = 2, s = 3 and 8 MB, so
// that the main thread copies ahead while others compute.
import { errorText } from "../../base/errors.ts";
import { A_SIZE, C_SIZE, KC, MR, NC, STAGING_SIZE } from "../sizes.ts";
import { type EpilogueName, type KernelName, mainModule, productModule } from "./emit-modules.ts";
import type { Layout } from "./emit-product.ts";

/**
 * The products of one kernel, one function a layout; the parameters are PARAMETERS of emit-product.
 */
export type ProductKernels = { [layout in Layout]: (...parameters: number[]) => void };

/** The epilogues, see emit-epilogue.ts. */
export type EpilogueKernels = {
  [name in EpilogueName]: (
    c: number,
    stride: number,
    rows: number,
    columns: number,
    row: number,
    mask: number,
  ) => void;
};

/** What only the main thread calls, see emit-pack.ts and emit-vector.ts. */
type MainKernels = EpilogueKernels & {
  packBRows: Pack;
  packBColumns: Pack;
  packAColumns: Pack;
  addScaled(a: number, b: number, out: number, bytes: number, s: number): void;
  regularize(a: number, da: number, bytes: number, s: number, sums: number): void;
  nonFinite(a: number, bytes: number): number;
  columnSum(a: number, out: number, rows: number, bytes: number): void;
};

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
  row: number;
  staging: number;
  bBuffers: number[];
  aBuffers: number[];
  c: number;
  workspace: number;
  pages: number;
};

/** Where everything lies in a memory with so many buffers and elements of workspace. */
export function memoryMap(bCount: number, aCount: number, workspaceSize = 0): MemoryMap {
  let next = 0;
  const take = (bytes: number): number => {
    const address = next;
    next += Math.ceil(bytes / 64) * 64;
    return address;
  };
  const map = {
    control: take(8192),
    row: take(8 * (NC + 8)),
    staging: take(8 * STAGING_SIZE),
    bBuffers: Array.from({ length: bCount }, () => take(8 * (KC + 8) * NC)),
    aBuffers: Array.from({ length: aCount }, () => take(8 * A_SIZE)),
    c: take(8 * (C_SIZE + 8 * NC)), // the last tile may hang over by MR − 1 rows
    workspace: take(8 * workspaceSize + 64), // vector kernels may write up to seven elements more
  };
  return { ...map, pages: Math.ceil(next / PAGE) };
}

const PAGE = 65536;

/** A memory, the code over it, and the one view of it through which blocks move in and out. */
export type Engine = {
  readonly kernel: KernelName;
  readonly kernels: Kernels;
  readonly mr: number;
  readonly map: MemoryMap;
  readonly doubles: Float64Array<ArrayBuffer>;
};

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
  const bytes = productModule(kernel, false);
  if (!WebAssembly.validate(bytes)) return NO_SIMD[kernel];
  try {
    compiled[kernel] = [
      new WebAssembly.Module(bytes),
      new WebAssembly.Module(mainModule(kernel, false)),
    ];
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
  const map = memoryMap(1, 1, workspaceSize);
  const memory = new WebAssembly.Memory({ initial: map.pages, maximum: map.pages });
  const kernels = instantiate<Kernels>(memory, ...compiled[kernel]!);
  return { kernel, kernels, mr: MR[kernel], map, doubles: new Float64Array(memory.buffer) };
}
