// What must hold for any scores, net and training: invariants of the loss, gradients against
// differences of a loss written out anew, optimizers against their formulas, and trainings that go
// on from any iteration to the same bits.
import assert from "node:assert/strict";
import { Random } from "../../../lib/base/random.ts";
import { configuration, configure } from "../../../lib/kernels/configuration.ts";
import { Matrix } from "../../../lib/matrix/matrix.ts";
import { PARAM_NAMES, type Params } from "../../../lib/net/params.ts";
import { softmaxLoss } from "../../../lib/net/softmax-loss.ts";
import { TwoLayerNet } from "../../../lib/net/two-layer-net.ts";
import {
  adam,
  clipGradients,
  momentum,
  nesterov,
  type Optimizer,
  sgd,
  Updates,
} from "../../../lib/training/optimizer.ts";
import { cosine } from "../../../lib/training/schedule.ts";
import { Trainer } from "../../../lib/training/trainer.ts";
import { type Draw, property } from "../../helpers/fuzz.ts";
import { assertSameParams, copyOf, randomProblem } from "../../helpers/nets.ts";
import { assertSameBits } from "../../helpers/numbers.ts";

const EPSILON = 2 ** -53;

/** Scores of every size a double has. */
const scores = (draw: Draw, n: number, classes: number): Matrix => {
  const size = draw.pick([1, 1, 30, 1e3, 1e8, 1e300, 1e308, Number.MAX_VALUE]);
  return new Matrix(
    n,
    classes,
    draw.numbers(n * classes, () => size * (draw.integer(-1000, 1000) / 1000)),
  );
};

type Scored = { S: Matrix; y: number[] };
const scored = (draw: Draw): Scored => {
  const [n, classes] = [draw.integer(1, 6), draw.integer(1, 7)];
  return { S: scores(draw, n, classes), y: draw.array(n, () => draw.integer(0, classes - 1)) };
};
const showScored = ({ S, y }: Scored): string => `y ${y}, scores ${JSON.stringify(S.toRows())}`;

export const softmax = [
  property(
    "softmaxLoss of finite scores has probabilities that add to 1 and gradient rows to 0",
    2000,
    scored,
    ({ S, y }) => {
      const { loss, dscores, probabilities } = softmaxLoss(S, y);
      const C = S.cols;
      assert.ok(loss >= 0, `loss ${loss}`);
      const margins = S.toRows().map((row, i) => Math.max(...row) / S.rows - row[y[i]] / S.rows);
      const mean = margins.reduce((sum, margin) => sum + margin, 0);
      assert.ok(
        Number.isFinite(loss) || mean === Infinity || mean > 0.999 * Number.MAX_VALUE,
        `loss ${loss} where the mean is ${mean}`,
      );
      for (let i = 0; i < S.rows; i++) {
        const [p, d] = [Array.from(probabilities.row(i)), Array.from(dscores.row(i))];
        assert.ok(
          p.every((value) => value >= 0 && value <= 1),
          `probabilities ${p}`,
        );
        assert.ok(
          Math.abs(p.reduce((sum, value) => sum + value, 0) - 1) <= 2 * C * EPSILON,
          `probabilities ${p}`,
        );
        assert.ok(
          Math.abs(d.reduce((sum, value) => sum + value, 0)) <= 4 * C * EPSILON,
          `gradient ${d}`,
        );
        assert.ok(
          d.every((value, j) => (j === y[i] ? value <= 0 : value >= 0)),
          `signs of ${d}`,
        );
      }
    },
    showScored,
  ),

  property(
    "softmaxLoss ignores an added constant, the order of rows and hopeless classes",
    1000,
    (draw) => {
      const [n, C] = [draw.integer(1, 6), draw.integer(1, 7)];
      const S = new Matrix(
        n,
        C,
        draw.numbers(n * C, () => draw.integer(-300, 300)),
      );
      return {
        S,
        y: draw.array(n, () => draw.integer(0, C - 1)),
        shift: draw.integer(-1e6, 1e6) * draw.pick([1, 2 ** 20]),
      };
    },
    ({ S, y, shift }) => {
      const base = softmaxLoss(S, y);
      const shifted = softmaxLoss(
        S.map((value) => value + shift),
        y,
      );
      assertSameBits(
        [shifted.loss, ...shifted.dscores.data, ...shifted.probabilities.data],
        [base.loss, ...base.dscores.data, ...base.probabilities.data],
        "shifted",
      );
      const wider = softmaxLoss(Matrix.fromRows(S.toRows().map((row) => [...row, -1e300])), y);
      assertSameBits(
        [wider.loss, ...wider.probabilities.toRows().flatMap((row) => row.slice(0, -1))],
        [base.loss, ...base.probabilities.data],
        "a class nobody is in",
      );
      const order = y.map((_, i) => y.length - 1 - i);
      const turned = softmaxLoss(
        S.takeRows(order),
        order.map((i) => y[i]),
      );
      assertSameBits(
        turned.dscores.data,
        base.dscores.takeRows(order).data,
        "rows in another order",
      );
      assert.ok(
        Math.abs(turned.loss - base.loss) <= 4 * y.length * EPSILON * base.loss,
        `${turned.loss}, ${base.loss}`,
      );
    },
    (c) => `${showScored(c)}, shift ${c.shift}`,
  ),
];

