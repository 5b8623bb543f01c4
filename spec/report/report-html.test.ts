import assert from "node:assert/strict";
import { test } from "node:test";
import {
  commandBlock,
  facts,
  pair,
  scroller,
  section,
  settingInWords,
  tiles,
} from "../../lib/report/report-html.ts";

test("Section and facts escape their text", () => {
  assert.equal(section("a < b", "<p></p>"), "<section>\n<h2>a &lt; b</h2>\n<p></p>\n</section>");
  assert.equal(facts({ "a & b": "<i>" }), "<dl>\n<dt>a &amp; b</dt><dd>&lt;i&gt;</dd>\n</dl>");
});

test("Facts have names in words where asked for", () => {
  assert.equal(
    facts({ reg: 1 }, settingInWords),
    "<dl>\n<dt>L2 regularization</dt><dd>1</dd>\n</dl>",
  );
});

test("Facts and tiles leave out what is undefined", () => {
  assert.equal(facts({ a: undefined, b: true }), "<dl>\n<dt>b</dt><dd>true</dd>\n</dl>");
  assert.equal(tiles({ train: undefined }), "");
  assert.equal(
    tiles({ train: 0.5, test: undefined }),
    '<ul class="tiles">\n<li><b>50.0%</b>accuracy on rows it was trained on</li>\n</ul>',
  );
});

test("settingInWords spells names as words", () => {
  const settings = ["learningRate", "batchSize", "reg", "clipNorm", "seed"];
  assert.deepEqual(settings.map(settingInWords), [
    "learning rate",
    "batch size",
    "L2 regularization",
    "largest norm of the gradient",
    "seed",
  ]);
});

test("scroller is a named region that the keyboard reaches", () => {
  assert.equal(
    scroller("A & b", "<table></table>"),
    '<div class="scroll" tabindex="0" role="region" aria-label="A &amp; b"><table></table></div>',
  );
});

test("Pair is empty without sections", () => {
  assert.equal(pair(undefined, ""), "");
  assert.equal(pair("<p></p>", undefined), '<div class="pair">\n<p></p>\n</div>');
});

test("commandBlock keeps the line breaks of every system", () => {
  assert.equal(commandBlock("a <b>\r\nc\rd"), "<pre><code>a &lt;b&gt;\nc\nd</code></pre>");
});
