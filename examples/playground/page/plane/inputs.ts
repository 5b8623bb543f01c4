// The inputs of the plane's net: the two coordinates, and functions of them that a net of one
// hidden layer needs many units to make for itself.

import { Matrix } from "twolayer";
// the same bits in every browser, unlike Math.sin
import { sinPi } from "../../../../lib/base/elementary.ts";
import { INPUT_NAMES, type InputName } from "../settings.ts";

export type Input = { name: InputName; label: string; of: (x: number, y: number) => number };

const FUNCTIONS: Record<InputName, Omit<Input, "name">> = {
  x: { label: "x₁", of: (x) => x },
  y: { label: "x₂", of: (_, y) => y },
  xx: { label: "x₁²", of: (x) => x * x },
  yy: { label: "x₂²", of: (_, y) => y * y },
  xy: { label: "x₁x₂", of: (x, y) => x * y },
  sinx: { label: "sin πx₁", of: (x) => sinPi(x) },
  siny: { label: "sin πx₂", of: (_, y) => sinPi(y) },
};

export const INPUTS: readonly Input[] = INPUT_NAMES.map((name) => ({ name, ...FUNCTIONS[name] }));

/** The inputs that a setting such as "x.y.xy" lists. */
export function inputsOf(setting: string): Input[] {
  const names = setting.split(".");
  return INPUTS.filter(({ name }) => names.includes(name));
}

/** The setting with one input more, or one less; unchanged when it is the last one. */
export function toggleInput(setting: string, name: InputName): string {
  const names = setting.split(".");
  const kept = INPUT_NAMES.filter((known) => names.includes(known) !== (known === name));
  return kept.length === 0 ? setting : kept.join(".");
}

/** The inputs (N, F) of the net at the points (N, 2). */
export function inputMatrix(points: Matrix, inputs: readonly Input[]): Matrix {
  return new Matrix(points.rows, inputs.length).map((_, i, j) =>
    inputs[j].of(points.data[2 * i], points.data[2 * i + 1]),
  );
}