type Problem = { net: TwoLayerNet; X: Matrix; y: Int32Array };
const problem = (draw: Draw, most = 6): Problem => {
  const [N, D, H, C] = [
    draw.integer(1, most),
    draw.integer(1, most),
    draw.integer(1, most),
    draw.integer(1, most),
  ];
  return randomProblem(draw.integer(0, 1e6), N, D, H, C);
};

/**
 * The loss written out as one would on paper, and how close the closest hidden unit is to its kink.
 */
function plainLoss(
  { W1, b1, W2, b2 }: Params,
  X: Matrix,
  y: Int32Array,
  reg: number,
): { loss: number; clearance: number } {
  let loss = 0;
  let clearance = Infinity;
  for (let i = 0; i < X.rows; i++) {
    const hidden = Array.from(b1.data, (bias, h) => {
      const z = X.row(i).reduce((sum, x, d) => sum + x * W1.get(d, h), bias);
      clearance = Math.min(clearance, Math.abs(z));
      return Math.max(z, 0);
    });
    const s = Array.from(b2.data, (bias, c) =>
      hidden.reduce((sum, value, h) => sum + value * W2.get(h, c), bias),
    );
    const top = Math.max(...s);
    loss +=
      (Math.log(s.reduce((sum, value) => sum + Math.exp(value - top), 0)) + top - s[y[i]]) / X.rows;
  }
  const squares = (m: Matrix): number => m.data.reduce((sum, value) => sum + value * value, 0);
  return { loss: loss + reg * (squares(W1) + squares(W2)), clearance };
}

