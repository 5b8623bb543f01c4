// Hidden units that are switched off: their weights to the classes are 0 until they are switched on
// again.

import type { TwoLayerNet } from "twolayer";

export class SwitchedOff {
  readonly #net: TwoLayerNet;
  readonly #kept = new Map<number, Float64Array>();

  constructor(net: TwoLayerNet) {
    this.#net = net;
  }

  get units(): ReadonlySet<number> {
    return new Set(this.#kept.keys());
  }

  /** Switches a unit off, or on with the weights that it had. */
  toggle(unit: number): void {
    const row = this.#net.params.W2.row(unit);
    const kept = this.#kept.get(unit);
    if (kept === undefined) {
      this.#kept.set(unit, row.slice());
      row.fill(0);
    } else {
      row.set(kept);
      this.#kept.delete(unit);
    }
  }

  /** Undoes what a training step has changed of the units that are off. */
  apply(): void {
    for (const unit of this.#kept.keys()) this.#net.params.W2.row(unit).fill(0);
  }
}
