// The parts of a report page as HTML. All text is escaped.

import { element, escapeMarkup, textElement } from "./svg.ts";
import { formatNumber, formatPercent } from "./text.ts";

/** Facts in the order in which they are shown; undefined ones are left out. */
export type Facts = Readonly<Record<string, string | number | boolean | undefined>>;

/** A section with its heading; `content` is markup. */
export function section(heading: string, content: string): string {
  return `<section>\n${textElement("h2", heading)}\n${content}\n</section>`;
}

/** Sections side by side if there is room; "" for none. */
export function pair(...sections: (string | undefined)[]): string {
  const shown = sections.filter(Boolean);
  return shown.length === 0 ? "" : `<div class="pair">\n${shown.join("\n")}\n</div>`;
}

/** A paragraph in a muted color. */
export function quiet(text: string): string {
  return textElement("p", text, { class: "quiet" });
}

/**
 * A table, or another part that may be wider than the page, in a box that scrolls sideways, also
 * with the arrow keys. `name` is what a screen reader calls it.
 */
export function scroller(name: string, content: string): string {
  const attributes = { class: "scroll", tabindex: 0, role: "region", "aria-label": name };
  return element("div", attributes, content);
}

const SETTING_NAMES: Readonly<Record<string, string>> = {
  reg: "L2 regularization",
  clipNorm: "largest norm of the gradient",
  patience: "patience in epochs",
};

/** The name of a setting in words: learningRate becomes "learning rate". */
export function settingInWords(name: string): string {
  const lower = (letter: string): string => ` ${letter.toLowerCase()}`;
  return SETTING_NAMES[name] ?? name.replace(/(?<=[a-z])[A-Z]/g, lower);
}

/** Large percentages with the rows that they are of, those that are defined. */
export function tiles(accuracy: Readonly<Record<string, number | undefined>>): string {
  const items = Object.entries(accuracy).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const rows = name === "train" ? "rows it was trained on" : `${name} rows`;
    const words = escapeMarkup(`accuracy on ${rows}`);
    return [element("li", {}, textElement("b", formatPercent(value)), words)];
  });
  return items.length === 0 ? "" : `<ul class="tiles">\n${items.join("\n")}\n</ul>`;
}

/** A list of values with their names, in words if `words` gives them. */
export function facts(values: Facts, words = (name: string): string => name): string {
  const rows = Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const text = typeof value === "number" ? formatNumber(value, 12) : String(value);
    return [textElement("dt", words(name)) + textElement("dd", text)];
  });
  return `<dl>\n${rows.join("\n")}\n</dl>`;
}

/** Commands, one per line; line breaks are kept. */
export function commandBlock(command: string): string {
  const lines = command.split(/\r\n|\r|\n/).map(escapeMarkup);
  return element("pre", {}, element("code", {}, lines.join("\n")));
}