export const gradients = [
  property(
    "net.loss is the loss on paper, and its gradient predicts how that changes along any direction",
    200,
    (draw) => ({
      ...problem(draw),
      reg: draw.pick([0, 0.05, 1]),
      direction: draw.integer(0, 1e6),
    }),
    ({ net, X, y, reg, direction }) => {
      // At ReLU's kink the difference quotient is no derivative: no hidden unit may be close to 0.
      while (plainLoss(net.params, X, y, reg).clearance < 1e-4)
        net.params.b1.data.forEach((bias, h, b1) => (b1[h] = bias + 1e-3));
      const { loss, grads } = net.loss(X, y, { reg });
      const plain = plainLoss(net.params, X, y, reg);
      assert.ok(
        Math.abs(loss - plain.loss) <= 1e-13 * Math.max(1, plain.loss),
        `${loss}, on paper ${plain.loss}`,
      );
      const random = new Random(direction);
      const steps = copyOf(net.params);
      for (const name of PARAM_NAMES)
        steps[name] = Matrix.randomNormal(steps[name].rows, steps[name].cols, random);
      const slope = PARAM_NAMES.reduce((sum, name) => sum + grads[name].mul(steps[name]).sum(), 0);
      const along = (h: number): { loss: number; clearance: number } => {
        const moved = copyOf(net.params);
        for (const name of PARAM_NAMES) moved[name].addScaled(steps[name], h, moved[name]);
        return plainLoss(moved, X, y, reg);
      };
      const h = Math.min(1e-3, plain.clearance / 1e3);
      const difference = (f: number): number =>
        (along(f * h).loss - along(-f * h).loss) / (2 * f * h);
      const estimate = (4 * difference(1) - difference(2)) / 3; // Richardson
      const scale = Math.max(
        1,
        Math.abs(slope),
        ...PARAM_NAMES.map((name) => Math.sqrt(grads[name].mul(grads[name]).sum())),
      );
      assert.ok(
        Math.abs(estimate - slope) <= (1e-13 / h + 1e-7) * 30 * scale,
        `slope ${slope}, difference ${estimate}, h ${h}`,
      );
    },
  ),

  property(
    "A batch's gradient is the mean of its rows' gradients, on every kernel",
    100,
    (draw) => problem(draw, 40),
    ({ net, X, y }) => {
      const whole = net.loss(X, y, { reg: 0.1 });
      const { supported } = configuration();
      try {
        for (const options of [
          { kernel: "reference" as const, threads: 1 },
          ...(supported.simd && supported.threads ? [{ kernel: "simd" as const, threads: 2 }] : []),
        ]) {
          configure(options);
          const again = net.loss(X, y, { reg: 0.1 });
          assertSameBits([again.loss], [whole.loss], JSON.stringify(options));
          assertSameParams(again.grads, whole.grads, JSON.stringify(options));
        }
      } finally {
        configure({ kernel: "auto", threads: 1 });
      }
      const mean = copyOf(whole.grads);
      for (const name of PARAM_NAMES) mean[name].scale(0, mean[name]);
      for (let i = 0; i < X.rows; i++) {
        const { grads } = net.loss(X.sliceRows(i, i + 1), y.subarray(i, i + 1), { reg: 0.1 });
        for (const name of PARAM_NAMES) mean[name].addScaled(grads[name], 1 / X.rows, mean[name]);
      }
      for (const name of PARAM_NAMES) {
        const size = Math.max(1, ...whole.grads[name].data.map(Math.abs));
        assert.ok(mean[name].equals(whole.grads[name], 1e-12 * size), name);
      }
    },
  ),
];

const optimizer = (draw: Draw): Optimizer =>
  draw.pick<() => Optimizer>([
    sgd,
    () => momentum(draw.integer(0, 99) / 100),
    () => nesterov(draw.integer(0, 99) / 100),
    () =>
      adam({
        beta1: draw.integer(0, 99) / 100,
        beta2: draw.integer(0, 999) / 1000,
        epsilon: draw.pick([1e-8, 1e-3]),
      }),
  ])();

/** One number's course as the papers write it. */
function course(o: Optimizer, p: number, gradients: number[], learningRate: number): number {
  let [m, v] = [0, 0];
  gradients.forEach((g, i) => {
    const t = i + 1;
    if (o.name === "sgd") p -= learningRate * g;
    else if (o.name === "adam") {
      m = o.beta1 * m + (1 - o.beta1) * g;
      v = o.beta2 * v + (1 - o.beta2) * g ** 2;
      p -=
        (learningRate * (m / (1 - o.beta1 ** t))) / (Math.sqrt(v / (1 - o.beta2 ** t)) + o.epsilon);
    } else {
      m = o.momentum * m + g;
      p -= learningRate * (o.name === "momentum" ? m : g + o.momentum * m);
    }
  });
  return p;
}

