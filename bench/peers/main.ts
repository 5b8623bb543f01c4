// npm run bench in this folder: twolayer beside other JavaScript packages, interleaved in one
// process. Every contender is checked for a correct result before it is timed; a package that is
// not installed is named and left out.

import { parseArgs } from "node:util";
import { configuration, configure, Matrix, Random } from "../../lib/index.ts";
import * as reference from "../../lib/kernels/reference.ts";
import {
  createStepBuffers,
  loadParams,
  lossAndGrads,
  type StepBuffers,
} from "../../lib/net/backprop.ts";
import { copyParams } from "../../lib/net/params.ts";
import { TwoLayerNet } from "../../lib/net/two-layer-net.ts";
import { sgd, Updates } from "../../lib/training/optimizer.ts";
import { type Contender, race } from "../harness.ts";
import { figure, report } from "../report.ts";
import {
  MATMUL_SHAPES,
  matmulFlops,
  NET_SHAPES,
  type NetShape,
  netName,
  parseNetShape,
  parseShape,
  type Shape,
  shapeName,
} from "../shapes.ts";
import { importPeer, PEERS } from "./products.ts";
import { type Problem, STEP_PEERS } from "./steps.ts";

const USAGE = `usage: npm run bench -- [matmul | train] [options]

  matmul   C = A·B in GFLOP/s (default)
  train    training steps per second

  --sizes LIST   as for the package's own benchmark: 64 5x4x10 t5x4x10, or 64-100-10/32
  --only WORDS   only the packages whose name contains one of the words
  --seconds S    of samples for each contender, default 0.5
  --json         one JSON object instead of a table
  --help`;

type Row = {
  work: string;
  package: string;
  precision: string;
  best: number;
  median: number;
  own: number;
};

const OWN = "twolayer";

/** The kernels of this package that the engine has: the default, and fused multiply-add. */
function ownKernels(): { name: string; kernel: "auto" | "fma" }[] {
  const fused = configuration().supported.fma;
  return [
    { name: OWN, kernel: "auto" },
    ...(fused ? [{ name: `${OWN}, fma`, kernel: "fma" as const }] : []),
  ];
}

type Peer = { name: string; precision: "f64" | "f32"; packages: string[]; node?: number };

/** The peers that can be had; says which cannot, and why. */
async function available<P extends Peer>(
  peers: P[],
  only: string[],
): Promise<(P & { modules: any[] })[]> {
  const found: (P & { modules: any[] })[] = [];
  for (const peer of peers) {
    if (only.length > 0 && !only.some((word) => peer.name.includes(word))) continue;
    const modules = await importPeer(peer);
    if (typeof modules === "string") console.error(`${peer.name}: skipped, ${modules}`);
    else found.push({ ...peer, modules });
  }
  return found;
}

/** Whether two arrays agree to rounding, relative to the greatest element. */
function agree(
  actual: ArrayLike<number>,
  expected: Float64Array,
  precision: "f64" | "f32",
): boolean {
  if (actual.length !== expected.length) return false;
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const tolerance = scale * (precision === "f64" ? 1e-11 : 1e-3);
  return expected.every((value, i) => Math.abs(actual[i] - value) <= tolerance);
}

/**
 * Races contenders of one piece of work; one row each, `own` = the default kernel's median speed
 * over the row's.
 */
function* rows(
  work: string,
  perRun: number,
  contenders: (Contender & { precision: string })[],
  seconds: number,
): Generator<Row> {
  const timings = race(contenders, { seconds });
  for (const [i, { min, median }] of timings.entries()) {
    const { name, precision } = contenders[i];
    yield {
      work,
      package: name,
      precision,
      best: perRun / min,
      median: perRun / median,
      own: median / timings[0].median,
    };
  }
}

async function* benchMatmul(shapes: Shape[], only: string[], seconds: number): AsyncGenerator<Row> {
  const peers = await available(PEERS, only);
  for (const shape of shapes) {
    const { m, k, n, transA } = shape;
    const random = new Random(1);
    const A = transA ? Matrix.randomNormal(k, m, random) : Matrix.randomNormal(m, k, random);
    const B = Matrix.randomNormal(k, n, random);
    // each makes its result anew, as the other packages do
    const multiply = (): Matrix => (transA ? A.matmul(B, { transA }) : A.matmul(B));
    const expected = new Float64Array(m * n);
    reference.matmul(transA, false, m, n, k, A.data, B.data, expected);
    const contenders: (Contender & { precision: string })[] = ownKernels().map(
      ({ name, kernel }) => ({
        name,
        precision: "f64",
        prepare: () => configure({ kernel }),
        run: multiply,
      }),
    );
    for (const { prepare, name } of contenders) {
      prepare!();
      if (!agree(multiply().data, expected, "f64"))
        throw new Error(`${name}: wrong result for ${shapeName(shape)}`);
    }
    for (const peer of peers) {
      const { run, result } = peer.product(peer.modules, shape, A.data, B.data);
      if (agree(result(), expected, peer.precision))
        contenders.push({ name: peer.name, precision: peer.precision, run });
      else console.error(`${peer.name}: left out, wrong result for ${shapeName(shape)}`);
    }
    yield* rows(shapeName(shape), matmulFlops(shape) / 1e9, contenders, seconds);
  }
  configure({ kernel: "auto" });
}

const CHECKED_STEPS = 3;

