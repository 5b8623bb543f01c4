// Binds a form to the settings of a tab: every control is named after its setting.

import { FIELDS, type Settings, type Tab } from "./settings.ts";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/**
 * Calls `onChange` with the settings and the name of the one the reader changed; a value out of
 * range is marked and changes nothing. The returned function shows other settings.
 */
export function bindForm<T extends Tab>(
  form: HTMLFormElement,
  tab: T,
  initial: Settings[T],
  onChange: (settings: Settings[T], name: keyof Settings[T]) => void,
): (settings: Settings[T]) => void {
  const fields: Record<string, { parse: (text: string) => unknown }> = FIELDS[tab];
  const controls = Array.from(form.elements).filter(
    (element): element is Control =>
      "name" in element && Object.hasOwn(fields, element.name as string),
  );
  let current: Record<string, unknown> = initial;

  const show = (settings: Record<string, unknown>): void => {
    current = settings;
    for (const control of controls) {
      write(control, settings[control.name]);
      mark(control, true);
    }
  };
  form.addEventListener("change", ({ target }) => {
    const control = controls.find((known) => known === target);
    if (control === undefined) return;
    const value = fields[control.name].parse(read(control));
    mark(control, value !== undefined);
    if (value === undefined || value === current[control.name]) return;
    current = { ...current, [control.name]: value };
    onChange(current as Settings[T], control.name as keyof Settings[T]);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  show(initial);
  return show;
}

function read(control: Control): string {
  return control instanceof HTMLInputElement && control.type === "checkbox"
    ? String(control.checked)
    : control.value;
}

function write(control: Control, value: unknown): void {
  if (control instanceof HTMLInputElement && control.type === "checkbox") {
    control.checked = value === true;
    return;
  }
  const text = String(value);
  if (
    control instanceof HTMLSelectElement &&
    !Array.from(control.options).some((option) => option.value === text)
  ) {
    control.add(new Option(text, text)); // a link may ask for a value that the list does not offer
  }
  control.value = text;
}

function mark(control: Control, valid: boolean): void {
  if (valid) control.removeAttribute("aria-invalid");
  else control.setAttribute("aria-invalid", "true");
}
