// The net as a drawing one can touch: inputs to switch, hidden units to look through and to switch
// off, and a line for each weight, by sign and size.

import type { TwoLayerNet } from "twolayer";
import { canvasPainter, make, smallCanvas } from "../dom.ts";
import type { InputName } from "../settings.ts";
import { text } from "../text/text.ts";
import { css, type Theme } from "../theme.ts";
import { greatestOf, gridPoints, preActivations, type View } from "./grid.ts";
import { INPUTS, inputMatrix } from "./inputs.ts";
import { drawMarker } from "./marker.ts";
import {
  CELL,
  type Curve,
  handleOf,
  type Link,
  layoutNet,
  linkCurves,
  type NetLayout,
  nearestCurve,
} from "./net-layout.ts";
import { Raster } from "./raster.ts";
import type { PlaneTraining } from "./training.ts";
import { drawInput, drawUnit, favoredClass } from "./unit-picture.ts";

const PICTURE = 38; // pixels of a thumbnail
const STEPS = 28; // its grid points
const POINTER_REACH = 7; // pixels from a line

export type NetEvents = {
  onHover: (unit: number | undefined) => void;
  onUnit: (unit: number) => void;
  onInput: (name: InputName) => void;
  onWeight: (link: Link) => void;
};
export type NetScene = {
  training: PlaneTraining;
  view: View;
  theme: Theme;
  /** The hidden units that are switched off. */
  off: ReadonlySet<number>;
};
type Item = { button: HTMLButtonElement; canvas: HTMLCanvasElement };

export class NetDiagram {
  readonly #root: HTMLElement;
  readonly #events: NetEvents;
  readonly #links = make("canvas", "links");
  readonly #inputs = make("div", "");
  readonly #units = make("div", "");
  readonly #outputs = make("ul", "");
  readonly #raster = new Raster();
  readonly #paintLinks: () => void;
  #inputItems: Item[] = [];
  #unitItems: Item[] = [];
  #outputItems: { item: HTMLLIElement; canvas: HTMLCanvasElement }[] = [];
  #scene: NetScene | undefined;
  #curves: Curve[] = [];
  #hovered: number | undefined;
  #near: Link | undefined;

