// The worker of a thread pool: takes tickets and computes their tasks, and sleeps when there are
// none. It is stopped from outside; a sleeping worker uses no time and keeps no process alive.
import { instantiate, type ProductKernels } from "../wasm/engine.ts";
import { runEncodedTask } from "../wasm/executor.ts";
import {
  controlWords,
  countTask,
  fail,
  markDone,
  type Start,
  sleep,
  take,
  taskAt,
} from "./protocol.ts";

// Looks at the queue before sleeping: tens of microseconds, several times what waking up takes.
const SPINS = 2000;

const { module, memory, index } = process.getBuiltinModule("node:worker_threads")
  .workerData as Start;
const words = controlWords(memory);
const kernels = instantiate<ProductKernels>(memory, module);

countTask(words, index);
for (let idle = 0; ; ) {
  const ticket = take(words);
  if (ticket === undefined) {
    if (++idle > SPINS) {
      sleep(words);
      idle = 0;
    }
    continue;
  }
  idle = 0;
  try {
    runEncodedTask(kernels, words, taskAt(ticket));
  } catch (error) {
    // Through shared memory: the main thread sleeps in Atomics.wait and receives no messages.
    fail(words, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
  countTask(words, index);
  markDone(words, ticket);
}
