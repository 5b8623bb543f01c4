// The worker of a thread pool: takes tickets and computes their tasks, and sleeps when there are
// none. It is stopped from outside; a sleeping worker uses no time and keeps no process alive.
import { allKernels, runCalls } from "./program.ts";
import {
  controlWords,
  countTask,
  fail,
  isIdle,
  markDone,
  type Start,
  sleep,
  spinUntil,
  take,
  taskAt,
} from "./protocol.ts";

const { modules, memory, index, program, buffer } = process.getBuiltinModule("node:worker_threads")
  .workerData as Start;
const words = controlWords(memory);
const calls = new Int32Array(memory.buffer);
const kernels = allKernels(memory, modules);

countTask(words, index);
const hasTicket = (): boolean => !isIdle(words);
for (;;) {
  const ticket = take(words);
  if (ticket === undefined) {
    if (!spinUntil(hasTicket)) sleep(words);
    continue;
  }
  try {
    const task = taskAt(ticket);
    runCalls(kernels, calls, program / 4 + words[task], words[task + 1], buffer);
  } catch (error) {
    // Through shared memory: the main thread sleeps in Atomics.wait and receives no messages.
    fail(words, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
  countTask(words, index);
  markDone(words, ticket);
}