  constructor(root: HTMLElement, events: NetEvents) {
    this.#root = root;
    this.#events = events;
    this.#links.setAttribute("aria-hidden", "true");
    for (const group of [this.#inputs, this.#units]) group.setAttribute("role", "group");
    root.replaceChildren(this.#links, this.#inputs, this.#units, this.#outputs);
    this.#paintLinks = canvasPainter(this.#links, (context) => this.#drawLinks(context));
    new ResizeObserver(() => this.#place()).observe(root);
    this.#units.addEventListener("keydown", (event) => this.#moveFocus(event));
    root.addEventListener("pointermove", (event) => this.#pointAt(event));
    root.addEventListener("pointerleave", () => this.#setNear(undefined));
    root.addEventListener("click", (event) => {
      if (event.target !== this.#links && event.target !== root) return;
      this.#pointAt(event);
      if (this.#near !== undefined) events.onWeight(this.#near);
    });
  }

  /** Makes the buttons for another net. */
  show(scene: NetScene): void {
    this.#scene = scene;
    this.#hovered = undefined;
    const { net, data } = scene.training;
    this.#inputItems = INPUTS.map(({ name, label }) => {
      const item = thumbnailButton("input", label);
      item.button.addEventListener("click", () => this.#events.onInput(name));
      return item;
    });
    this.#unitItems = Array.from({ length: net.hiddenSize }, (_, h) => this.#unitItem(h));
    this.#outputItems = data.classNames.map((name) => {
      const canvas = make("canvas", "marker");
      return { item: make("li", "output", canvas, make("span", "", name)), canvas };
    });
    this.#inputs.replaceChildren(...this.#inputItems.map(({ button }) => button));
    this.#units.replaceChildren(...this.#unitItems.map(({ button }) => button));
    this.#outputs.replaceChildren(...this.#outputItems.map(({ item }) => item));
    if (this.#unitItems.length > 0) this.#unitItems[0].button.tabIndex = 0;
    this.#paintStill();
    this.#place();
  }

  /** Redraws what training changes. */
  paint(scene: NetScene): void {
    this.#scene = scene;
    const { training, view, theme } = scene;
    const X = inputMatrix(gridPoints(view, STEPS), training.inputs);
    const values = preActivations(training.net, { steps: STEPS, X });
    const greatest = greatestOf(values);
    for (const [h, { canvas }] of this.#unitItems.entries()) {
      const picture = { canvas, size: PICTURE, raster: this.#raster };
      drawUnit(picture, training.net, h, { values, greatest }, theme);
    }
    this.#paintLinks();
  }

  /** Redraws everything, after a change of colors or language, and names it for screen readers. */
  describe(scene: NetScene): void {
    this.#scene = scene;
    this.#inputs.setAttribute("aria-label", text("net.inputs"));
    this.#units.setAttribute("aria-label", text("net.units"));
    this.#outputs.setAttribute("aria-label", text("net.outputs"));
    for (const [h, { button }] of this.#unitItems.entries()) {
      button.setAttribute("aria-pressed", String(!scene.off.has(h)));
      button.setAttribute("aria-label", describeUnit(scene.training, h));
    }
    this.#paintStill();
    this.paint(scene);
  }

  #unitItem(h: number): Item {
    const item = thumbnailButton("unit", "");
    item.button.tabIndex = -1;
    const hover = (unit: number | undefined): void => {
      this.#hovered = unit;
      this.#events.onHover(unit);
      this.#paintLinks();
    };
    item.button.addEventListener("pointerenter", () => hover(h));
    item.button.addEventListener("pointerleave", () => hover(undefined));
    item.button.addEventListener("focus", () => {
      for (const { button } of this.#unitItems) button.tabIndex = button === item.button ? 0 : -1;
      if (item.button.matches(":focus-visible")) hover(h);
    });
    item.button.addEventListener("blur", () => hover(undefined));
    item.button.addEventListener("click", () => this.#events.onUnit(h));
    return item;
  }

  #moveFocus(event: KeyboardEvent): void {
    const at = this.#unitItems.findIndex(({ button }) => button === document.activeElement);
    const last = this.#unitItems.length - 1;
    const next: Record<string, number> = {
      ArrowRight: Math.min(at + 1, last),
      ArrowDown: Math.min(at + 1, last),
      ArrowLeft: Math.max(at - 1, 0),
      ArrowUp: Math.max(at - 1, 0),
      Home: 0,
      End: last,
    };
    if (at < 0 || !Object.hasOwn(next, event.key)) return;
    event.preventDefault();
    this.#unitItems[next[event.key]].button.focus();
  }

  /** Moves every button to its place and measures the lines. */
  #place(): void {
    const width = this.#root.clientWidth;
    if (width === 0 || this.#scene === undefined) return;
    const { training } = this.#scene;
    const layout = layoutNet(width, {
      inputs: INPUTS.length,
      hidden: this.#unitItems.length,
      classes: training.data.classNames.length,
    });
    this.#root.style.setProperty("height", `${layout.height}px`);
    placeAll(this.#inputItems, layout.inputs);
    placeAll(this.#unitItems, layout.units);
    placeAll(
      this.#outputItems.map(({ item }) => ({ button: item })),
      layout.outputs,
    );
    this.#curves = linkCurves(layout, activePlaces(training));
    this.#paintLinks();
  }

  /** Draws the pictures that do not change while training: inputs and classes. */
  #paintStill(): void {
    if (this.#scene === undefined) return;
    const { training, view, theme } = this.#scene;
    const values = inputMatrix(gridPoints(view, STEPS), INPUTS);
    const active = activePlaces(training);
    for (const [j, { button, canvas }] of this.#inputItems.entries()) {
      drawInput({ canvas, size: PICTURE, raster: this.#raster }, values, j, theme);
      button.setAttribute("aria-pressed", String(active.includes(j)));
    }
    for (const [label, { canvas }] of this.#outputItems.entries()) {
      const marker = { label, x: 10, y: 10, reach: 7, filled: true };
      drawMarker(smallCanvas(canvas, 20), marker, theme);
    }
  }

  #drawLinks(context: CanvasRenderingContext2D): void {
    if (this.#scene === undefined) return;
    const { training, theme, off } = this.#scene;
    const greatest = { 1: greatestWeight(training.net, 1), 2: greatestWeight(training.net, 2) };
    for (const curve of this.#curves) {
      const { layer, from, to } = curve.link;
      const unit = layer === 1 ? to : from;
      const weight = weightOf(training.net, curve.link) / greatest[layer];
      const faded = this.#hovered === undefined || this.#hovered === unit ? 1 : 0.12;
      const isNear = sameLink(this.#near, curve.link);
      const strength = Math.min(1, Math.abs(weight) || 0);
      const color = off.has(unit) ? theme.mutedRgb : weight > 0 ? theme.positive : theme.negative;
      context.beginPath();
      context.moveTo(curve.start.x, curve.start.y);
      const handle = handleOf(curve);
      context.bezierCurveTo(handle, curve.start.y, handle, curve.end.y, curve.end.x, curve.end.y);
      context.strokeStyle = css(color, isNear ? 1 : (0.18 + 0.72 * strength) * faded);
      context.lineWidth = (isNear ? 2 : 0.5) + 4 * strength;
      context.setLineDash(off.has(unit) ? [3, 4] : []);
      context.stroke();
    }
    context.setLineDash([]);
  }

  #pointAt({ clientX, clientY, target }: MouseEvent): void {
    const box = this.#root.getBoundingClientRect();
    const point = { x: clientX - box.left, y: clientY - box.top };
    const onLine = target === this.#links || target === this.#root;
    const curve = onLine ? nearestCurve(this.#curves, point, POINTER_REACH) : undefined;
    this.#setNear(curve?.link);
  }

  #setNear(link: Link | undefined): void {
    if (sameLink(link, this.#near)) return;
    this.#near = link;
    this.#root.classList.toggle("near", link !== undefined);
    this.#paintLinks();
  }
}

function thumbnailButton(className: string, label: string): Item {
  const canvas = make("canvas", "");
  const button = make("button", className, canvas);
  button.type = "button";
  if (label !== "") button.append(make("span", "", label));
  return { button, canvas };
}

function placeAll(items: readonly { button: HTMLElement }[], places: NetLayout["units"]): void {
  for (const [i, { button }] of items.entries()) {
    button.style.setProperty("left", `${places[i].x - CELL / 2}px`);
    button.style.setProperty("top", `${places[i].y - CELL / 2}px`);
  }
}

/** The places, in the list of all inputs, of those that the net has. */
function activePlaces({ inputs }: PlaneTraining): number[] {
  return inputs.map(({ name }) => INPUTS.findIndex((input) => input.name === name));
}

function sameLink(a: Link | undefined, b: Link | undefined): boolean {
  return a?.layer === b?.layer && a?.from === b?.from && a?.to === b?.to;
}

/** The weight that a line stands for. */
export function weightOf({ params: { W1, W2 } }: TwoLayerNet, link: Link): number {
  return (link.layer === 1 ? W1 : W2).get(link.from, link.to);
}

function greatestWeight({ params: { W1, W2 } }: TwoLayerNet, layer: 1 | 2): number {
  return greatestOf((layer === 1 ? W1 : W2).map(Math.abs));
}

function describeUnit({ net, train, inputs, data }: PlaneTraining, h: number): string {
  const { W1, b1 } = net.params;
  const number = (value: number): string => value.toFixed(2).replace("-", "−");
  const terms = inputs.map(({ label }, i) => `${number(W1.get(i, h))}·${label}`);
  const on = Array.from(train.X.matmul(W1).addRow(b1).data).filter(
    (value, i) => i % net.hiddenSize === h && value > 0,
  );
  return text("net.unit", {
    unit: h + 1,
    terms: [...terms, number(b1.get(0, h))].join(" + "),
    share: Math.round((100 * on.length) / train.X.rows),
    class: data.classNames[favoredClass(net, h)],
  });
}
