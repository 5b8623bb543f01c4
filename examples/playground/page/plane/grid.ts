// A square part of the plane, and the net's values at a grid of its points.

import { Matrix, type TwoLayerNet } from "twolayer";
import { type Input, inputMatrix } from "./inputs.ts";
import type { PlaneTraining } from "./training.ts";

/** The same scale on both axes. */
export type View = { left: number; bottom: number; side: number };

/** Values of the net at steps × steps points, row by row from the top left. */
export type Grid = { steps: number; X: Matrix };

const MARGIN = 0.12; // of the data's extent, on every side

/** The square around all points. */
export function viewOf({ train, heldOut }: PlaneTraining): View {
  const least = [Infinity, Infinity];
  const greatest = [-Infinity, -Infinity];
  for (const { data } of [train.points, heldOut.points]) {
    data.forEach((value, i) => {
      least[i % 2] = Math.min(least[i % 2], value);
      greatest[i % 2] = Math.max(greatest[i % 2], value);
    });
  }
  const extent = Math.max(greatest[0] - least[0], greatest[1] - least[1], 1e-9);
  const side = (1 + 2 * MARGIN) * extent;
  return {
    left: (least[0] + greatest[0] - side) / 2,
    bottom: (least[1] + greatest[1] - side) / 2,
    side,
  };
}

/** Makes grids and keeps those of the last few sizes, as a moving and a resting picture use two. */
export class Grids {
  readonly #kept = new Map<number, Grid>();
  readonly #view: View;
  readonly #inputs: readonly Input[];

  constructor(view: View, inputs: readonly Input[]) {
    this.#view = view;
    this.#inputs = inputs;
  }

  of(steps: number): Grid {
    let grid = this.#kept.get(steps);
    if (grid === undefined) {
      if (this.#kept.size > 4) this.#kept.clear();
      grid = { steps, X: inputMatrix(gridPoints(this.#view, steps), this.#inputs) };
      this.#kept.set(steps, grid);
    }
    return grid;
  }
}

/** The points (steps², 2) of a grid over the view. */
export function gridPoints({ left, bottom, side }: View, steps: number): Matrix {
  const at = (k: number): number => (k / (steps - 1)) * side;
  return new Matrix(steps * steps, 2).map((_, i, j) =>
    j === 0 ? left + at(i % steps) : bottom + side - at(Math.floor(i / steps)),
  );
}

/** The hidden units before ReLU, X·W1 + b1, (steps², H): a unit is on where it is above 0. */
export function preActivations({ params: { W1, b1 } }: TwoLayerNet, { X }: Grid): Matrix {
  return X.matmul(W1).addRow(b1);
}

/** The greatest finite value, at least a tiny positive number to divide by. */
export function greatestOf({ data }: Matrix): number {
  let greatest = 1e-12;
  for (const value of data) if (value > greatest && value < Infinity) greatest = value;
  return greatest;
}
