// How a gradient becomes a step: plain SGD, momentum, Nesterov's momentum and Adam, each as PyTorch
// defines it (torch.optim.SGD and torch.optim.Adam, without weight decay). An optimizer is a plain
// value; what it remembers from step to step lies in `Updates`.

import { checkFinite, checkOptions, show, wrongValue } from "../base/checks.ts";
import { ArgumentTypeError } from "../base/errors.ts";
import { type AdamFactors, adam as adamKernel } from "../kernels/adam.ts";
import { addScaled, scale, sumOfSquares } from "../kernels/resident.ts";
import type { Workspace } from "../kernels/wasm/workspace.ts";
import { Matrix } from "../matrix/matrix.ts";
import { cloneParams, copyParams, mapParams, PARAM_NAMES, type Params } from "../net/params.ts";

/**
 * How a gradient becomes a step, as plain JSON: what `sgd`, `momentum`, `nesterov` and `adam`
 * return.
 */
export type Optimizer =
  | { readonly name: "sgd" }
  | { readonly name: "momentum" | "nesterov"; readonly momentum: number }
  | {
      readonly name: "adam";
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    };

/**
 * Plain gradient descent, the default: p −= learningRate·dp. Takes nothing and throws nothing.
 * @example
 * console.log(JSON.stringify(sgd())); // {"name":"sgd"}
 */
export function sgd(): Optimizer {
  return { name: "sgd" };
}

/**
 * v = momentum·v + dp, p −= learningRate·v, as torch.optim.SGD has it. `momentum` (default 0.9) is
 * in 0..1, 1 excluded; throws a TypeError or RangeError otherwise.
 * @example
 * console.log(JSON.stringify(momentum(0.95))); // {"name":"momentum","momentum":0.95}
 */
export function momentum(momentum = 0.9): Optimizer {
  checkShare("momentum", "momentum", momentum);
  return { name: "momentum", momentum };
}

/**
 * v = momentum·v + dp, p −= learningRate·(dp + momentum·v), as torch.optim.SGD has it. `momentum`
 * (default 0.9) is in 0..1, 1 excluded; throws a TypeError or RangeError otherwise.
 * @example
 * console.log(JSON.stringify(nesterov())); // {"name":"nesterov","momentum":0.9}
 */
export function nesterov(momentum = 0.9): Optimizer {
  checkShare("nesterov", "momentum", momentum);
  return { name: "nesterov", momentum };
}

/**
 * m and v are running means of dp and dp², p −= learningRate·m̂/(√v̂ + epsilon) with their bias
 * taken out (Kingma and Ba, "Adam: a method for stochastic optimization", 2015). Its usual learning
 * rate is 1e-3 or a little more. Throws a TypeError or RangeError for settings out of range.
 * @example
 * console.log(JSON.stringify(adam())); // {"name":"adam","beta1":0.9,"beta2":0.999,"epsilon":1e-8}
 */
export function adam(
  options: {
    beta1?: number | undefined;
    beta2?: number | undefined;
    epsilon?: number | undefined;
  } = {},
): Optimizer {
  checkOptions("adam", options, ["beta1", "beta2", "epsilon"]);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  checkShare("adam", "beta1", beta1);
  checkShare("adam", "beta2", beta2);
  checkFinite("adam", "epsilon", epsilon, 0, true);
  return { name: "adam", beta1, beta2, epsilon };
}

function checkShare(where: string, name: string, value: unknown): void {
  if (typeof value === "number" && value >= 0 && value < 1) return;
  throw wrongValue(where, name, "a number in 0..1, 1 excluded", value);
}

/**
 * `value` with its settings checked, as made by the functions above or read from JSON. Throws a
 * TypeError or RangeError.
 */
export function checkOptimizer(where: string, value: unknown): Optimizer {
  const optimizer = value as Partial<Record<string, unknown>> | null | undefined;
  const { name, ...settings } =
    typeof optimizer === "object" && optimizer !== null ? optimizer : {};
  if (name === "sgd") return sgd();
  if (name === "momentum") return momentum(settings.momentum as number);
  if (name === "nesterov") return nesterov(settings.momentum as number);
  if (name === "adam") return adam(settings);
  const got = typeof name === "string" ? `one named ${show(name)}` : show(value);
  throw new ArgumentTypeError(
    `${where}: optimizer expected sgd(), momentum(), nesterov() or adam(), got ${got}`,
  );
}

/**
 * How many arrays of the parameters' shapes an optimizer remembers: none, the velocity, or both of
 * Adam's means.
 */
export function slotCount(optimizer: Optimizer): number {
  return { sgd: 0, momentum: 1, nesterov: 1, adam: 2 }[optimizer.name];
}

/** beta1^t and beta2^t of Adam after t steps; 1 and 1 for the other optimizers. */
export type BetaPowers = readonly [beta1Power: number, beta2Power: number];

