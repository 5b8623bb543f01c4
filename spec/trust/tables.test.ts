// Tables as people have them: small files with one trait each, and clean tables made dirty in every
// way that leaves their meaning, which must give the same net to the last bit.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Random } from "../../lib/base/random.ts";
import { type CsvOptions, parseCsv } from "../../lib/formats/csv/csv.ts";
import { prepareTable } from "../../lib/model/prepare.ts";
import { PARAM_NAMES } from "../../lib/net/params.ts";
import { train } from "../../lib/training/trainer.ts";

type Answer = {
  label: string;
  kinds: Record<string, string>;
  classes: string[];
  rows: number;
  inputs: number;
  accuracy: number;
  remarks: number;
};

const folder = new URL("../fixtures/tables/", import.meta.url);
const ANSWERS: Record<string, Answer> = JSON.parse(
  readFileSync(new URL("answers.json", folder), "utf8"),
);

for (const [file, answer] of Object.entries(ANSWERS)) {
  test(`${file} is read, judged and learned right with no option but the label`, () => {
    const { label } = answer;
    const table = parseCsv(readFileSync(new URL(file, folder)), { expected: [label] });
    const { classifier, data, options } = prepareTable(table, { label, validation: 0 });
    const { features, classes, decisions = [] } = classifier.encoding;
    const kinds = Object.fromEntries([
      ...features.map((each) => [each.column, "categories" in each ? "category" : "number"]),
      ...decisions.filter(({ kind }) => kind !== "label").map((each) => [each.column, each.kind]),
    ]);
    assert.deepEqual(kinds, answer.kinds);
    assert.deepEqual(classes, answer.classes);
    assert.equal(data.X.rows, answer.rows);
    assert.equal(data.X.cols, answer.inputs);
    assert.equal(table.remarks.length, answer.remarks);
    train(classifier.net, data, options);
    assert.ok(classifier.evaluate(table).accuracy >= answer.accuracy);
  });
}

/** A clean table: two numbers, a category with missing cells, a class that depends on them. */
function cleanTable(seed: number): string[][] {
  const random = new Random(seed);
  const numbers = random.normal(240);
  const picks = random.integers(120, 4);
  const rows = Array.from({ length: 120 }, (_, i) => {
    const [a, b] = [numbers[i] * 10, numbers[120 + i]];
    const kind = ["red", "green", "blue", ""][picks[i]];
    const size = i % 17 === 0 ? "" : (1000 + Math.abs(a) * 500).toFixed(0);
    return [a.toFixed(2), size, kind, a + b > (picks[i] === 0 ? 2 : 0) ? "yes" : "no"];
  });
  return [["alpha", "size", "kind", "class"], ...rows];
}

const join = (rows: readonly (readonly string[])[], delimiter = ","): string =>
  `${rows.map((row) => row.join(delimiter)).join("\n")}\n`;
const body = (
  rows: readonly string[][],
  change: (cell: string, i: number, j: number) => string,
): string[][] => [rows[0], ...rows.slice(1).map((row, i) => row.map((c, j) => change(c, i, j)))];
const grouped = (digits: string, mark: string): string => digits.replace(/\B(?=(\d{3})+$)/g, mark);

