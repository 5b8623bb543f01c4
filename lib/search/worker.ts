// The worker thread of a search: receives candidates, answers with what became of them.

import { errorText } from "../base/errors.ts";
import { configure } from "../kernels/configuration.ts";
import { Matrix } from "../matrix/matrix.ts";
import { runCandidate, type SearchTask } from "./candidate.ts";
import type { Assignment, Reply, Start } from "./pool.ts";

const { parentPort, workerData } = process.getBuiltinModule("node:worker_threads");
const { kernel, steps, modules: _, ...rest } = workerData as Start;
const revive = ({ X, ...labels }: SearchTask["data"]): SearchTask["data"] => ({
  X: new Matrix(X.rows, X.cols, X.data),
  ...labels,
});
const task = { ...rest, data: revive(rest.data), validation: revive(rest.validation) };
const countStep = (): void => void Atomics.add(steps, 0, 1);
const reply = (message: Reply): void => parentPort!.postMessage(message);

parentPort!.on("message", ({ index, job, threads }: Assignment) => {
  try {
    configure({ kernel, threads }); // "fma" has other bits than "simd"
    reply({ kind: "outcome", index, outcome: runCandidate(task, job, countStep) });
  } catch (error) {
    reply({ kind: "failed", index, message: errorText(error) });
  }
});
reply({ kind: "ready" });
