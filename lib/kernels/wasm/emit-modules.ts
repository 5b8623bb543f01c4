// The WebAssembly modules. Emitting them takes several times as long as compiling them, so the
// build replaces this file by one that holds the bytes; lib/build/stored-modules.ts.
import { MR, NR } from "../sizes.ts";
import { emitAdam } from "./emit-adam.ts";
import { emitEpilogue } from "./emit-epilogue.ts";
import { emitPackColumns, emitPackRows } from "./emit-pack.ts";
import { emitProduct } from "./emit-product.ts";
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
export type EpilogueName = "relu" | "row" | "rowRelu" | "mask";

/** The bytes of a module, for a memory of its own or one that threads share. */
export type ModuleBytes = (shared: boolean) => Uint8Array<ArrayBuffer>;

const MAX_PAGES = 65536; // 4 GiB, all that 32-bit addresses reach

// Three modules, so that a bundle has only those it uses, and because browsers refuse to compile
// more than 4 KiB synchronously on the main thread. They fit memories of every size.
const limits = (shared: boolean) => ({ min: 1, max: MAX_PAGES, shared });

/** Products, and what brings their operands in and the result out. */
export const simdModule: ModuleBytes = (shared) => productModule("simd", shared);

/** The same for the kernel "fma". */
export const fmaModule: ModuleBytes = (shared) => productModule("fma", shared);

function productModule(kernel: KernelName, shared: boolean): Uint8Array<ArrayBuffer> {
  return encodeModule(limits(shared), [
    emitProduct(MR[kernel], kernel === "fma"),
    emitPackRows("packBRows", NR),
    emitPackColumns("packBColumns", NR),
    emitPackRows("packAColumns", MR[kernel]),
    emitEpilogue("dense", {}),
  ]);
}

/** What a training step computes beside products: their epilogues, and vector kernels. */
export const trainingModule: ModuleBytes = (shared) =>
  encodeModule(limits(shared), [
    emitEpilogue("relu", { relu: true }),
    emitEpilogue("row", { row: true }),
    emitEpilogue("rowRelu", { row: true, relu: true }),
    emitEpilogue("mask", { mask: true }),
    emitAddScaled(),
    emitScale(),
    emitRegularize(),
    emitSquares(),
    emitNonFinite(),
    emitColumnSum(),
    emitAdam(),
  ]);
