// One hidden unit on its own: the half-plane in which it is on, darker the more it responds, in the
// color of the class it speaks for most.

import type { TwoLayerNet } from "twolayer";
import { unitDirection, unitLine, type View } from "./plane-picture.ts";
import { css, type Theme } from "./theme.ts";

/** The class whose score unit h raises most beside the others, the first of several. */
export function favouredClass({ params: { W2 } }: TwoLayerNet, h: number): number {
  const weights = W2.row(h);
  return weights.indexOf(Math.max(...weights));
}

/**
 * Unit h over the plane, `size` pixels wide and high. `strongest` is the response that gets the
 * full color.
 */
export function drawUnit(
  context: CanvasRenderingContext2D,
  size: number,
  net: TwoLayerNet,
  h: number,
  view: View,
  strongest: number,
  theme: Theme,
): void {
  const ends = unitLine(net, h, view);
  if (ends === undefined) return;
  const { w1, w2, b, size: steepness } = unitDirection(net, h);
  const x = (value: number): number => ((value - view.left) / view.side) * size;
  const y = (value: number): number => size - ((value - view.bottom) / view.side) * size;
  // The response grows linearly away from the line, so a gradient along w, from the line to the
  // farthest corner, is exact.
  const [mx, my] = [view.left + view.side / 2, view.bottom + view.side / 2];
  const distance = w1 * mx + w2 * my + b;
  // of the farthest corner from the line
  const most = distance + (view.side / 2) * (Math.abs(w1) + Math.abs(w2));
  if (most > 0) {
    const [fx, fy] = [mx - w1 * distance, my - w2 * distance];
    const gradient = context.createLinearGradient(
      x(fx),
      y(fy),
      x(fx + w1 * most),
      y(fy + w2 * most),
    );
    const color = theme.classes[favouredClass(net, h)];
    gradient.addColorStop(0, css(color, 0));
    gradient.addColorStop(Number.EPSILON, css(color, 0.12));
    gradient.addColorStop(1, css(color, 0.12 + 0.78 * Math.min(1, (most * steepness) / strongest)));
    context.fillStyle = gradient;
    context.fillRect(0, 0, size, size);
  }
  context.beginPath();
  context.moveTo(x(ends[0]), y(ends[1]));
  context.lineTo(x(ends[2]), y(ends[3]));
  context.strokeStyle = theme.ink;
  context.lineWidth = 1;
  context.stroke();
}

/** The greatest response of any unit anywhere in the view. */
export function strongestResponse(net: TwoLayerNet, { left, bottom, side }: View): number {
  let strongest = 1e-12;
  for (let h = 0; h < net.hiddenSize; h++) {
    const { w1, w2, b, size } = unitDirection(net, h);
    const response =
      size *
      (w1 * (left + side / 2) +
        w2 * (bottom + side / 2) +
        b +
        (side / 2) * (Math.abs(w1) + Math.abs(w2)));
    if (response > strongest) strongest = response;
  }
  return Math.min(strongest, Number.MAX_VALUE);
}
