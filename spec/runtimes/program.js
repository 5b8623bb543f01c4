// What every engine computes, with nothing but the package and the language: is it correct, and are
// the weights of four trainings the same to the last bit? Runs as it is in Node, browsers, Deno and
// Bun; the host hands in what it imported.

/**
 * Scores of the toy net as the exercise prints them (EECS 498-007, assignment 2), and its loss with
 * reg 0.05.
 */
const PUBLISHED_SCORES = [
  [9.7003e-8, -1.1143e-7, -3.9961e-8],
  [-7.4297e-8, 1.1502e-7, 1.5685e-7],
  [-2.586e-7, 2.2765e-7, 3.2453e-7],
  [-4.7257e-7, 9.0935e-7, 4.0368e-7],
  [-1.8395e-7, 7.9303e-8, 6.036e-7],
];
const PUBLISHED_LOSS = 1.0986121892929077;

/** m, n and k of products: all of the small ones, and either side of tiles, bands and blocks. */
const SMALL = [0, 1, 3, 4, 5, 8, 9];
const EDGES = [
  [23, 3, 255],
  [24, 4, 256],
  [25, 5, 257],
  [47, 511, 31],
  [49, 513, 33],
  [263, 17, 64],
  [265, 9, 65],
  [264, 20, 512],
  [65, 64, 63],
  [26, 515, 130],
  [529, 6, 7],
  [1, 600, 300],
  [600, 1, 300],
  [300, 300, 1],
];
const SPECIAL = [
  0,
  -0,
  NaN,
  Infinity,
  -Infinity,
  5e-324,
  -(2 ** -1022),
  Number.MAX_VALUE,
  -1e308,
  1e-160,
];

/**
 * `twolayer` is the package and `digits` the text of digits.csv. Throws what went wrong, else
 * reports what was in force and the SHA-256 of each training's weights.
 */
export async function run(twolayer, digits) {
  const { configuration, configure } = twolayer;
  const inForce = configuration();
  checkToyNumbers(twolayer);
  const products = makeProducts(twolayer);
  checkProducts(twolayer, products);
  const hashes = await trainings(twolayer, digits);
  const search = await hash(await findNet(twolayer));

  // Whatever else can be chosen here must give the same bits.
  const choices = [];
  if (inForce.kernel !== "reference") choices.push({ kernel: "reference", threads: 1 });
  if (inForce.kernel !== "reference" && inForce.supported.threads)
    choices.push({ kernel: "simd", threads: 2 }, { kernel: "simd", threads: 3 });
  for (const choice of choices) {
    configure(choice);
    if (choice.threads > 1) await startThreads(twolayer);
    checkProducts(twolayer, products);
    const others = await trainings(twolayer, digits);
    for (const name of Object.keys(hashes)) {
      if (others[name] !== hashes[name])
        throw new Error(
          `training "${name}": ${JSON.stringify(choice)} gives ${others[name]}, ` +
            `${JSON.stringify(inForce)} gave ${hashes[name]}`,
        );
    }
  }
  configure({ kernel: "auto", threads: inForce.threads });
  return {
    kernel: inForce.kernel,
    threads: [...new Set([1, ...choices.map(({ threads }) => threads)])],
    supported: inForce.supported,
    notes: inForce.notes,
    products: products.length * (1 + choices.length),
    hashes: { ...hashes, search },
  };
}

/**
 * Threads start beside the first product that is large enough to share, and take their part once
 * they have.
 */
async function startThreads({ Matrix }) {
  Matrix.identity(256).matmul(Matrix.identity(256));
  await new Promise((resolve) => setTimeout(resolve, 200));
}

function checkToyNumbers({ Matrix, TwoLayerNet, checkGradients, toyData }) {
  const { X, y, params } = toyData();
  const net = new TwoLayerNet(params);
  const difference = net
    .forward(X)
    .scores.sub(Matrix.fromRows(PUBLISHED_SCORES))
    .map(Math.abs)
    .sum();
  if (!(difference < 1e-10)) throw new Error(`toy scores: ${difference} from the published ones`);
  const { loss } = net.loss(X, y, { reg: 0.05 });
  if (Math.fround(loss) !== PUBLISHED_LOSS)
    throw new Error(`toy loss: expected ${PUBLISHED_LOSS}, got ${Math.fround(loss)}`);
  const float64 = toyData("float64");
  const errors = checkGradients(
    new TwoLayerNet(float64.params),
    { X: float64.X, y: float64.y },
    { reg: 0.05 },
  );
  for (const [name, error] of Object.entries(errors)) {
    if (!(error < 1e-8)) throw new Error(`toy gradient of ${name}: relative error ${error}`);
  }
}

/** Products of all sizes in all four transpositions, with what the plain loops make of them. */
function makeProducts({ Matrix, Random }) {
  const sizes = SMALL.flatMap((m) => SMALL.flatMap((n) => SMALL.map((k) => [m, n, k]))).concat(
    EDGES,
  );
  const products = [];
  for (const [m, n, k] of sizes) {
    for (const special of [false, true]) {
      const a = numbers(Random, m * k, 1, special);
      const b = numbers(Random, k * n, 2, special);
      for (const transA of [false, true]) {
        for (const transB of [false, true]) {
          const A = transA ? new Matrix(k, m, a) : new Matrix(m, k, a);
          const B = transB ? new Matrix(n, k, b) : new Matrix(k, n, b);
          const expected = plainProduct(A, B, { transA, transB }, new Matrix(m, n));
          products.push({ A, B, transA, transB, expected });
        }
      }
    }
  }
  return products;
}

