// Finding and making elements, with their types checked when the page runs.

/** The element of this id, which must be there and of this kind. */
export function byId<E extends Element>(id: string, kind: new () => E): E {
  const element = document.getElementById(id);
  if (!(element instanceof kind))
    throw new TypeError(`playground: expected #${id} to be a ${kind.name}, got ${element}`);
  return element;
}

/** An element with a class and children, as `<name class=className>children</name>` makes it. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (className !== "") element.className = className;
  element.append(...children);
  return element;
}

/** Offers `text` to the reader as a file to save. */
export function download(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = make("a", "");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Gives a small canvas of fixed size the screen's pixels and clears it; returns its context. */
export function smallCanvas(canvas: HTMLCanvasElement, size: number): CanvasRenderingContext2D {
  const ratio = Math.min(window.devicePixelRatio, 3);
  const pixels = Math.round(size * ratio);
  if (canvas.width !== pixels) Object.assign(canvas, { width: pixels, height: pixels });
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, size, size);
  return context;
}

/** Whether the reader asks for less motion. */
export function reducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/**
 * Gives a canvas the screen's pixels. `draw` gets a context in CSS pixels and the size: at once,
 * after every change of the size, and when the returned function is called.
 */
export function canvasPainter(
  canvas: HTMLCanvasElement,
  draw: (context: CanvasRenderingContext2D, width: number, height: number) => void,
): () => void {
  const context = canvas.getContext("2d")!;
  const paint = (): void => {
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0 || height === 0) return; // on a tab that is hidden
    const ratio = Math.min(window.devicePixelRatio, 3);
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, width, height);
  };
  new ResizeObserver(paint).observe(canvas);
  return paint;
}