/** Ways to spoil a clean table without changing what it says; the label is "class" in all. */
const DIRT: Record<string, (rows: string[][]) => string | Uint8Array> = {
  "blanks around cells and names": (rows) => join(rows.map((row) => row.map((c) => ` ${c}  `))),
  "quotes around every cell": (rows) => join(rows.map((row) => row.map((c) => `"${c}"`))),
  "blanks before quotes": (rows) => join(rows.map((row) => row.map((c) => ` "${c}"`))),
  semicolons: (rows) => join(rows, ";"),
  tabs: (rows) => join(rows, "\t"),
  pipes: (rows) => join(rows, "|"),
  "sep= line": (rows) => `sep=;\r\n${join(rows, ";")}`,
  "CR line ends": (rows) => join(rows).replaceAll("\n", "\r"),
  "CRLF line ends and a byte order mark": (rows) => `\ufeff${join(rows).replaceAll("\n", "\r\n")}`,
  "comment lines": (rows) => `# made, 2024\n#\n${join(rows)}`,
  "blank rows": (rows) =>
    join(rows.flatMap((row, i) => (i % 9 === 3 ? [row, ["", "", "", ""]] : [row]))),
  "a trailing delimiter in every row": (rows) =>
    join([rows[0], ...rows.slice(1).map((row) => [...row, ""])]),
  "nameless empty columns": (rows) => join(rows.map((row) => [...row, "", ""])),
  "names of rows as R writes them": (rows) =>
    join([rows[0], ...rows.slice(1).map((row, i) => [`"${i + 1}"`, ...row])]),
  "an unnamed index": (rows) => join(rows.map((row, i) => [i === 0 ? "" : String(i - 1), ...row])),
  "a constant, an identifier, a date and an empty column": (rows) =>
    join(
      rows.map((row, i) =>
        i === 0
          ? ["unit", ...row, "id", "when", "note"]
          : ["cm", ...row, `p${i}`, `2024-01-${10 + (i % 20)}`, ""],
      ),
    ),
  "texts for missing cells": (rows) =>
    join(
      body(rows, (c, i) => (c === "" ? ["NA", "?", "n/a", "NaN", "null", "-", "#N/A"][i % 7] : c)),
    ),
  "decimal commas": (rows) =>
    join(
      body(rows, (c) => c.replace(".", ",")),
      ";",
    ),
  "decimal commas in quotes": (rows) =>
    join(body(rows, (c) => (c.includes(".") ? `"${c.replace(".", ",")}"` : c))),
  "groups of thousands": (rows) =>
    join(body(rows, (c, _, j) => (j === 1 && c !== "" ? `"${grouped(c, ",")}"` : c))),
  "decimal commas and points between thousands": (rows) =>
    join(
      body(rows, (c, _, j) => (j === 1 ? grouped(c, ".") : c.replace(".", ","))),
      ";",
    ),
  "rows without a label": (rows) =>
    join(
      rows.flatMap((row, i) => (i > 0 && i % 11 === 0 ? [row, ["1.5", "", "red", "NA"]] : [row])),
    ),
  "currency signs": (rows) =>
    join(body(rows, (c, _, j) => (j === 1 && c !== "" ? `"$${grouped(c, ",")}"` : c))),
  "euros after decimal commas": (rows) =>
    join(
      body(rows, (c, _, j) => (j === 0 ? `${c.replace(".", ",")} €` : c)),
      ";",
    ),
  "percent signs": (rows) => join(body(rows, (c, _, j) => (j === 0 ? `${c} %` : c))),
  units: (rows) => join(body(rows, (c, _, j) => (j === 0 ? `${c} cm` : c))),
  "negative numbers in brackets": (rows) =>
    join(body(rows, (c, _, j) => (j === 0 && c.startsWith("-") ? `(${c.slice(1)})` : c))),
  "minus signs of typesetters": (rows) => join(body(rows, (c) => c.replace("-", "\u2212"))),
  "full-width digits": (rows) =>
    join(
      body(rows, (c, _, j) =>
        j === 0 ? c.replace(/\d/g, (d) => String.fromCharCode(0xff10 + Number(d))) : c,
      ),
    ),
  "blanks between thousands": (rows) =>
    join(body(rows, (c, _, j) => (j === 1 ? grouped(c, "\u00a0") : c))),
  "more texts for missing cells": (rows) =>
    join(body(rows, (c, i) => (c === "" ? ["nil", "(null)", "\\N", ".", "–"][i % 5] : c))),
  "a title above the header": (rows) => `Survey, of 2024\n\n${join(rows)}`,
  "a line of units below the header": (rows) =>
    join([rows[0], ["cm", "kg", "", ""], ...rows.slice(1)]),
  "the header again in the middle": (rows) =>
    join([...rows.slice(0, 50), rows[0], ...rows.slice(50)]),
  "a total and a source at the end": (rows) => `${join(rows)}Total,12,,\n\nSource: a survey\n`,
  carets: (rows) => join(rows, "^"),
  "Ctrl-Z at the end": (rows) => `${join(rows)}\x1a`,
  "UTF-16": (rows) => Uint8Array.from([0xff, 0xfe, ...Buffer.from(join(rows), "utf16le")]),
  "UTF-16 without a mark": (rows) => Uint8Array.from(Buffer.from(join(rows), "utf16le")),
  "windows-1252": (rows) => Buffer.from(`# Gr\xf6\xdfe\n${join(rows)}`, "latin1"),
};

/** The parameters of a net trained a little on the table. */
function trainedOn(text: string | Uint8Array, options: CsvOptions = {}): Float64Array[] {
  const table = parseCsv(text, { expected: ["class"], ...options });
  const { classifier, data } = prepareTable(table, { label: "class", hiddenSize: 6 });
  train(classifier.net, data, { learningRate: 0.1, iterations: 10, batchSize: 20 });
  return PARAM_NAMES.map((name) => classifier.net.params[name].data);
}

const CLEAN = [1, 2].map(cleanTable);
for (const [name, spoil] of Object.entries(DIRT)) {
  test(`A table with ${name} gives the bits of the clean one`, () => {
    for (const rows of CLEAN) assert.deepEqual(trainedOn(spoil(rows)), trainedOn(join(rows)));
  });
}

test("A table without a header gives the bits of the one with it", () => {
  for (const rows of CLEAN) {
    const { classifier, data } = prepareTable(parseCsv(join(rows.slice(1))), {
      label: "column_4",
      hiddenSize: 6,
    });
    train(classifier.net, data, { learningRate: 0.1, iterations: 10, batchSize: 20 });
    const params = PARAM_NAMES.map((each) => classifier.net.params[each].data);
    assert.deepEqual(params, trainedOn(join(rows)));
  }
});
