// One hidden unit or one input as a small picture of the plane: darker the more it responds.

import type { Matrix, TwoLayerNet } from "twolayer";
import { smallCanvas } from "../dom.ts";
import type { Theme } from "../theme.ts";
import { type Raster, responsePainter, signedPainter } from "./raster.ts";

/** The class whose score unit h raises most beside the others, the first of several. */
export function favoredClass({ params: { W2 } }: TwoLayerNet, h: number): number {
  const weights = W2.row(h);
  return weights.indexOf(Math.max(...weights));
}

export type Thumbnail = { canvas: HTMLCanvasElement; size: number; raster: Raster };

/** Unit h from the values of all units at a grid, in the color of the class it speaks for. */
export function drawUnit(
  { canvas, size, raster }: Thumbnail,
  net: TwoLayerNet,
  h: number,
  { values, greatest }: { values: Matrix; greatest: number },
  theme: Theme,
): void {
  const color = theme.classes[favoredClass(net, h)];
  const painter = responsePainter(values, h, { greatest, color, surface: theme.surface });
  const steps = Math.sqrt(values.rows);
  raster.draw(smallCanvas(canvas, size), { left: 0, top: 0, side: size }, steps, painter);
}

/** Input j from the values (steps², inputs) of all inputs at a grid. */
export function drawInput(
  { canvas, size, raster }: Thumbnail,
  values: Matrix,
  j: number,
  theme: Theme,
): void {
  const painter = signedPainter(values, j, theme);
  const steps = Math.sqrt(values.rows);
  raster.draw(smallCanvas(canvas, size), { left: 0, top: 0, side: size }, steps, painter);
}
