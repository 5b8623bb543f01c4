// Asks for threads and for a search on workers; says what was in force.
import { blobs, configuration, configure, findBestNet, Matrix } from "twolayer";

export async function main() {
  configure({ threads: 3 });
  const identity = Matrix.identity(256);
  identity.matmul(identity);
  await new Promise((resolve) => setTimeout(resolve, 300)); // for threads to start, or to fail to
  const right = identity.matmul(identity).equals(identity);
  const data = blobs({ count: 60 });
  const { net } = await findBestNet(data, {
    validation: data,
    space: { learningRate: [0.1, 1] },
    workers: 2,
    iterations: 50,
  });
  const { threads, notes } = configuration();
  console.log(JSON.stringify({ right, accuracy: net.accuracy(data.X, data.y), threads, notes }));
}
main();