/** The powers after `steps` steps, by repeated multiplication: the same bits in every engine. */
export function betaPowersAfter(
  optimizer: Optimizer,
  steps: number,
  before: BetaPowers = [1, 1],
): BetaPowers {
  let [beta1Power, beta2Power] = before;
  if (optimizer.name === "adam")
    for (let t = 0; t < steps; t++) {
      beta1Power *= optimizer.beta1;
      beta2Power *= optimizer.beta2;
    }
  return [beta1Power, beta2Power];
}

/** Where an optimizer keeps what it remembers: it reads `slots` and writes to `next`. */
export type UpdatesPlace = { readonly slots: readonly Params[]; readonly next: readonly Params[] };

/** Applies an optimizer step after step, and holds what it remembers. */
export class Updates {
  /** Arrays of the parameters' shapes. */
  slots: readonly Params[];
  betaPowers: BetaPowers = [1, 1];
  private readonly optimizer: Optimizer;
  private next: readonly Params[];
  private place: UpdatesPlace | undefined;

  constructor(optimizer: Optimizer, params: Params) {
    this.optimizer = optimizer;
    this.slots = this.next = Array.from({ length: slotCount(optimizer) }, () =>
      mapParams(params, ({ rows, cols }) => new Matrix(rows, cols)),
    );
  }

  /** Moves what the optimizer remembers, unless it is there; undefined: into new matrices. */
  moveTo(place: UpdatesPlace | undefined): void {
    if (place === this.place) return;
    const slots = place?.slots ?? this.slots.map(cloneParams);
    copySlots(this.slots, slots);
    this.slots = slots;
    this.next = place?.next ?? slots;
    this.place = place;
  }

  /**
   * Makes one step, in place. May overwrite `grads`. With `workspace`, parameters, gradients and
   * the optimizer's place lie in it. When it throws, because a thread is lost, the optimizer
   * remembers what it did before.
   */
  apply(params: Params, grads: Params, learningRate: number, workspace?: Workspace): void {
    const { slots, next, optimizer } = this;
    const betaPowers = betaPowersAfter(optimizer, 1, this.betaPowers);
    for (const name of PARAM_NAMES) {
      const [p, dp] = [params[name].data, grads[name].data];
      if (optimizer.name === "adam") {
        const [m, v] = [slots[0][name].data, slots[1][name].data];
        const [newM, newV] = [next[0][name].data, next[1][name].data];
        const factors = adamFactors(optimizer, betaPowers, learningRate);
        adamKernel({ p, dp, m, v, newM, newV }, factors, workspace);
        continue;
      }
      let direction = dp;
      if (optimizer.name !== "sgd") {
        const { momentum } = optimizer;
        const velocity = next[0][name].data;
        addScaled(dp, slots[0][name].data, momentum, velocity, workspace);
        if (optimizer.name === "momentum") direction = velocity;
        else addScaled(dp, velocity, momentum, dp, workspace);
      }
      addScaled(p, direction, -learningRate, p, workspace);
    }
    this.betaPowers = betaPowers;
    [this.slots, this.next] = [next, slots];
  }
}

/** Copies what an optimizer remembers. */
export function copySlots(from: readonly Params[], to: readonly Params[]): void {
  for (const [i, slot] of to.entries()) copyParams(from[i], slot);
}

function adamFactors(
  { beta1, beta2, epsilon }: Extract<Optimizer, { readonly name: "adam" }>,
  [beta1Power, beta2Power]: BetaPowers,
  learningRate: number,
): AdamFactors {
  return {
    beta1,
    newShare1: 1 - beta1,
    beta2,
    newShare2: 1 - beta2,
    unbias: Math.sqrt(1 - beta2Power),
    epsilon,
    stepSize: learningRate / (1 - beta1Power),
  };
}

/**
 * Scales all four gradients together by min(1, clipNorm / (norm + 1e-6)), where norm is the root of
 * the sum of all their squares, as torch.nn.utils.clip_grad_norm_; returns that norm. The gradients
 * must be finite. With `workspace`, they lie in it.
 */
export function clipGradients(grads: Params, clipNorm: number, workspace?: Workspace): number {
  const norm = gradientNorm(grads, workspace);
  const factor = clipNorm / (norm + 1e-6);
  if (factor < 1)
    for (const { data } of PARAM_NAMES.map((name) => grads[name]))
      scale(data, factor, data, workspace);
  return norm;
}

function gradientNorm(grads: Params, workspace: Workspace | undefined): number {
  let squares = 0;
  for (const name of PARAM_NAMES) squares += sumOfSquares(grads[name].data, workspace);
  if (squares < Infinity) return Math.sqrt(squares);
  // Gradients beyond 1e154, whose squares overflow: in units of 2^600 they do not.
  squares = 0;
  for (const name of PARAM_NAMES) squares += sumOfSquares(grads[name].scale(2 ** -600).data);
  return Math.min(Math.sqrt(squares) * 2 ** 600, Number.MAX_VALUE);
}
