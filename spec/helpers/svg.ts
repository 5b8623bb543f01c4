// What a figure means, apart from how it is written: a strict reader of the SVG our code writes,
// and an outline of it in which white space, the order of attributes, the style sheet and
// differences below a tenth of a unit do not show.
import assert from "node:assert/strict";

export type SvgNode = {
  name: string;
  attributes: Record<string, string>;
  children: (SvgNode | string)[];
};

const ENTITIES: Record<string, string> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

function decode(text: string): string {
  assert.doesNotMatch(
    text,
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/,
    "a character XML forbids",
  );
  assert.doesNotMatch(text, /[\ud800-\udfff]/u, "a lone surrogate");
  return text.replace(/&[^;\s]*;?/g, (entity) => {
    assert.ok(entity in ENTITIES, `unknown entity ${entity}`);
    return ENTITIES[entity];
  });
}

/**
 * The root element. Fails on anything that is not well-formed: tags that do not match, a repeated
 * attribute, bare < or &, text after the end.
 */
export function parseSvg(markup: string): SvgNode {
  const root: SvgNode = { name: "", attributes: {}, children: [] };
  const open = [root];
  const token = /<(\/?)([a-zA-Z][\w:-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  while (token.lastIndex < markup.length) {
    const at = token.lastIndex;
    const match = token.exec(markup);
    assert.ok(match, `not well-formed at ${at}: ${markup.slice(at, at + 60)}`);
    const [, slash, name, attributes, empty, text] = match;
    const parent = open.at(-1)!;
    if (text !== undefined) {
      parent.children.push(decode(text));
    } else if (slash) {
      assert.equal(parent.name, name, `</${name}> closes <${parent.name}>`);
      open.pop();
    } else {
      const node: SvgNode = { name, attributes: {}, children: [] };
      for (const [, key, value] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) {
        assert.ok(!(key in node.attributes), `${key} twice in <${name}>`);
        node.attributes[key] = decode(value);
      }
      parent.children.push(node);
      if (!empty) open.push(node);
    }
  }
  assert.equal(open.length, 1, `<${open.at(-1)!.name}> is not closed`);
  const elements = root.children.filter((child): child is SvgNode => typeof child !== "string");
  assert.equal(elements.length, 1, "one root element");
  return elements[0];
}

/** All elements below `node` with that name, in document order. */
export function findAll(node: SvgNode, name: string): SvgNode[] {
  return node.children.flatMap((child) =>
    typeof child === "string"
      ? []
      : [...(child.name === name ? [child] : []), ...findAll(child, name)],
  );
}

/** The text inside `node`. */
export function textOf(node: SvgNode): string {
  return node.children.map((child) => (typeof child === "string" ? child : textOf(child))).join("");
}

/** The texts of all text elements: what a reader sees written. */
export function textsOf(node: SvgNode): string[] {
  return findAll(node, "text").map(textOf);
}

/** The numbers of a path, in order. */
export function numbersOf(path: string): number[] {
  return Array.from(path.matchAll(/-?\d+(?:\.\d+)?/g), ([text]) => Number(text));
}

/**
 * One line per element: indentation, name, sorted attributes with numbers to one decimal, text. Two
 * figures that look alike have the same outline.
 */
export function outline(node: SvgNode, depth = 0): string {
  if (node.name === "style") return "";
  const number = (text: string) =>
    text.replace(/-?\d+\.\d+/g, (value) => String(Math.round(Number(value) * 10) / 10 + 0));
  const attributes = Object.keys(node.attributes)
    .filter((key) => key !== "xmlns" && key !== "font-family")
    .sort()
    .map((key) => ` ${key}=${number(node.attributes[key])}`)
    .join("");
  const text = node.children
    .filter((child) => typeof child === "string")
    .join("")
    .trim();
  const line = `${"  ".repeat(depth)}${node.name}${attributes}${text === "" ? "" : ` | ${text}`}\n`;
  return (
    line +
    node.children
      .map((child) => (typeof child === "string" ? "" : outline(child, depth + 1)))
      .join("")
  );
}

/**
 * Asserts what holds for every figure: well-formed, labelled for screen readers, scalable, finite
 * numbers, nothing fetched, no script.
 */
export function checkFigure(markup: string): SvgNode {
  const root = parseSvg(markup);
  assert.equal(root.name, "svg");
  assert.equal(root.attributes.xmlns, "http://www.w3.org/2000/svg");
  assert.equal(root.attributes.role, "img");
  const { width, height } = root.attributes;
  assert.equal(root.attributes.viewBox, `0 0 ${width} ${height}`);
  assert.ok(Number(width) > 0 && Number(height) > 0);
  const named = root.children.filter((child): child is SvgNode => typeof child !== "string");
  assert.deepEqual(
    named.slice(0, 3).map((child) => child.name),
    ["title", "desc", "style"],
  );
  assert.notEqual(textOf(named[0]), "");
  assert.notEqual(textOf(named[1]), "");
  const check = (node: SvgNode) => {
    assert.ok(
      !["script", "foreignObject", "use", "a", "iframe"].includes(node.name),
      `<${node.name}>`,
    );
    for (const [key, value] of Object.entries(node.attributes)) {
      if (!value.startsWith("#") && key !== "href")
        assert.doesNotMatch(
          value,
          /NaN|Infinity|undefined|null|\d[eE][-+]?\d/,
          `${key} of <${node.name}>`,
        );
      assert.doesNotMatch(key, /^on|^style$|^id$/, `${key} of <${node.name}>`);
      if (key === "href") assert.match(value, /^data:image\/png;base64,[A-Za-z0-9+/]+=*$/);
      if (["x", "y", "cx", "cy"].includes(key) && node.name !== "text") {
        const limit = Number(key.endsWith("x") ? width : height);
        assert.ok(
          Number(value) >= -0.01 && Number(value) <= limit + 0.01,
          `${key} ${value} of <${node.name}> is outside 0..${limit}`,
        );
      }
    }
    for (const child of node.children) if (typeof child !== "string") check(child);
  };
  check(root);
  return root;
}
