// The same in CommonJS, and whether each entry gives the same class.
const twolayer = require("twolayer");
const core = require("twolayer/core");
const { Classifier } = require("twolayer/model");

const { blobs, configuration, configure, findBestNet, Matrix, TwoLayerNet, toyData, train } =
  twolayer;

async function run() {
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
  await new Promise((resolve) => setTimeout(resolve, 300));
  const product = identity.matmul(identity).equals(identity);
  const { kernel, threads, notes } = configuration();
  configure({ threads: 1 });
  return { product, accuracy: net.accuracy(X, y), valAccuracy, kernel, threads, notes };
}

if (core.Matrix !== Matrix || twolayer.Classifier !== Classifier) throw new Error("two classes");
module.exports = { run };
if (require.main === module) run().then((answer) => console.log(JSON.stringify(answer)));
