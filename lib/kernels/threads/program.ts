// What threads compute, as numbers in shared memory: calls of kernels one after the other.

import { instantiate, type Kernels, type TrainingKernels } from "../wasm/engine.ts";
import { TASK_KERNELS, type TaskKernel } from "../wasm/executor.ts";

/** The functions of all modules over a memory. */
export function allKernels(
  memory: WebAssembly.Memory,
  modules: readonly WebAssembly.Module[],
): Kernels & TrainingKernels {
  return Object.assign({}, ...modules.map((module) => instantiate(module, memory)));
}

const PARAMETERS = 14;

/** Words of a call: the number of the kernel, then its parameters. */
export const CALL_WORDS = 1 + PARAMETERS;

/** Writes a call to words[at..]. */
export function writeCall(
  words: Int32Array,
  at: number,
  kernel: TaskKernel,
  parameters: readonly number[],
): void {
  words[at] = TASK_KERNELS.indexOf(kernel);
  for (let p = 0; p < parameters.length; p++) words[at + 1 + p] = parameters[p];
}

/** Makes `count` calls from words[at..]; `buffer` is the address of the thread's buffer. */
export function runCalls(
  kernels: Kernels & TrainingKernels,
  words: Int32Array,
  at: number,
  count: number,
  buffer: number,
): void {
  const parameters = new Array<number>(PARAMETERS);
  for (let call = 0, next = at; call < count; call++, next += CALL_WORDS) {
    for (let p = 0; p < PARAMETERS; p++) {
      const word = words[next + 1 + p];
      parameters[p] = word < 0 ? buffer - 1 - word : word;
    }
    const kernel = kernels[TASK_KERNELS[words[next]]] as (...parameters: number[]) => void;
    kernel(...parameters);
  }
}
