// What a worker thread of the pool runs: worker.ts. The build replaces this file by one that holds
// worker.ts as a text, with all that it imports, so that it is found wherever a bundler puts it.
import { type Script, sourceScript } from "./source-script.ts";

/** The script of a worker of the pool. */
export function workerScript(): Script {
  return sourceScript(new URL("./worker.ts", import.meta.url));
}
