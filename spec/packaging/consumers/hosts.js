// What every host is to answer: the bits of products, trainings, a search and files. Nothing of
// the host is used but the timers, where it has them.

/** The elements as 64-bit patterns, mixed into one number. */
function bits(data) {
  const view = new DataView(new ArrayBuffer(8));
  let hash = 0;
  for (const value of data) {
    view.setFloat64(0, value);
    for (const at of [0, 4]) hash = (Math.imul(hash, 31) + view.getInt32(at)) | 0;
  }
  return hash;
}

const PARTS = {
  product({ A }) {
    return bits(A.matmul(A).data);
  },
  training({ twolayer, net, data }) {
    const random = new twolayer.Random(2);
    twolayer.train(net, data, { iterations: 60, batchSize: 50, learningRate: 0.05, random });
    return bits(net.params.W1.data);
  },
  async turns({ twolayer, net, data }) {
    const random = new twolayer.Random(2);
    for await (const _ of new twolayer.Trainer(net, data, { iterations: 600, random }));
    return bits(net.params.W1.data);
  },
  async search({ twolayer, data }) {
    const space = { learningRate: [0.1, 1] };
    const options = { validation: data, space, workers: 2, iterations: 40 };
    const { net } = await twolayer.findBestNet(data, options);
    return bits(net.params.W1.data);
  },
  async abandoned({ twolayer, data }) {
    const space = { learningRate: [0.1, 0.2, 0.5, 1] };
    const options = { validation: data, space, workers: 2, iterations: 40 };
    for await (const { valAccuracy } of twolayer.search(data, options)) return valAccuracy;
  },
  figures({ twolayer, net }) {
    return [
      twolayer.weightGrid(net.params.W1, { width: 2, height: 1 }).length,
      twolayer.reportPage({ title: "report", weights: net.params.W1 }).length,
    ];
  },
  table({ twolayer }) {
    const table = twolayer.parseCsv("a,b,kind\n1,2,x\n2,3,y\n3,4,x\n4,6,y\n5,7,x\n");
    const { classifier, data } = twolayer.prepareTable(table, { label: "kind", hiddenSize: 3 });
    twolayer.train(classifier.net, data, { iterations: 5 });
    return bits(classifier.predictProba(table).data);
  },
  files({ twolayer, A, net }) {
    return [
      twolayer.parseNpz(twolayer.serializeNpz({ A })).get("A").data,
      twolayer.netFromOnnx(twolayer.netToOnnx(net)).params.W1.data,
      twolayer.serializeSafetensors(twolayer.netToTensors(net)),
    ].map(bits);
  },
  async threads({ twolayer, A }) {
    twolayer.configure({ threads: 2 });
    A.matmul(A);
    if (typeof setTimeout === "function") await new Promise((resolve) => setTimeout(resolve, 200));
    return bits(A.matmul(A).data);
  },
};

/** For each part its answer, or the message of its error; and what was in force. */
export async function answer(twolayer) {
  const { blobs, configuration, configure, Matrix, Random, TwoLayerNet } = twolayer;
  const A = Matrix.randomNormal(300, 300, new Random(1));
  const data = blobs({ count: 300, random: new Random(1) });
  const sizes = { inputSize: 2, hiddenSize: 20, outputSize: 3 };
  const parts = {};
  for (const [name, part] of Object.entries(PARTS)) {
    const net = TwoLayerNet.create(sizes, { random: new Random(1) });
    try {
      parts[name] = await part({ twolayer, A, data, net });
    } catch (error) {
      parts[name] = `${error.name}: ${error.message}`;
    }
  }
  const { kernel, threads, notes } = configuration();
  configure({ threads: 1 });
  return { parts, kernel, threads, notes };
}