/** op(A)·op(B) written into C: three plain loops, the sums in the order of k. */
function plainProduct(A, B, { transA, transB }, C) {
  const depth = transA ? A.rows : A.cols;
  const [aRow, aCol] = transA ? [1, A.cols] : [A.cols, 1]; // strides of op(A)
  const [bRow, bCol] = transB ? [1, B.cols] : [B.cols, 1]; // strides of op(B)
  for (let i = 0; i < C.rows; i++) {
    for (let j = 0; j < C.cols; j++) {
      let sum = 0;
      for (let p = 0; p < depth; p++) {
        sum += A.data[i * aRow + p * aCol] * B.data[p * bRow + j * bCol];
      }
      C.data[i * C.cols + j] = sum;
    }
  }
  return C;
}

/** Every product against the plain loops, bit for bit. */
function checkProducts({ Matrix }, products) {
  for (const { A, B, transA, transB, expected } of products) {
    const out = Matrix.filled(expected.rows, expected.cols, NaN);
    A.matmul(B, { transA, transB, out });
    const wrong = out.data.findIndex((value, i) => !Object.is(value, expected.data[i]));
    if (wrong >= 0) {
      const shape = ({ rows, cols }, trans) => `${rows}×${cols}${trans ? "ᵀ" : ""}`;
      const [want, got] = [expected.data[wrong], out.data[wrong]];
      throw new Error(
        `product ${shape(A, transA)} · ${shape(B, transB)}: ` +
          `element ${wrong} expected ${want}, got ${got}`,
      );
    }
  }
}

/** Normal numbers; with `special`, about one in sixteen is one that arithmetic treats specially. */
function numbers(Random, count, seed, special) {
  const values = new Random(seed).normal(count);
  if (!special) return values;
  const pick = new Random(seed + 10).integers(count, 16 * SPECIAL.length);
  return values.map((value, i) => SPECIAL[pick[i]] ?? value);
}

async function trainings(twolayer, digits) {
  return {
    toy: await hash(trainOnToy(twolayer)),
    digits: await hash(trainOnDigits(twolayer, digits)),
    spiral: await hash(trainOnSpiral(twolayer)),
  };
}

/** The exercise's 200 iterations; all five samples must come out right. */
function trainOnToy({ Random, TwoLayerNet, toyData, train }) {
  const { X, y, params } = toyData();
  const net = new TwoLayerNet(params);
  train(
    net,
    { X, y },
    {
      learningRate: 0.1,
      learningRateDecay: 0.95,
      reg: 1e-6,
      batchSize: 200,
      iterations: 200,
      sampling: "replacement",
      random: Random.fromState({ seed: 0, offset: 12 }),
    },
  );
  return accurate("toy", net, X, y, 1);
}

/** 200 iterations on 1797 handwritten digits. */
function trainOnDigits({ Matrix, Random, TwoLayerNet, parseCsv, train }, digits) {
  const csv = parseCsv(digits, { name: "digits.csv" });
  const X = new Matrix(csv.rowCount, 64).map((_, i, j) => csv.number(i, j) / 16);
  const y = Array.from({ length: csv.rowCount }, (_, i) => csv.number(i, 64));
  const random = new Random(0);
  const net = TwoLayerNet.create({ inputSize: 64, hiddenSize: 100, outputSize: 10 }, { random });
  train(
    net,
    { X, y },
    {
      learningRate: 0.5,
      learningRateDecay: 0.98,
      reg: 1e-4,
      batchSize: 100,
      iterations: 200,
      random,
    },
  );
  return accurate("digits", net, X, y, 0.95);
}

/**
 * What the other two leave out: the sines of a spiral, standardized; Adam, a cosine schedule,
 * clipped gradients.
 */
function trainOnSpiral({ Random, TwoLayerNet, adam, cosine, spiral, standardize, train }) {
  const random = new Random(7);
  const { X: raw, y } = spiral({ count: 300, classes: 3, random });
  const X = standardize(raw);
  const net = TwoLayerNet.create({ inputSize: 2, hiddenSize: 50, outputSize: 3 }, { random });
  train(
    net,
    { X, y },
    {
      learningRate: 0.05,
      optimizer: adam(),
      schedule: cosine(),
      clipNorm: 0.5,
      batchSize: 50,
      iterations: 200,
      random,
    },
  );
  return accurate("spiral", net, X, y, 0.9);
}

/** The best of eight nets drawn at random, trained on all cores where there are workers for it. */
async function findNet({ Random, findBestNet, split, twoMoons }) {
  const { train, validation } = split(twoMoons({ count: 300, random: new Random(3) }), {
    validation: 0.3,
  });
  const space = {
    learningRate: { min: 0.01, max: 1, scale: "log" },
    hiddenSize: [10, 20],
    reg: [1e-4, 1e-5],
  };
  const { net } = await findBestNet(train, {
    validation,
    space,
    samples: 8,
    batchSize: 30,
    iterations: 100,
  });
  return accurate("search", net, validation.X, validation.y, 0.9);
}

function accurate(name, net, X, y, least) {
  const accuracy = net.accuracy(X, y);
  if (!(accuracy >= least))
    throw new Error(
      `training "${name}": expected an accuracy of at least ${least}, got ${accuracy}`,
    );
  return net;
}

/**
 * SHA-256 of W1, b1, W2, b2: their elements in this order, each as eight bytes, the lowest first.
 */
async function hash({ params: { W1, b1, W2, b2 } }) {
  const values = [W1, b1, W2, b2].flatMap(({ data }) => Array.from(data));
  const bytes = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => bytes.setFloat64(8 * i, value, true));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