async function* benchTrain(
  shapes: NetShape[],
  only: string[],
  seconds: number,
): AsyncGenerator<Row> {
  const peers = await available(STEP_PEERS, only);
  for (const shape of shapes) {
    const { D, H, C, N } = shape;
    const random = new Random(1);
    const sizes = { inputSize: D, hiddenSize: H, outputSize: C };
    const { W1, b1, W2, b2 } = TwoLayerNet.create(sizes, { random }).params;
    const X = Matrix.randomNormal(N, D, random).data;
    const y = random.integers(N, C);
    const start = { W1: W1.data, b1: b1.data, W2: W2.data, b2: b2.data };
    const problem: Problem = { ...start, X, y, reg: 5e-6, learningRate: 1e-4 };
    const contenders: Typed[] = ownKernels().map(({ name, kernel }) => {
      const { prepare, run } = ownStep(shape, problem, kernel);
      return { name, precision: "f64", prepare, run };
    });
    const checked = ownStep(shape, problem, "auto");
    checked.prepare();
    const loss = Array.from({ length: CHECKED_STEPS }, checked.run)[CHECKED_STEPS - 1];
    for (const peer of peers) {
      const own = { ...problem, W1: problem.W1.slice(), W2: problem.W2.slice() };
      const { run, weights } = peer.step(peer.modules, shape, own);
      const peerLoss = Array.from({ length: CHECKED_STEPS }, run)[CHECKED_STEPS - 1];
      const right =
        agree(weights(), checked.weights(), peer.precision) &&
        agree([peerLoss], Float64Array.of(loss), peer.precision);
      if (right) contenders.push({ name: peer.name, precision: peer.precision, run });
      else console.error(`${peer.name}: left out, wrong result for ${netName(shape)}`);
    }
    yield* rows(netName(shape), 1, contenders, seconds);
  }
  configure({ kernel: "auto" });
}

type Typed = Contender & { precision: string };

/** This library's step on one kernel, beginning with a copy of the problem's parameters. */
function ownStep({ D, H, C, N }: NetShape, problem: Problem, kernel: "auto" | "fma") {
  const { X, y, reg, learningRate } = problem;
  const params = {
    W1: new Matrix(D, H, problem.W1.slice()),
    b1: new Matrix(1, H, problem.b1.slice()),
    W2: new Matrix(H, C, problem.W2.slice()),
    b2: new Matrix(1, C, problem.b2.slice()),
  };
  const net = new TwoLayerNet(params);
  const updates = new Updates(sgd(), net.params);
  let buffers: StepBuffers;
  const prepare = (): void => {
    configure({ kernel });
    buffers = createStepBuffers(net.params, N); // in the memory of the kernel in force
  };
  const run = (): number => {
    buffers.X.data.set(X);
    const loaded = loadParams(net.params, buffers);
    const loss = lossAndGrads(loaded, buffers.X, y, reg, buffers);
    updates.apply(loaded, buffers.grads, learningRate, buffers.workspace);
    copyParams(loaded, net.params);
    return loss;
  };
  return { prepare, run, weights: () => params.W1.data };
}

/**
 * One line a piece of work: how far ahead of the fastest float64 rival, by medians and by the best
 * samples.
 */
function summary(all: Row[]): string {
  return [...new Set(all.map((row) => row.work))]
    .map((work) => {
      const here = all.filter((row) => row.work === work);
      const rivals = here.filter((row) => !row.package.startsWith(OWN) && row.precision === "f64");
      if (rivals.length === 0) return `${work}: no float64 rival`;
      const [median, best] = [
        Math.max(...rivals.map((row) => row.median)),
        Math.max(...rivals.map((row) => row.best)),
      ];
      const leads = here
        .filter((row) => row.package.startsWith(OWN))
        .map((row) => {
          const [typical, fastest] = [figure(row.median / median), figure(row.best / best)];
          return `${row.package} ${typical}× (best samples ${fastest}×)`;
        });
      const rival = rivals.find((row) => row.median === median)!.package;
      return `${work}: ${leads.join(", ")} the fastest float64 rival, ${rival}`;
    })
    .join("\n");
}

let command;
try {
  command = parseArgs({
    allowPositionals: true,
    options: {
      sizes: { type: "string" },
      only: { type: "string", default: "" },
      seconds: { type: "string", default: "0.5" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
} catch (error) {
  console.error(`bench: ${(error as Error).message} (npm run bench -- --help)`);
  process.exit(2);
}
const {
  values,
  positionals: [name = "matmul"],
} = command;
const list = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== "");
if (values.help) {
  console.log(USAGE);
} else if (name === "matmul" || name === "train") {
  const seconds = Number(values.seconds);
  const only = list(values.only);
  const sizes = values.sizes ?? (name === "matmul" ? MATMUL_SHAPES : NET_SHAPES);
  const unit = name === "matmul" ? "GFLOP/s" : "steps/s";
  const columns = {
    work: name === "matmul" ? "product" : "net",
    package: "package",
    precision: "",
    best: `best ${unit}`,
    median: "median",
    own: `${OWN} ÷ it`,
  };
  const timed =
    name === "matmul"
      ? benchMatmul(list(sizes).map(parseShape), only, seconds)
      : benchTrain(list(sizes).map(parseNetShape), only, seconds);
  const all = await report(name, timed, columns, values.json);
  if (!values.json) console.log(`\n${summary(all)}`);
} else {
  console.error(`bench: expected matmul or train, got "${name}" (npm run bench -- --help)`);
  process.exitCode = 2;
}
