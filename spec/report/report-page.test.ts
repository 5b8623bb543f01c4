import assert from "node:assert/strict";
import { test } from "node:test";
import { Matrix } from "../../lib/matrix/matrix.ts";
import { type Report, reportPage } from "../../lib/report/report-page.ts";
import { parsePngUrl } from "../helpers/png.ts";
import { checkFigure } from "../helpers/svg.ts";
import { assertThrows } from "../helpers/throws.ts";

const evaluation = {
  name: "test",
  actual: [0, 1, 1, 0],
  predicted: [0, 0, 1, 1],
  probabilities: Matrix.fromRows([
    [0.9, 0.1],
    [0.6, 0.4],
    [0.2, 0.8],
    [0.3, 0.7],
  ]),
  inputs: Matrix.fromRows([
    [0, 0, 0, 0],
    [0, 16, 0, 16],
    [1, 2, 3, 4],
    [16, 0, 16, 0],
  ]),
  rowNumbers: [10, 11, 12, 13],
};
const full: Report = {
  title: "Tiny",
  summary: "A 4 → 2 → 2 network.",
  about: { data: "tiny.csv", rows: 12345, noise: undefined },
  settings: { "learning rate": 0.1, seed: 0, shuffle: true },
  command: "twolayer train tiny.csv\ntwolayer report tiny.model",
  accuracy: { train: 0.99, test: 0.5, validation: undefined },
  history: { loss: [2, 1], trainAccuracy: [0.5, 0.9], valAccuracy: [0.5, 0.8] },
  evaluation,
  weights: Matrix.fromRows([
    [1, -1],
    [0, 0],
    [2, 1],
    [0, 1],
  ]),
  image: { width: 2, height: 2 },
  classes: ["cat", "dog"],
};

const figures = (html: string) => (html.match(/<svg [^]*?<\/svg>/g) ?? []).map(checkFigure);
const headings = (html: string) =>
  Array.from(html.matchAll(/<h2>(.*?)<\/h2>/g), ([, text]) => text);
