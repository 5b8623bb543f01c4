import assert from "node:assert/strict";
import { test } from "node:test";
import {
  coordinate,
  element,
  escapeMarkup,
  figure,
  heading,
  label,
  path,
  textElement,
} from "../../lib/report/svg.ts";
import { checkFigure, outline, parseSvg, textOf, textsOf } from "../helpers/svg.ts";

test("escapeMarkup leaves nothing that ends a text or an attribute", () => {
  assert.equal(escapeMarkup(`<a href="x">&'\x00`), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;\\x00");
  assert.equal(escapeMarkup("&amp;"), "&amp;amp;");
});

test("Coordinate writes at most two decimals, and no negative zero", () => {
  assert.deepEqual([1, 1.005, -0.001, 1 / 3, 12345.678].map(coordinate), [
    "1",
    "1",
    "0",
    "0.33",
    "12345.68",
  ]);
});

test("path writes the numbers of a template as coordinates", () => {
  assert.equal(path`M${1 / 3} ${-0}h${2}z`, "M0.33 0h2z");
});

test("element paints with the colors of the palette, and leaves alone what has none", () => {
  assert.equal(
    element("path", { d: "M0 0", stroke: "grid" }),
    '<path d="M0 0" fill="none" stroke="#dfe3e8" class="tl-s-grid"/>',
  );
  assert.equal(element("g", { stroke: undefined }), "<g/>");
});

test("textElement escapes its text", () => {
  assert.equal(textElement("b", "<&>", { class: "x" }), '<b class="x">&lt;&amp;&gt;</b>');
});

test("element leaves out what is undefined and escapes what is text", () => {
  assert.equal(element("rect", { x: 1.23456, fill: undefined, class: "" }), '<rect x="1.23"/>');
  assert.equal(
    element("g", { transform: 'a"b' }, "<p/>", "t"),
    '<g transform="a&quot;b"><p/>t</g>',
  );
});

test("label cuts to its width and escapes", () => {
  const node = parseSvg(
    label(1, 2, "x < y & a much longer text", { maxWidth: 60, anchor: "end", bold: true }),
  );
  assert.deepEqual(
    { ...node.attributes, children: node.children },
    {
      x: "1",
      y: "2",
      "font-size": "13",
      "font-weight": "600",
      "text-anchor": "end",
      fill: "#59636e",
      class: "tl-f-muted",
      children: ["x < y &…"],
    },
  );
});

test("heading has the title and the caption's lines, and says where they end", () => {
  const short = heading("Title", "caption", 400);
  assert.deepEqual(textsOf(parseSvg(`<g>${short.parts.join("")}</g>`)), ["Title", "caption"]);
  const long = heading("Title", "many words ".repeat(9).trim(), 400);
  assert.equal(
    textsOf(parseSvg(`<g>${long.parts.join("")}</g>`))
      .slice(1)
      .join(" "),
    "many words ".repeat(9).trim(),
  );
  assert.ok(long.bottom > short.bottom);
});

test("figure is a labelled document on a surface of its own", () => {
  const svg = checkFigure(
    figure({ width: 10, height: 20, title: "a & b", description: "<c>" }, "<g/>"),
  );
  assert.equal(
    outline(svg),
    `\
svg class=tl height=20 role=img viewBox=0 0 10 20 width=10
  title | a & b
  desc | <c>
  rect class=tl-f-surface fill=#ffffff height=20 rx=6 width=10
  g
`,
  );
});

test("The reader of the tests refuses what is not well-formed", () => {
  for (const markup of [
    "<a>",
    "<a></b>",
    "<a x=1/>",
    '<a x="1" x="2"/>',
    "<a>&nbsp;</a>",
    "<a/><b/>",
    "<a>\x00</a>",
    '<a x="<"/>',
    "<a>b < c</a>",
    "<a>\ud800</a>",
  ]) {
    assert.throws(() => parseSvg(markup), assert.AssertionError, JSON.stringify(markup));
  }
  assert.equal(textOf(parseSvg("<a>1<b>2</b>3</a>")), "123");
});
