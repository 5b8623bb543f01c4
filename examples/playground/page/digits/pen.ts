// Strokes drawn on a canvas with a mouse, a finger or a pen.

import type { Point } from "./image.ts";

/**
 * Collects strokes, in CSS pixels of the canvas. `onChange` is called at every new point, `onStart`
 * before the first one of a stroke.
 */
export class Pen {
  readonly strokes: Point[][] = [];
  #stroke: Point[] | undefined;

  constructor(canvas: HTMLCanvasElement, onStart: () => void, onChange: () => void) {
    const add = ({ clientX, clientY }: PointerEvent): void => {
      const box = canvas.getBoundingClientRect();
      this.#stroke?.push({ x: clientX - box.left, y: clientY - box.top });
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button !== 0) return;
      event.preventDefault(); // no selection, no dragging
      canvas.setPointerCapture(event.pointerId);
      onStart();
      this.#stroke = [];
      this.strokes.push(this.#stroke);
      add(event);
      onChange();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.#stroke === undefined || !event.isPrimary) return;
      const between = event.getCoalescedEvents?.() ?? [];
      for (const point of between.length > 0 ? between : [event]) add(point);
      onChange();
    });
    const end = (event: PointerEvent): void => {
      if (event.isPrimary) this.#stroke = undefined;
    };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
  }

  clear(): void {
    this.strokes.length = 0;
    this.#stroke = undefined;
  }

  draw(context: CanvasRenderingContext2D, width: number, color: string): void {
    Object.assign(context, {
      strokeStyle: color,
      fillStyle: color,
      lineWidth: width,
      lineCap: "round",
      lineJoin: "round",
    });
    for (const stroke of this.strokes) {
      context.beginPath();
      // a stroke of one point has no line to draw
      context.arc(stroke[0].x, stroke[0].y, width / 2, 0, 2 * Math.PI);
      context.fill();
      context.beginPath();
      for (const { x, y } of stroke) context.lineTo(x, y);
      context.stroke();
    }
  }
}
