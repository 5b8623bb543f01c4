// Figures as SVG: elements with escaped attributes and text and short numbers, and the document
// around them, with a title and a description for screen readers and colors for light and dark.

import { FIGURE_CSS, paint } from "./palette.ts";
import { fitText, printableText, wrapText } from "./text.ts";

export type Attributes = Record<string, string | number | undefined>;

/** The fonts of every figure. */
export const FONT =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

export const TITLE = 16; // font sizes
export const SMALL = 13;

/** `content` as markup: control characters spelled out, & < > and quotes escaped. */
export function escapeMarkup(content: string): string {
  return printableText(content)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A coordinate as text: at most two decimals, never "-0" or an exponent. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

/**
 * `<name attributes>children</name>`; children are markup already, undefined attributes are left
 * out, numbers are rounded to two decimals.
 */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  let opening = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === "") continue;
    opening += ` ${key}="${typeof value === "number" ? coordinate(value) : escapeMarkup(value)}"`;
  }
  return children.length === 0 ? `${opening}/>` : `${opening}>${children.join("")}</${name}>`;
}

export type TextOptions = {
  size?: number | undefined;
  weight?: string | undefined;
  anchor?: "start" | "middle" | "end" | undefined;
  color?: Parameters<typeof paint>[0]["fill"] | undefined;
  /** Cut the text to this many pixels. */
  maxWidth?: number | undefined;
  /** Outline the text in the color of the surface, so that it is readable on a line. */
  halo?: boolean | undefined;
};

/** A text element whose baseline starts (or ends, or is centred) at x, y. */
export function label(x: number, y: number, content: string, options: TextOptions = {}): string {
  const { size = SMALL, weight, anchor = "start", color = "muted", maxWidth, halo } = options;
  const clean = printableText(content);
  const shown = maxWidth === undefined ? clean : fitText(clean, size, maxWidth);
  return element(
    "text",
    {
      x,
      y,
      "font-size": size,
      "font-weight": weight,
      "text-anchor": anchor === "start" ? undefined : anchor,
      ...(halo ? { "stroke-width": 6, "stroke-linejoin": "round", "paint-order": "stroke" } : {}),
      ...paint({ fill: color, stroke: halo ? "surface" : undefined }),
    },
    escapeMarkup(shown),
  );
}

/**
 * The head of a figure: its title at the top left and a caption below it, in up to three lines;
 * `bottom` is where the rest may begin.
 */
export function heading(
  title: string,
  caption: string,
  width: number,
): { markup: string; bottom: number } {
  const lines = wrapText(printableText(caption), SMALL, width - 32);
  return {
    markup: [
      label(16, 26, title, { size: TITLE, weight: "600", color: "ink", maxWidth: width - 32 }),
      ...lines.map((line, i) => label(16, 46 + i * 18, line, { size: SMALL })),
    ].join("\n"),
    bottom: 46 + lines.length * 18 - 8,
  };
}

/**
 * A whole SVG document: `body` on a surface of its own color, so that it is readable on any page.
 */
export function figure(
  size: { width: number; height: number; title: string; description: string },
  ...body: string[]
): string {
  const { width, height, title, description } = size;
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      class: "tl",
      role: "img",
      width,
      height,
      viewBox: `0 0 ${coordinate(width)} ${coordinate(height)}`,
      "font-family": FONT,
    },
    element("title", {}, escapeMarkup(title)),
    element("desc", {}, escapeMarkup(description)),
    element("style", {}, FIGURE_CSS), // holds no < or &, so it reads the same in XML and in HTML
    "\n",
    element("rect", { width, height, rx: 6, ...paint({ fill: "surface" }) }),
    ...body.map((part) => "\n" + part),
    "\n",
  );
}
