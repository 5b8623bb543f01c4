// What WebAssembly gives this package: which kernels the engine can run, the memory they work in,
// and the compiled code.
//
// The memory is a fixed few MB, made when a product first needs it. Operands come in block by
// block, C goes out:
//
//   | control | row | raw pieces | blocks of B ×p | slabs of A ×s |         C          | scratch |
//     8 KiB   4 KiB   256 KiB      1.5 MiB each   809 KiB each    2.1 MiB and overhang  2 MiB
//
// One thread has p = s = 1, the scratch memory of training steps (scratch.ts) and 7 MB; a crew of
// threads shares p = 2, s = 3, no scratch and 8 MB, to copy ahead while others compute.
import { emitEpilogue } from "../gemm/epilogue.ts";
import { A_SIZE, C_SIZE, KC, MR, NC, NR, STAGING_SIZE, WORKSPACE_SIZE } from "../sizes.ts";
import { emitPackColumns, emitPackRows } from "./emit-pack.ts";
import { emitProduct, type Layout } from "./emit-product.ts";
import { emitAddScaled, emitColumnSum, emitNonFinite, emitRegularize } from "./emit-vector.ts";
import { encodeModule } from "./module.ts";

export type KernelName = keyof typeof MR; // "simd" | "fma"

/**
 * The functions of the modules; addresses, distances (in bytes) and counts, see micro-kernel.ts,
 * pack.ts, epilogue.ts, vector.ts.
 */
export type ProductKernels = { [layout in Layout]: (...parameters: number[]) => void };

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

export type MainKernels = EpilogueKernels & {
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
export type EpilogueName = "dense" | "relu" | "row" | "rowRelu" | "mask";

export type Kernels = ProductKernels & MainKernels;

/** Byte addresses in the memory. */
export type MemoryMap = {
  control: number;
  row: number;
  staging: number;
  bBuffers: number[];
  aBuffers: number[];
  c: number;
  scratch: number;
  pages: number;
};

export function memoryMap(blockCount: number, slabCount: number, scratchSize = 0): MemoryMap {
  let next = 0;
  const take = (bytes: number): number => {
    const address = next;
    next += Math.ceil(bytes / 64) * 64;
    return address;
  };
  const control = take(8192);
  const row = take(8 * (NC + 8));
  const raw = take(8 * STAGING_SIZE);
  const blocks = Array.from({ length: blockCount }, () => take(8 * (KC + 8) * NC));
  const slabs = Array.from({ length: slabCount }, () => take(8 * A_SIZE));
  const c = take(8 * (C_SIZE + 8 * NC)); // the last tile may hang over by MR − 1 rows
  // the vector kernels may write up to seven elements too many
  const scratch = take(8 * scratchSize + 64);
  return {
    control,
    row,
    staging: raw,
    bBuffers: blocks,
    aBuffers: slabs,
    c,
    scratch,
    pages: Math.ceil(next / 65536),
  };
}

/**
 * The code for a memory of so many pages, as two modules because browsers have refused to compile
 * more than 4 KiB at a time on their main thread: what every thread needs, the products of one
 * kernel …
 */
export function productModule(
  kernel: KernelName,
  pages: number,
  shared: boolean,
): Uint8Array<ArrayBuffer> {
  const product = (layout: Layout) => emitProduct(layout, MR[kernel], kernel === "fma");
  return encodeModule({ min: pages, max: pages, shared }, [
    product("rows"),
    product("columns"),
    product("panels"),
  ]);
}

/** … and what the main thread does before and after them, and with vectors. */
export function mainModule(
  kernel: KernelName,
  pages: number,
  shared: boolean,
): Uint8Array<ArrayBuffer> {
  const epilogue = (name: EpilogueName, row: boolean, relu: boolean, mask: boolean) =>
    emitEpilogue(name, { row, relu, mask });
  return encodeModule({ min: pages, max: pages, shared }, [
    emitPackRows("packBRows", NR),
    emitPackColumns("packBColumns", NR),
    emitPackRows("packAColumns", MR[kernel]),
    epilogue("dense", false, false, false),
    epilogue("relu", false, true, false),
    epilogue("row", true, false, false),
    epilogue("rowRelu", true, true, false),
    epilogue("mask", false, false, true),
    emitAddScaled(),
    emitRegularize(),
    emitNonFinite(),
    emitColumnSum(),
  ]);
}

/** A memory, the code over it, and the one view of it through which blocks move in and out. */
export type Engine = { kernels: Kernels; mr: number; map: MemoryMap; doubles: Float64Array };

const unsupportedReasons: { [kernel in KernelName]?: string } = {};
const inlineMap = memoryMap(1, 1, WORKSPACE_SIZE);
const inlineModules: { [kernel in KernelName]?: readonly WebAssembly.Module[] } = {};

/** Why the kernel cannot run here, or "" when it can: tried once, up to compiling it. */
export function unsupportedReason(kernel: KernelName): string {
  return (unsupportedReasons[kernel] ??= findUnsupportedReason(kernel));
}

function findUnsupportedReason(kernel: KernelName): string {
  if (typeof WebAssembly !== "object") return "this engine has no WebAssembly";
  const bytes = productModule(kernel, inlineMap.pages, false);
  if (!WebAssembly.validate(bytes)) {
    return kernel === "simd"
      ? "this WebAssembly engine has no SIMD"
      : "this WebAssembly engine has no relaxed SIMD (Node 22, Chromium 114 and later have it, Node 20 with --experimental-wasm-relaxed-simd)";
  }
  try {
    inlineModules[kernel] = [
      new WebAssembly.Module(bytes),
      new WebAssembly.Module(mainModule(kernel, inlineMap.pages, false)),
    ];
    return "";
  } catch (error) {
    return `compiling WebAssembly is not allowed here (${error instanceof Error ? error.message : error})`;
  }
}

/** The functions of modules over a memory. */
export function instantiate<Functions>(
  memory: WebAssembly.Memory,
  ...modules: WebAssembly.Module[]
): Functions {
  return Object.assign(
    {},
    ...modules.map((module) => new WebAssembly.Instance(module, { env: { memory } }).exports),
  );
}

/**
 * The engine of one thread. Throws when the kernel has an obstacle or there is no memory to be had.
 */
export function createEngine(kernel: KernelName): Engine {
  const reason = unsupportedReason(kernel);
  if (reason) throw new Error(reason);
  const memory = new WebAssembly.Memory({ initial: inlineMap.pages, maximum: inlineMap.pages });
  const kernels = instantiate<Kernels>(memory, ...inlineModules[kernel]!);
  return { kernels, mr: MR[kernel], map: inlineMap, doubles: new Float64Array(memory.buffer) };
}
