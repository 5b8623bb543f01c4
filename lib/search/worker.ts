// The worker thread of a search: receives candidates, answers with what became of them.

import { configure } from "../kernels/configuration.ts";
import { Matrix } from "../matrix/matrix.ts";
import { runCandidate, type SearchTask } from "./candidate.ts";
import type { Reply } from "./pool.ts";
import type { Candidate } from "./space.ts";

const { parentPort, workerData } = process.getBuiltinModule("node:worker_threads");
// "fma" has other bits; the cores are taken by the other candidates
configure({ kernel: workerData.kernel, threads: 1 });
const revive = ({ X, y }: SearchTask["data"]): SearchTask["data"] => ({
  X: new Matrix(X.rows, X.cols, X.data),
  y,
});
const task: SearchTask = {
  ...workerData,
  data: revive(workerData.data),
  validation: revive(workerData.validation),
};
const reply = (message: Reply): void => parentPort!.postMessage(message);

parentPort!.on("message", ({ index, candidate }: { index: number; candidate: Candidate }) => {
  try {
    reply({ kind: "outcome", index, outcome: runCandidate(task, candidate) });
  } catch (error) {
    reply({
      kind: "failed",
      index,
      message: error instanceof Error ? error.message : String(error),
    });
  }
});
reply({ kind: "ready" });
