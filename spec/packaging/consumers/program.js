// The program that every toolchain builds and runs: a product, a training, and a search on workers.
import {
  blobs,
  configuration,
  configure,
  findBestNet,
  Matrix,
  TwoLayerNet,
  toyData,
  train,
} from "twolayer";

/** What was computed, whether it is right, and what was in force for the product. */
export async function run() {
  const { X, y, params } = toyData();
  const net = new TwoLayerNet(params);
  train(net, { X, y }, { learningRate: 1, iterations: 50 });
  const data = blobs({ count: 60 });
  const { valAccuracy } = await findBestNet(data, {
    validation: data,
    space: { learningRate: [0.1, 1] },
    workers: 2,
    iterations: 50,
  });
  configure({ threads: 2 });
  const identity = Matrix.identity(256);
  identity.matmul(identity);
  await new Promise((resolve) => setTimeout(resolve, 300)); // for threads to start, or to fail to
  const product = identity.matmul(identity).equals(identity);
  const { kernel, threads, notes } = configuration();
  configure({ threads: 1 });
  return { product, accuracy: net.accuracy(X, y), valAccuracy, kernel, threads, notes };
}
