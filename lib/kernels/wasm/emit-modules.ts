// The two modules of a kernel. Emitting them takes several times as long as compiling them, so the
// build replaces this file by one that holds the bytes; lib/build/stored-modules.ts.
import { MR, NR } from "../sizes.ts";
import { emitAdam } from "./emit-adam.ts";
import { emitEpilogue } from "./emit-epilogue.ts";
import { emitPackColumns, emitPackRows } from "./emit-pack.ts";
import { emitProduct, type Layout } from "./emit-product.ts";
import {
  emitAddScaled,
  emitColumnSum,
  emitNonFinite,
  emitRegularize,
  emitScale,
  emitSquares,
} from "./emit-vector.ts";
import { encodeModule } from "./module.ts";

export type KernelName = keyof typeof MR; // "simd" | "fma"
export type EpilogueName = "dense" | "relu" | "row" | "rowRelu" | "mask";

/** The two modules of a kernel, for a memory of its own or one that threads share. */
export type KernelModules = {
  readonly product: (shared: boolean) => Uint8Array<ArrayBuffer>;
  readonly main: (shared: boolean) => Uint8Array<ArrayBuffer>;
};

// Two objects, so that a bundle which never chooses "fma" does without its bytes.
export const simdModules: KernelModules = {
  product: (shared) => productModule("simd", shared),
  main: (shared) => mainModule("simd", shared),
};
export const fmaModules: KernelModules = {
  product: (shared) => productModule("fma", shared),
  main: (shared) => mainModule("fma", shared),
};

const MAX_PAGES = 65536; // 4 GiB, all that 32-bit addresses reach

// There are two modules because browsers refuse to compile more than 4 KiB synchronously on the
// main thread. Both fit memories of every size.
const limits = (shared: boolean) => ({ min: 1, max: MAX_PAGES, shared });

/** The products of a kernel. */
function productModule(kernel: KernelName, shared: boolean): Uint8Array<ArrayBuffer> {
  const product = (layout: Layout) => emitProduct(layout, MR[kernel], kernel === "fma");
  return encodeModule(limits(shared), [product("rows"), product("columns"), product("panels")]);
}

/** Packing, epilogues and vector kernels. */
function mainModule(kernel: KernelName, shared: boolean): Uint8Array<ArrayBuffer> {
  const epilogue = (name: EpilogueName, row: boolean, relu: boolean, mask: boolean) =>
    emitEpilogue(name, { row, relu, mask });
  return encodeModule(limits(shared), [
    emitPackRows("packBRows", NR),
    emitPackColumns("packBColumns", NR),
    emitPackRows("packAColumns", MR[kernel]),
    epilogue("dense", false, false, false),
    epilogue("relu", false, true, false),
    epilogue("row", true, false, false),
    epilogue("rowRelu", true, true, false),
    epilogue("mask", false, false, true),
    emitAddScaled(),
    emitScale(),
    emitRegularize(),
    emitSquares(),
    emitNonFinite(),
    emitColumnSum(),
    emitAdam(),
  ]);
}