export const optimizers = [
  property(
    "Every optimizer moves every parameter as its formula says",
    300,
    (draw) => {
      const { net } = problem(draw, 3);
      return {
        net,
        optimizer: optimizer(draw),
        seeds: draw.array(draw.integer(1, 8), () => draw.integer(0, 1e6)),
        learningRate: draw.pick([0.1, 1e-3]),
        size: draw.pick([1, 1e-6, 1e6]),
      };
    },
    ({ net, optimizer: o, seeds, learningRate, size }) => {
      const before = copyOf(net.params);
      const grads = seeds.map((seed) => {
        const random = new Random(seed);
        const g = copyOf(net.params);
        for (const name of PARAM_NAMES)
          g[name] = Matrix.randomNormal(g[name].rows, g[name].cols, random, { std: size });
        return g;
      });
      const updates = new Updates(o, net.params);
      for (const g of grads) updates.apply(net.params, copyOf(g), learningRate);
      for (const name of PARAM_NAMES) {
        net.params[name].data.forEach((value, k) => {
          const history = grads.map((g) => g[name].data[k]);
          const expected = course(o, before[name].data[k], history, learningRate);
          const tolerance = 1e-12 * Math.max(1, Math.abs(expected), learningRate * size * 100);
          assert.ok(
            Math.abs(value - expected) <= tolerance,
            `${o.name} ${name}[${k}]: ${value}, formula ${expected}`,
          );
        });
      }
    },
  ),

  property(
    "Momentum 0 is SGD to the bit, and clipping limits the norm and keeps the direction",
    200,
    (draw) => ({
      ...problem(draw),
      size: draw.pick([1e-300, 1e-3, 1, 1e3, 1e160, 1e300]),
      clip: draw.pick([1e-3, 1, 1e3]),
    }),
    ({ net, X, y, size, clip }) => {
      const { grads } = net.loss(X, y);
      const results = [sgd(), momentum(0), nesterov(0)].map((o) => {
        const params = copyOf(net.params);
        const updates = new Updates(o, params);
        for (let i = 0; i < 3; i++) updates.apply(params, copyOf(grads), 0.1);
        return params;
      });
      assertSameParams(results[1], results[0], "momentum(0)");
      assertSameParams(results[2], results[0], "nesterov(0)");

      const large = copyOf(grads);
      for (const name of PARAM_NAMES) large[name].scale(size, large[name]);
      const clipped = copyOf(large);
      const norm = clipGradients(clipped, clip);
      const top = Math.max(
        ...PARAM_NAMES.flatMap((name) => Array.from(large[name].data, Math.abs)),
      );
      const after = Math.sqrt(
        PARAM_NAMES.reduce((sum, name) => sum + clipped[name].mul(clipped[name]).sum(), 0),
      );
      assert.ok(norm >= top * (1 - 1e-12) || top * top === 0, `norm ${norm}, greatest ${top}`);
      assert.ok(after <= clip * (1 + 1e-12), `norm ${after} after clipping to ${clip}`);
      if (norm < clip / 2) assertSameParams(clipped, large, "below the limit");
      for (const name of PARAM_NAMES)
        clipped[name].data.forEach((value, k) =>
          assert.ok(value * Math.sign(large[name].data[k]) >= 0, "a sign changed"),
        );
    },
  ),

  property(
    "A training interrupted at any iteration resumes to the bits of the whole training",
    60,
    (draw) => {
      const { net, X, y } = problem(draw, 8);
      const iterations = draw.integer(1, 12);
      const validation = draw.boolean();
      return {
        net,
        X,
        y,
        seed: draw.integer(0, 1e6),
        stop: draw.integer(0, iterations),
        validation,
        options: {
          iterations,
          batchSize: draw.integer(1, 10),
          learningRate: draw.pick([1e-3, 0.1]),
          reg: draw.pick([0, 0.1]),
          sampling: draw.pick(["shuffle", "replacement"] as const),
          optimizer: optimizer(draw),
          ...(draw.boolean()
            ? { schedule: cosine({ final: 1e-4 }) }
            : { learningRateDecay: draw.pick([1, 0.9]) }),
          ...(draw.boolean() && { clipNorm: draw.pick([0.01, 10]) }),
          ...(validation && draw.boolean() && { patience: draw.integer(1, 3) }),
        },
      };
    },
    ({ net, X, y, seed, stop, validation, options }) => {
      const held = validation ? { validation: { X, y } } : {};
      const begin = (): Trainer =>
        new Trainer(
          new TwoLayerNet(copyOf(net.params)),
          { X, y },
          { ...options, ...held, random: new Random(seed) },
        );
      const whole = begin();
      while (!whole.done) whole.step();
      const first = begin();
      for (let i = 0; i < stop && !first.done; i++) first.step();
      const second = Trainer.fromState(first.state, { X, y }, held);
      while (!second.done) second.step();
      assertSameParams(second.net.params, whole.net.params, "parameters");
      assert.deepEqual(second.history, whole.history);
      assert.deepEqual(second.best, whole.best);
      assert.deepEqual(second.state.random, whole.state.random);
    },
  ),
];

