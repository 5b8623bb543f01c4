// The worker thread of a search: receives candidates, answers with what became of them.

import { errorText } from "../base/errors.ts";
import { chooseKernel } from "../kernels/in-force.ts";
import { provideFma } from "../kernels/wasm/engine.ts";
import { Matrix } from "../matrix/matrix.ts";
import { runCandidate, type SearchTask } from "./candidate.ts";
import type { Reply, Start } from "./pool.ts";
import type { Candidate } from "./space.ts";

const { parentPort, workerData } = process.getBuiltinModule("node:worker_threads");
const { kernel, steps, modules: _, ...rest } = workerData as Start;
// "fma" has other bits; one thread, because the cores are taken by the other candidates
provideFma();
chooseKernel(kernel);
const revive = ({ X, ...labels }: SearchTask["data"]): SearchTask["data"] => ({
  X: new Matrix(X.rows, X.cols, X.data),
  ...labels,
});
const task = { ...rest, data: revive(rest.data), validation: revive(rest.validation) };
const countStep = (): void => void Atomics.add(steps, 0, 1);
const reply = (message: Reply): void => parentPort!.postMessage(message);

parentPort!.on("message", ({ index, candidate }: { index: number; candidate: Candidate }) => {
  try {
    reply({ kind: "outcome", index, outcome: runCandidate(task, candidate, countStep) });
  } catch (error) {
    reply({ kind: "failed", index, message: errorText(error) });
  }
});
reply({ kind: "ready" });
