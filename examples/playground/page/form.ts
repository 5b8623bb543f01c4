// Binds a form to the settings of a tab: every control is named after its setting. A value out of
// range is answered with the range, in words, below its control.

import { make } from "./dom.ts";
import { FIELDS, type Field, type Settings, type Tab } from "./settings.ts";
import { count, onLanguageChange, text } from "./text/text.ts";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
type Values = Record<string, unknown>;

export class Form<T extends Tab> {
  readonly #fields: Record<string, Field<unknown>>;
  readonly #controls: Control[];
  readonly #onChange: (settings: Settings[T], name: keyof Settings[T]) => void;
  #current: Values;

  /** Calls `onChange` with the settings and the name of the one that the reader changed. */
  constructor(
    form: HTMLFormElement,
    tab: T,
    initial: Settings[T],
    onChange: (settings: Settings[T], name: keyof Settings[T]) => void,
  ) {
    this.#fields = FIELDS[tab];
    this.#onChange = onChange;
    this.#current = initial;
    this.#controls = Array.from(form.elements).filter(
      (element): element is Control =>
        "name" in element && Object.hasOwn(this.#fields, element.name as string),
    );
    for (const type of ["change", "input"])
      form.addEventListener(type, ({ target }) => this.#changed(type, target));
    form.addEventListener("submit", (event) => event.preventDefault());
    onLanguageChange(() => {
      for (const control of this.#controls) this.#read(control);
    });
    this.show(initial);
  }

  /** Writes the settings into the controls. */
  show(settings: Settings[T]): void {
    this.#current = settings;
    for (const control of this.#controls) {
      write(control, this.#current[control.name]);
      showValue(control, String(this.#current[control.name]));
      complain(control, "");
    }
  }

  #changed(type: string, target: EventTarget | null): void {
    const control = this.#controls.find((known) => known === target);
    if (control === undefined) return;
    showValue(control, control.value);
    // a slider is followed while it moves, everything else when it is left
    if (type === "input" && control.type !== "range") return;
    const value = this.#read(control);
    if (value === undefined || value === this.#current[control.name]) return;
    this.#current = { ...this.#current, [control.name]: value };
    this.#onChange(this.#current as Settings[T], control.name as keyof Settings[T]);
  }

  #read(control: Control): unknown {
    if (control.type === "radio" && !(control as HTMLInputElement).checked) return undefined;
    const field = this.#fields[control.name];
    const value = field.parse(textOf(control));
    complain(control, value === undefined ? rangeInWords(field) : "");
    return value;
  }
}

function rangeInWords({ range }: Field<unknown>): string {
  if (range === undefined) return "";
  const values = { min: count(range.min), max: range.max > 1e15 ? "2⁵³ − 1" : count(range.max) };
  return text(range.whole ? "range.whole" : "range.number", values);
}

function textOf(control: Control): string {
  return control instanceof HTMLInputElement && control.type === "checkbox"
    ? String(control.checked)
    : control.value;
}

function write(control: Control, value: unknown): void {
  if (control instanceof HTMLInputElement && control.type === "checkbox") {
    control.checked = value === true;
    return;
  }
  const words = String(value);
  if (control instanceof HTMLInputElement && control.type === "radio") {
    control.checked = control.value === words;
    return;
  }
  if (
    control instanceof HTMLSelectElement &&
    !Array.from(control.options).some((option) => option.value === words)
  ) {
    control.add(new Option(words, words)); // a link may ask for a value that the list lacks
  }
  control.value = words;
}

/** The number of a slider stands beside it. */
function showValue(control: Control, value: string): void {
  const output = control.parentElement?.querySelector("output");
  if (output) output.textContent = value + (output.dataset.unit ?? "");
}

/** Marks a control with what is wrong about it; "" unmarks it. */
function complain(control: Control, message: string): void {
  const known = control.parentElement?.querySelector(".complaint");
  if (message === "") {
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-describedby");
    known?.remove();
    return;
  }
  const complaint = known ?? make("span", "complaint");
  complaint.id = `complaint-${control.name}`;
  complaint.setAttribute("role", "alert");
  complaint.textContent = message;
  control.setAttribute("aria-invalid", "true");
  control.setAttribute("aria-describedby", complaint.id);
  control.after(complaint);
}
