// The mark of a class: a color and a shape, so that six classes can be told apart without color.

import { css, type Theme } from "../theme.ts";

export type Marker = { label: number; x: number; y: number; reach: number; filled: boolean };

const CORNERS = [0, 4, 3, 4, 3, 6];
const TURNS = [0, 45, -90, 0, 90, 0]; // degrees
const RADII = [0.92, 1.15, 1.25, 1.2, 1.25, 1.05]; // of the reach, for about the same area

/** Draws a circle, square, triangle, diamond, reversed triangle or hexagon. */
export function drawMarker(
  context: CanvasRenderingContext2D,
  { label, x, y, reach, filled }: Marker,
  theme: Theme,
): void {
  context.beginPath();
  const corners = CORNERS[label];
  const radius = reach * RADII[label];
  if (corners === 0) context.arc(x, y, radius, 0, 2 * Math.PI);
  for (let k = 0; k < corners; k++) {
    const angle = TURNS[label] * (Math.PI / 180) + (2 * Math.PI * k) / corners;
    context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  context.closePath();
  const color = theme.classes[label];
  context.fillStyle = css(filled ? color : theme.surface, filled ? 1 : 0.65);
  context.fill();
  context.strokeStyle = css(filled ? theme.surface : color);
  context.lineWidth = filled ? 1 : 1.5;
  context.stroke();
}