const text = (html: string) =>
  html
    .replace(/<(style|title|svg)[^]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

test("reportPage has a section for each part", () => {
  const html = reportPage(full);
  assert.deepEqual(headings(html), [
    "What was trained on what",
    "Settings",
    "How the training went",
    "Where it is right and wrong, test rows",
    "What the hidden units look for",
    "The worst mistakes",
    "Do it again",
  ]);
  assert.equal(figures(html).length, 4);
  const words = text(html);
  for (const part of [
    "99.0% accuracy on rows it was trained on",
    "50.0% accuracy on test rows",
    "data tiny.csv",
    "rows 12,345",
    "learning rate 0.1",
    "seed 0",
    "shuffle true",
    "50.0% of 4 rows are right. Most often cat is taken for dog: 1 time.",
    "2 mistakes, the surest first, with the probability given to the wrong class; rows " +
      "are counted from 1.",
    "cat taken for dog row 14 · 70.0%",
    "dog taken for cat row 12 · 60.0%",
  ])
    assert.ok(words.includes(part), part);
  assert.ok(!words.includes("validation accuracy") && !words.includes("noise"));
  assert.ok(html.includes("<code>twolayer train tiny.csv\ntwolayer report tiny.model</code>"));
  assert.equal(reportPage(full), html);
});

test("Mistakes are images where inputs are images, with a description for screen readers", () => {
  const images = Array.from(
    reportPage(full).matchAll(/<img alt="([^"]*)" width="72" height="72" src="([^"]*)"\/>/g),
  );
  assert.deepEqual(
    images.map(([, alt]) => alt),
    ["row 14: cat, taken for dog", "row 12: dog, taken for cat"],
  );
  assert.deepEqual(parsePngUrl(images[0][2]).pixels, [
    [255, 255, 255],
    [0, 0, 0],
    [255, 255, 255],
    [0, 0, 0],
  ]);
});

test("Mistakes are a table of the eight most telling inputs where they are no images", () => {
  const html = reportPage({
    title: "t",
    // only input 9 differs between the classes
    evaluation: {
      ...evaluation,
      inputs: new Matrix(4, 10).map((_, i, j) => (j === 9 ? evaluation.actual[i] : 0)),
    },
    columns: ["age"],
  });
  assert.ok(text(html).includes("row actual taken for how sure input 9 age input 1 input 2"));
  assert.ok(text(html).includes("input 6 14 0 1 70.0% 0 0 0 0 0 0 0 0 12 1 0 60.0% 1 0"));
  assert.ok(
    text(html).includes(
      "8 of 10 inputs are shown: those that differ most between the classes, " +
        "the most telling first.",
    ),
  );
  const bare = text(
    reportPage({ title: "t", evaluation: { name: "test", actual: [0, 1], predicted: [1, 1] } }),
  );
  assert.ok(bare.includes("1 mistake; rows are counted from 1. row actual taken for 1 0 1"));
});

test("A page of many classes lists the most frequent confusions", () => {
  const actual = Array.from({ length: 120 }, (_, i) => i % 30);
  const predicted = actual.map((label, i) => (label < 15 && i < 90 ? label + 1 : label));
  const html = reportPage({ title: "t", evaluation: { name: "test", actual, predicted } });
  const words = text(html);
  assert.ok(words.includes("The 10 most frequent of 15 confusions:"), words);
  assert.ok(words.includes("actual taken for rows 0 1 3 1 2 3"), words);
});

test("A page of more than fifty classes has the worst pairs in place of a matrix", () => {
  for (const [classes, drawn] of [
    [50, 1],
    [51, 0],
    [200, 0],
  ]) {
    const actual = Array.from({ length: 4 * classes }, (_, i) => i % classes);
    const predicted = actual.map((label, i) =>
      i < 40 || (i > classes && label === 7) ? 0 : label,
    );
    const html = reportPage({ title: "t", evaluation: { name: "test", actual, predicted } });
    assert.equal(figures(html).length, drawn, `${classes} classes`);
    const listed = drawn === 1 ? 10 : 30;
    const words = text(html);
    assert.ok(words.includes(`The ${listed} most frequent of 39 confusions:`), words);
    assert.ok(words.includes("actual taken for rows 7 0 4 1 0 1 2 0 1"), words);
    const scores = /<table>\s*<thead>.*?F1.*?<tbody>(.*?)<\/tbody>/s.exec(html)![1];
    assert.equal(scores.match(/<tr>/g)?.length, classes, "a line for each class");
  }
});

test("The page's content is in one main landmark, and what scrolls can be focused", () => {
  const html = reportPage({ ...full, image: undefined, weights: undefined });
  assert.match(html, /<body>\n<main>[^]*<\/main>\n<\/body>/);
  assert.match(html, /<div class="scroll" tabindex="0" role="region" aria-label="[^"]+">/);
});

test("The page has no script, fetches nothing, and has a policy that forbids both", () => {
  const html = reportPage(full);
  assert.ok(
    html.startsWith(
      "<!doctype html>\n<html " +
        'lang="en">\n<head>\n<meta ' +
        'charset="utf-8">\n<meta ' +
        'http-equiv="Content-Security-Policy"',
    ),
  );
  const policy =
    "default-src 'none'; base-uri 'none'; form-action 'none'; " +
    "style-src 'unsafe-inline'; img-src data:";
  assert.ok(html.includes(`content="${policy}"`));
  assert.doesNotMatch(html, /<script|<link|@import|url\(|\son\w+=|\sstyle=|javascript:/i);
  for (const [, address] of html.matchAll(/(?:src|href)="([^"]*)"/g))
    assert.match(address, /^data:image\/png;base64,/);
  for (const [address] of html.matchAll(/https?:[^"'\s]*/g))
    assert.equal(address, "http://www.w3.org/2000/svg");
  assert.match(html, /<meta name="viewport"/);
  assert.match(html, /@media \(prefers-color-scheme:dark\)/);
});

test("The tags of the page are balanced", () => {
  const open: string[] = [];
  for (const [, slash, name, empty] of reportPage(full).matchAll(
    /<(\/?)([a-z]\w*)[^>]*?(\/?)>/gi,
  )) {
    if (empty || ["meta", "br"].includes(name)) continue;
    if (slash) assert.equal(open.pop(), name);
    else open.push(name);
  }
  assert.deepEqual(open, []);
});

test("User text cannot become markup anywhere", () => {
  const evil = `</title></style><script>alert(1)</script><img src=x onerror="a">\x1b[31m`;
  const html = reportPage({
    ...full,
    title: evil,
    summary: evil,
    about: { [evil]: evil },
    settings: { [evil]: evil },
    command: evil,
    accuracy: { [evil]: 1 },
    classes: [evil, evil],
    columns: [evil],
    evaluation: { ...evaluation, name: evil },
  });
  assert.doesNotMatch(html, /<script|<img src=x|\x1b/);
  const table = reportPage({ title: "t", evaluation, columns: [evil], classes: [evil, evil] });
  assert.doesNotMatch(table, /<script|<img src=x|\x1b/);
  figures(html);
});

test("Every part may be missing", () => {
  assert.deepEqual(headings(reportPage({ title: "Only a title" })), []);
  assert.ok(
    text(
      reportPage({ title: "t", evaluation: { name: "test", actual: [], predicted: [] } }),
    ).includes("There are no rows to evaluate."),
  );
  assert.ok(
    text(
      reportPage({ title: "t", evaluation: { name: "test", actual: [1, 0], predicted: [1, 0] } }),
    ).includes("None: every one of the 2 rows is right."),
  );
  figures(reportPage({ title: "t", history: { loss: [NaN], trainAccuracy: [], valAccuracy: [] } }));
  // without an image shape there is no picture
  assert.deepEqual(headings(reportPage({ title: "t", weights: new Matrix(4, 2) })), []);
});

test("Of many mistakes as many are shown as asked for", () => {
  const many = { name: "test", actual: new Int32Array(50), predicted: new Int32Array(50).fill(1) };
  assert.ok(
    text(reportPage({ title: "t", evaluation: many, mistakes: 3 })).includes(
      "3 of 50 mistakes; rows are counted from 1. row actual taken for 1 0 1 2 0 1 3 0 1",
    ),
  );
});

test("Wrong arguments are refused", () => {
  assertThrows(
    () => reportPage({} as never),
    TypeError,
    "reportPage: title expected a string, got undefined",
  );
  assertThrows(
    () => reportPage({ title: "t", evaluation: { ...evaluation, predicted: [1] } }),
    RangeError,
    "reportPage: evaluation.predicted expected 4 rows, one for each actual label, got 1",
  );
  assertThrows(
    () => reportPage({ title: "t", evaluation: { ...evaluation, inputs: new Matrix(3, 4) } }),
    RangeError,
    "reportPage: evaluation.inputs expected 4 rows, one for each actual label, got 3",
  );
  assertThrows(
    () => reportPage({ title: "t", evaluation: { ...evaluation, predicted: [0, 0, 1, 2] } }),
    RangeError,
    "reportPage: evaluation.predicted[3] expected an integer in 0..1, got 2",
  );
  assertThrows(
    () => reportPage({ ...full, image: { width: 3, height: 3 } }),
    RangeError,
    "reportPage: expected width·height·channels = 4 inputs, got 3·3·1 = 9",
  );
});