type Action = {
  which: number;
  what: "step" | "loss" | "forward" | "proba" | "predict" | "state" | "product" | "kernel";
};
const ACTIONS: readonly Action["what"][] = [
  "step",
  "step",
  "step",
  "loss",
  "forward",
  "proba",
  "predict",
  "state",
  "product",
  "kernel",
];
const KERNELS = configuration().supported.simd
  ? (["reference", "simd", "auto"] as const)
  : (["reference", "auto"] as const);

export const interleaved = [
  property(
    "Trainings, losses, predictions and products in any order do not disturb each other",
    60,
    (draw) => {
      const sizes = draw.array(
        3,
        () =>
          [
            draw.integer(1, 40),
            draw.integer(1, 30),
            draw.pick([1, 3, 20, 100]),
            draw.integer(1, 6),
          ] as const,
      );
      return {
        sizes,
        options: draw.array(3, () => ({
          batchSize: draw.integer(1, 20),
          learningRate: 0.05,
          optimizer: optimizer(draw),
          iterations: 1000,
        })),
        actions: draw.array(
          draw.integer(1, 40),
          (): Action => ({ which: draw.integer(0, 2), what: draw.pick(ACTIONS) }),
        ),
      };
    },
    ({ sizes, options, actions }) => {
      const start = (i: number): { trainer: Trainer; X: Matrix; y: Int32Array } => {
        const { net, X, y } = randomProblem(i, ...sizes[i]);
        return {
          trainer: new Trainer(net, { X, y }, { ...options[i], random: new Random(i) }),
          X,
          y,
        };
      };
      const answers = (
        i: number,
        { trainer, X, y }: ReturnType<typeof start>,
        what: Action["what"],
      ): Matrix[] => {
        const { net } = trainer;
        switch (what) {
          case "step":
            return [Matrix.rowVector([trainer.step().loss])];
          case "loss":
            return [
              Matrix.rowVector([net.loss(X, y, { reg: 0.1 }).loss]),
              ...PARAM_NAMES.map((name) => net.loss(X, y, { reg: 0.1 }).grads[name]),
            ];
          case "forward":
            return Object.values(net.forward(X));
          case "proba":
            return [net.predictProba(X)];
          case "predict":
            return [Matrix.rowVector(net.predict(X)), Matrix.rowVector([net.accuracy(X, y)])];
          case "state":
            return PARAM_NAMES.map((name) => trainer.state.params[name]);
          case "product":
            return [X.matmul(X, { transA: true }), X.matmul(net.params.W1)];
          case "kernel":
            configure({ kernel: KERNELS[i % KERNELS.length] });
            return [];
        }
      };
      try {
        // One after the other, on the reference kernel: what each ought to answer.
        configure({ kernel: "reference" });
        const alone = [0, 1, 2].map((i) => {
          const own = start(i);
          return actions
            .filter(({ which, what }) => which === i && what !== "kernel")
            .map(({ what }) => answers(i, own, what).map((matrix) => matrix.clone()));
        });
        configure({ kernel: "auto" });
        const all = [0, 1, 2].map(start);
        const returned: Matrix[][][] = [[], [], []];
        actions.forEach(({ which, what }, turn) => {
          const answer = answers(what === "kernel" ? turn : which, all[which], what);
          if (what !== "kernel") returned[which].push(answer);
        });
        // Compared only now: what was returned early must still be there.
        returned.forEach((list, i) =>
          list.forEach((matrices, n) =>
            matrices.forEach((matrix, m) => {
              assertSameBits(
                matrix.data,
                alone[i][n][m].data,
                `training ${i}, answer ${n}, matrix ${m}`,
              );
            }),
          ),
        );
      } finally {
        configure({ kernel: "auto" });
      }
    },
  ),
];
