// A matrix to look at: aligned numbers with a common power of ten taken out, tinted by sign and
// size.

import type { Matrix } from "twolayer";
import { make } from "../dom.ts";
import { text } from "../text/text.ts";

const PLACES = 3; // after the point, one more where all numbers are below 1

/** A figure with the matrix and a caption: name, shape, and the power of ten taken out, if any. */
export function matrixFigure(name: string, matrix: Matrix, note = ""): HTMLElement {
  let most = 0;
  for (const value of matrix.data) most = Math.max(most, Math.abs(value));
  const exponent = most > 0 && Number.isFinite(most) ? Math.floor(Math.log10(most)) : 0;
  const power = exponent >= -1 && exponent <= 2 ? 0 : exponent;
  const places = exponent === -1 ? PLACES + 1 : PLACES;
  const table = make(
    "table",
    "matrix",
    ...Array.from({ length: matrix.rows }, (_, i) =>
      make("tr", "", ...Array.from(matrix.row(i), (value) => cell(value, power, places, most))),
    ),
  );
  const scroller = make("div", "scroller", table);
  scroller.tabIndex = 0; // wider than a phone: the arrow keys scroll it
  scroller.setAttribute("role", "group");
  const shape = `${matrix.rows}×${matrix.cols}`;
  scroller.setAttribute("aria-label", `${name}, ${shape}`);
  const caption = make("figcaption", "", make("i", "", name), ` ${shape}`);
  if (power !== 0)
    caption.append(` ${text("math.units")}10`, make("sup", "", String(power).replace("-", "−")));
  if (note !== "") caption.append(` ${note}`);
  return make("figure", "", caption, scroller);
}

function cell(value: number, power: number, places: number, most: number): HTMLElement {
  const digits = value === 0 ? "0" : (value / Number(`1e${power}`)).toFixed(places);
  const element = make(
    "td",
    value > 0 ? "plus" : value < 0 ? "minus" : "",
    digits.replace("-", "−"),
  );
  element.style.setProperty("--weight", most > 0 ? (Math.abs(value) / most).toFixed(3) : "0");
  return element;
}

/** Labels as a column beside their samples. */
export function labelsFigure(name: string, labels: ArrayLike<number>): HTMLElement {
  const table = make(
    "table",
    "matrix",
    ...Array.from(labels, (label) => make("tr", "", make("td", "", String(label)))),
  );
  return make(
    "figure",
    "",
    make("figcaption", "", make("i", "", name), ` ${labels.length}`),
    make("div", "scroller", table),
  );
}
