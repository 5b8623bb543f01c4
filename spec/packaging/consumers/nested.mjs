// Answers from a worker inside of a worker.
import { parentPort, Worker, workerData } from "node:worker_threads";
import { answer } from "./hosts.js";

if (workerData === 0) {
  parentPort.postMessage(await answer(await import("twolayer")));
} else {
  const worker = new Worker(new URL(import.meta.url), { workerData: (workerData ?? 2) - 1 });
  worker.on("error", (error) => {
    throw error;
  });
  worker.on("message", (message) => {
    if (parentPort === null) console.log(JSON.stringify(message));
    else parentPort.postMessage(message);
  });
}
