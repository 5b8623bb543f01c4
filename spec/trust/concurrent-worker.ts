// A thread that uses the library with a pool of its own (or none), beside others that do the same.
// Started by threads.test.ts.
import { parentPort, workerData } from "node:worker_threads";
import { Random } from "../../lib/base/random.ts";
import { configuration, configure } from "../../lib/kernels/configuration.ts";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { train } from "../../lib/training/trainer.ts";

export type Work = { threads: number; turns: number };

/**
 * Sums of products large enough for threads, and of the weights of a training: a few numbers that
 * any wrong bit changes.
 */
export function work({ threads, turns }: Work): { sums: number[]; notes: string[] } {
  configure({ threads });
  const random = new Random(5);
  const A = Matrix.randomNormal(300, 257, random);
  const B = Matrix.randomNormal(257, 130, random);
  const sums: number[] = [];
  for (let turn = 0; turn < turns; turn++) {
    sums.push(
      A.matmul(B).sum(),
      A.matmul(A, { transA: true }).sum(),
      A.matmul(A, { transB: true }).sum(),
    );
    const net = TwoLayerNet.create(
      { inputSize: 257, hiddenSize: 64, outputSize: 5 },
      { random: new Random(turn) },
    );
    train(
      net,
      { X: A, y: new Random(9).integers(300, 5) },
      { iterations: 5, batchSize: 150, learningRate: 0.01 },
    );
    sums.push(net.params.W1.sum(), net.params.W2.sum());
  }
  const { notes } = configuration();
  configure({ threads: 1 });
  return { sums, notes };
}

if (parentPort) parentPort.postMessage(work(workerData as Work));
