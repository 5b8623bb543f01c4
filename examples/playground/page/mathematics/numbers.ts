// The numbers of one iteration of the toy run, written beside their formulas.

import type { Matrix, Params } from "twolayer";
import { byId, make } from "../dom.ts";
import { text } from "../text/text.ts";
import { labelsFigure, matrixFigure } from "./matrix-table.ts";
import type { GradientCheck, ToyNumbers } from "./toy-run.ts";

const PARAMETERS: readonly (keyof Params)[] = ["W1", "b1", "W2", "b2"];
const LEARNING_RATE = 0.1; // of the exercise, and what remains of it after each iteration
const DECAY = 0.95;

// The matrices beside each formula: the element's id, and the names of the numbers.
const FIGURES: Record<string, readonly (keyof ToyNumbers)[]> = {
  "math-hidden": ["W1", "b1", "hidden"],
  "math-scores": ["W2", "b2", "scores"],
  "math-probabilities": ["probabilities"],
  "math-dscores": ["dscores"],
  "math-second": ["dW2", "db2"],
  "math-first": ["dhidden", "dW1", "db1"],
};

export function showNumbers(
  { X, y }: { X: Matrix; y: Int32Array },
  numbers: ToyNumbers,
  reg: number,
): void {
  place("math-data", matrixFigure("X", X), labelsFigure("y", y));
  for (const [id, names] of Object.entries(FIGURES)) {
    const figures = names.map((name) =>
      matrixFigure(name === "probabilities" ? "p" : name, numbers[name] as Matrix),
    );
    place(id, ...figures);
  }
  const { dataLoss, penalty } = numbers;
  const rows = [
    sumRow(text("math.dataLoss"), String(dataLoss)),
    sumRow(text("math.penalty", { reg: regInWords(reg) }), penalty.toPrecision(6)),
    sumRow(text("loss"), String(dataLoss + penalty), "total"),
  ];
  place("math-loss", make("dl", "sum", ...rows.flat()));
}

export function showCheck({ dW2 }: ToyNumbers, check: GradientCheck | undefined): void {
  const size = (value: number | undefined): string =>
    value === undefined ? "…" : value.toExponential(1).replace("-", "−");
  const titles = [text("math.exerciseStep"), text("math.bestStep")];
  const head = make("tr", "", make("td", ""), ...titles.map((title) => make("th", "", title)));
  const rows = PARAMETERS.map((name) =>
    make(
      "tr",
      "",
      make("th", "", make("i", "", `d${name}`)),
      make("td", "", size(check?.exercise[name])),
      make("td", "", size(check?.best[name])),
    ),
  );
  const caption = make("caption", "", text("math.relativeError"));
  place("math-errors", make("table", "errors", caption, head, ...rows));
  if (check === undefined) return;
  const byFormula = matrixFigure("dW2", dW2, text("math.byFormula"));
  const byDifferences = matrixFigure("dW2", check.numeric.W2, text("math.byDifferences"));
  place("math-numeric", byFormula, byDifferences);
}

export function showUpdate(losses: readonly number[], iteration: number): void {
  const rate = LEARNING_RATE * DECAY ** iteration;
  const last = iteration === 0 ? "–" : String(losses[iteration - 1]);
  const rows = [
    sumRow(text("math.rate"), rate.toPrecision(4)),
    sumRow(text("math.batchLoss"), last),
  ];
  place("math-update", make("dl", "sum", ...rows.flat()));
}

function sumRow(name: string, value: string, className = ""): HTMLElement[] {
  return [make("dt", className, name), make("dd", className, value)];
}

function regInWords(reg: number): string {
  return reg !== 0 && reg < 0.001 ? reg.toExponential().replace("-", "−") : String(reg);
}

function place(id: string, ...children: Node[]): void {
  byId(id, HTMLElement).replaceChildren(...children);
}
