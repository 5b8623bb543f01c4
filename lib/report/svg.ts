// Figures as SVG: elements with escaped attributes and text and short numbers, and the document
// around them, with a title and a description for screen readers and colors for light and dark.

import { type Color, FIGURE_CSS, paint } from "./palette.ts";
import { fitText, printableText, wrapText } from "./text.ts";

/** Attributes of an element; `fill` and `stroke` are colors of the palette. */
export type Attributes = {
  fill?: Color | undefined;
  stroke?: Color | undefined;
  [name: string]: string | number | undefined;
};

/** The fonts of every figure and page. */
export const FONT =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

export const TITLE = 16; // font sizes
export const SMALL = 13;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** `content` as markup: control characters spelled out, & < > and quotes escaped. */
export function escapeMarkup(content: string): string {
  return printableText(content).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** A coordinate as text: at most two decimals, never "-0" or an exponent. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100 + 0);
}

/** A template of a path or transform: its numbers are written as coordinates. */
export function path(parts: TemplateStringsArray, ...numbers: number[]): string {
  return String.raw(parts, ...numbers.map(coordinate));
}

/**
 * `<name attributes>children</name>`; children are markup already, undefined attributes are left
 * out, numbers are rounded to two decimals.
 */
export function element(
  name: string,
  { fill, stroke, ...others }: Attributes,
  ...children: string[]
): string {
  const attributes = fill || stroke ? { ...others, ...paint(fill, stroke) } : others;
  let opening = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === "") continue;
    opening += ` ${key}="${typeof value === "number" ? coordinate(value) : escapeMarkup(value)}"`;
  }
  return children.length === 0 ? `${opening}/>` : `${opening}>${children.join("")}</${name}>`;
}

/** An element with a text in it. */
export function textElement(name: string, content: string, attributes: Attributes = {}): string {
  return element(name, attributes, escapeMarkup(content));
}

export type TextOptions = {
  size?: number | undefined;
  bold?: boolean | undefined;
  anchor?: "middle" | "end" | undefined;
  color?: Color | undefined;
  /** Cut the text to this many pixels. */
  maxWidth?: number | undefined;
  /** Outline the text in the color of the surface, so that it is readable on a line. */
  halo?: boolean | undefined;
};

/** A text element whose baseline starts (or ends, or is centred) at x, y. */
export function label(x: number, y: number, content: string, options: TextOptions = {}): string {
  const { size = SMALL, bold, anchor, color = "muted", maxWidth, halo } = options;
  const shown = maxWidth === undefined ? content : fitText(content, size, maxWidth);
  return textElement("text", shown, {
    x,
    y,
    "font-size": size,
    "font-weight": bold ? 600 : undefined,
    "text-anchor": anchor,
    ...(halo && { "stroke-width": 6, "stroke-linejoin": "round", "paint-order": "stroke" }),
    fill: color,
    stroke: halo ? "surface" : undefined,
  });
}

/** A part of a figure, and where the next one below it may begin. */
export type Block = { parts: string[]; bottom: number };

/** The head of a figure: its title at the top left and a caption below it, in up to three lines. */
export function heading(title: string, caption: string, width: number): Block {
  const maxWidth = width - 32;
  const lines = wrapText(caption, SMALL, maxWidth);
  return {
    parts: [
      label(16, 26, title, { size: TITLE, bold: true, color: "ink", maxWidth }),
      ...lines.map((line, i) => label(16, 46 + i * 18, line)),
    ],
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
      viewBox: path`0 0 ${width} ${height}`,
      "font-family": FONT,
    },
    textElement("title", title),
    textElement("desc", description),
    element("style", {}, FIGURE_CSS), // holds no < or &, so it reads the same in XML and in HTML
    "\n",
    element("rect", { width, height, rx: 6, fill: "surface" }),
    ...body.filter(Boolean).map((part) => "\n" + part),
    "\n",
  );
}
