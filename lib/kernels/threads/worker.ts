// What a worker of the crew does all its life: take a ticket, multiply its band, sleep when there
// is none. It is stopped from outside; a sleeping worker uses no time and keeps no process alive.
import { runEncodedTask } from "../wasm/band.ts";
import { instantiate, type ProductKernels } from "../wasm/engine.ts";
import {
  bandAt,
  controlWords,
  countTask,
  fail,
  markDone,
  type Start,
  sleep,
  take,
} from "./protocol.ts";

// looks at the queue before sleeping: tens of microseconds, several times what waking up takes
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
    runEncodedTask(kernels, words, bandAt(ticket));
  } catch (error) {
    // The main thread sleeps in Atomics.wait and would never hear of it.
    fail(words, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
  countTask(words, index);
  markDone(words, ticket);
}
