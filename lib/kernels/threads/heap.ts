// Regions of a shared memory that come and go: the workspaces of trainings, the operands of a
// product.

import { PAGE_BYTES } from "../wasm/engine.ts";

type Block = { at: number; bytes: number };

// Addresses are numbers of an Int32Array in threads/program.ts, whose sign has a meaning there.
const LIMIT = 2 ** 31 - PAGE_BYTES;

/** Hands out and takes back regions of a memory from an address on; the memory grows as needed. */
export class Heap {
  readonly #memory: WebAssembly.Memory;
  readonly #blocks: Block[] = []; // in use, in the order of their addresses
  readonly #start: number;

  constructor(memory: WebAssembly.Memory, start: number) {
    this.#memory = memory;
    this.#start = start;
  }

  get isEmpty(): boolean {
    return this.#blocks.length === 0;
  }

  /** The address of so many bytes; undefined where the memory cannot grow by as much. */
  take(bytes: number): number | undefined {
    const size = Math.ceil(bytes / 64) * 64;
    let at = this.#start;
    let index = 0;
    for (; index < this.#blocks.length; index++) {
      const block = this.#blocks[index];
      if (at + size <= block.at) break;
      at = block.at + block.bytes;
    }
    if (!this.#reach(at + size)) return undefined;
    this.#blocks.splice(index, 0, { at, bytes: size });
    return at;
  }

  /** Takes back the region at an address. */
  free(at: number): void {
    const index = this.#blocks.findIndex((block) => block.at === at);
    if (index >= 0) this.#blocks.splice(index, 1);
  }

  #reach(end: number): boolean {
    const missing = Math.ceil((end - this.#memory.buffer.byteLength) / PAGE_BYTES);
    if (missing <= 0) return true;
    if (end > LIMIT) return false;
    try {
      this.#memory.grow(missing);
      return true;
    } catch {
      return false;
    }
  }
}
