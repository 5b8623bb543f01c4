// A small picture on the choice of each data set: the points that the choice makes.

import { Random } from "twolayer";
import { smallCanvas } from "../dom.ts";
import type { Theme } from "../theme.ts";
import { drawMarker } from "./marker.ts";
import { SAMPLE_NAMES, type SampleName, sampleData, USUAL_NOISE } from "./training.ts";

const SIZE = 52; // pixels
const POINTS = 60;
const MARGIN = 6;

/** Draws into the canvases of the labels that hold the radio buttons of `form`. */
export function drawDataThumbnails(form: HTMLFormElement, theme: Theme): void {
  for (const name of SAMPLE_NAMES) {
    const canvas = form.querySelector<HTMLCanvasElement>(`[value="${name}"] + canvas`);
    if (canvas !== null) drawThumbnail(smallCanvas(canvas, SIZE), name, theme);
  }
}

function drawThumbnail(context: CanvasRenderingContext2D, name: SampleName, theme: Theme): void {
  const noise = USUAL_NOISE[name] / 2;
  const { X, y } = sampleData(name, { points: POINTS, noise }, new Random(1));
  const columns = [0, 1].map((j) => Array.from({ length: X.rows }, (_, i) => X.get(i, j)));
  const [x, v] = columns.map((values) => {
    const [least, greatest] = [Math.min(...values), Math.max(...values)];
    return (value: number): number => (value - least) / (greatest - least || 1);
  });
  const extent = SIZE - 2 * MARGIN;
  for (let i = 0; i < X.rows; i++) {
    const place = {
      x: MARGIN + extent * x(columns[0][i]),
      y: SIZE - MARGIN - extent * v(columns[1][i]),
    };
    drawMarker(context, { label: y[i], ...place, reach: 2.6, filled: true }, theme);
  }
}
