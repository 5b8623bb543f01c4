// Three controls that name a weight of the net and change it: from, to and the number. A click on
// a line of the drawing chooses the weight; the keyboard chooses it in the lists.

import type { TwoLayerNet } from "twolayer";
import { byId } from "../dom.ts";
import { text } from "../text/text.ts";
import type { Link } from "./net-layout.ts";
import type { PlaneTraining } from "./training.ts";

/** A matrix of the net and a place in it. */
type Target = { name: "W1" | "b1" | "W2" | "b2"; row: number; column: number };

export class WeightEditor {
  readonly #from = byId("weight-from", HTMLSelectElement);
  readonly #to = byId("weight-to", HTMLSelectElement);
  readonly #value = byId("weight-value", HTMLInputElement);
  #training: PlaneTraining | undefined;

  /** Calls `onEdit` after a weight was changed. */
  constructor(onEdit: () => void) {
    this.#from.addEventListener("change", () => {
      this.#listTargets();
      this.refresh();
    });
    this.#to.addEventListener("change", () => this.refresh());
    this.#value.addEventListener("change", () => {
      const value = Number(this.#value.value);
      const valid = this.#value.value.trim() !== "" && Number.isFinite(value);
      this.#value.toggleAttribute("aria-invalid", !valid);
      if (!valid || this.#training === undefined) return;
      const { name, row, column } = this.#target();
      this.#training.net.params[name].set(row, column, value);
      onEdit();
    });
  }

  /** Lists the weights of a net, also after a change of the language. */
  show(training: PlaneTraining): void {
    this.#training = training;
    const { inputs, net } = training;
    const units = Array.from({ length: net.hiddenSize }, (_, h) => unitName(h));
    const options = [
      ...inputs.map(({ label }, i) => new Option(label, `input ${i}`)),
      new Option(text("weight.bias"), "bias"),
      ...units.map((name, h) => new Option(name, `unit ${h}`)),
    ];
    fill(this.#from, options);
    this.#listTargets();
    this.refresh();
  }

  /** Chooses the weight of a line and lets the reader type. */
  pick({ layer, from, to }: Link): void {
    this.#from.value = layer === 1 ? `input ${from}` : `unit ${from}`;
    this.#listTargets();
    this.#to.value = layer === 1 ? `unit ${to}` : `class ${to}`;
    this.refresh();
    this.#value.focus();
    this.#value.select();
  }

  /** Shows the weight as it is now, unless the reader is typing. */
  refresh(): void {
    if (this.#training === undefined || document.activeElement === this.#value) return;
    this.#value.removeAttribute("aria-invalid");
    this.#value.value = weightText(this.#training.net, this.#target());
  }

  #listTargets(): void {
    const { net, data } = this.#training!;
    const from = this.#from.value.split(" ")[0];
    const units = Array.from(
      { length: net.hiddenSize },
      (_, h) => new Option(unitName(h), `unit ${h}`),
    );
    const classes = data.classNames.map(
      (name, c) => new Option(text("weight.class", { class: name }), `class ${c}`),
    );
    fill(this.#to, [...(from === "unit" ? [] : units), ...(from === "input" ? [] : classes)]);
  }

  #target(): Target {
    const [from, row = "0"] = this.#from.value.split(" ");
    const [to, column] = this.#to.value.split(" ");
    const first = to === "unit";
    const name = from === "bias" ? (first ? "b1" : "b2") : first ? "W1" : "W2";
    return { name, row: from === "bias" ? 0 : Number(row), column: Number(column) };
  }
}

function unitName(h: number): string {
  return text("weight.unit", { unit: h + 1 });
}

function weightText({ params }: TwoLayerNet, { name, row, column }: Target): string {
  return String(Number(params[name].get(row, column).toPrecision(5)));
}

/** Replaces the options and keeps the chosen one if it is still there. */
function fill(select: HTMLSelectElement, options: HTMLOptionElement[]): void {
  const { value } = select;
  select.replaceChildren(...options);
  select.value = options.some((option) => option.value === value) ? value : options[0].value;
}
