import assert from "node:assert/strict";
import { test } from "node:test";
import type { ColumnDecision } from "../../lib/data/column-decision.ts";
import { analyzeColumn } from "../../lib/data/columns.ts";
import { missingTest } from "../../lib/data/missing.ts";
import { allRows } from "../../lib/data/rows.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";

const NO_HINTS = {
  categorical: new Set<string>(),
  numeric: new Set<string>(),
  features: new Set<string>(),
  missing: undefined,
};

/** The analysis of a column with these cells, beside one that keeps rows of empty cells. */
function analyze(
  cells: readonly (string | number)[],
  { name = "x", ...hints }: { name?: string } & Partial<typeof NO_HINTS> = {},
): ReturnType<typeof analyzeColumn> {
  const quote = (cell: string | number): string => `"${String(cell).replaceAll('"', '""')}"`;
  const text = `${name},k\n${cells.map((cell) => `${quote(cell)},k`).join("\n")}\n`;
  const table = parseCsv(text, { header: true, delimiter: ",", decimal: "." });
  return analyzeColumn(table, 0, missingTest(), { ...NO_HINTS, ...hints }, allRows(cells.length));
}

/** `count` cells made by `make`. */
const many = <T>(make: (i: number) => T, count = 60): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const pick = (...texts: string[]): string[] => many((i) => texts[(i * 7) % texts.length]);

const KINDS: Record<string, [ColumnDecision["kind"], (string | number)[]]> = {
  "numbers with a fraction, all different": ["number", many((i) => i / 7)],
  "integers with repetitions": ["number", many((i) => (i * 7) % 11)],
  "different integers far apart": ["number", many((i) => (i * 7919) % 100003)],
  "groups of thousands": ["number", many((i) => `${(i % 3) + 1},${100 + ((i * 7) % 13)}`)],
  "TRUE and FALSE": ["number", pick("TRUE", "FALSE", "false")],
  "numbers and missing cells": ["number", many((i) => (i % 4 === 0 ? "NA" : i / 3))],
  "currency signs, some left out": ["number", many((i) => (i % 5 ? `$${i}.5` : `${i}.5`))],
  "percent signs": ["number", many((i) => `${i}.5 %`)],
  "negative numbers in brackets": ["number", many((i) => (i % 2 ? `(${i}.5)` : `${i}.5`))],
  "numbers with one unit": ["number", many((i) => `${i}.5 cm`)],
  "numbers with one unit and missing cells": [
    "number",
    many((i) => (i % 9 ? `${(i * 7) % 11} cm` : "NA")),
  ],
  "numbers with two units": ["identifier", many((i) => (i % 2 ? `${i}.5 MB` : `${i}.5 GB`))],
  "percent signs in some cells": ["identifier", many((i) => (i % 2 ? `${i}.5%` : `${i}.5`))],
  "postal codes": ["identifier", many((i) => String((i * 7919) % 99999).padStart(5, "0"))],
  "few postal codes": ["category", pick("01067", "10115", "80331")],
  words: ["category", pick("a", "b", "c")],
  "words and missing cells": ["category", pick("a", "b", "", "?")],
  "one word and missing cells": ["category", pick("y", "")],
  "plus and minus": ["category", pick("+", "-")],
  "numbers and more": ["category", pick("2", "3", "4", "5more")],
  "codes with leading zeros": ["category", pick("007", "008", "010")],
  "ranges that look like dates of no kind": ["category", pick("30-39", "40-49")],
  "the same number": ["constant", many(() => 5)],
  "the same number or missing": ["constant", pick("5", "NA")],
  "the same word": ["constant", many(() => "y")],
  "row numbers from 1": ["identifier", many((i) => i + 1)],
  "row numbers in another order": ["identifier", many((i) => (i * 7) % 60)],
  "row numbers with gaps": ["identifier", many((i) => 3 + i + Math.floor(i / 5))],
  "different words": ["identifier", many((i) => `name ${i}`)],
  "tickets: numbers and words": [
    "identifier",
    many((i) => (i % 4 === 0 ? `PC ${i}` : 1000 + i * 17)),
  ],
  "numbers with more than 15 digits": ["identifier", many((i) => `12345678901234${100 + i}`)],
  "long numbers of equal length": ["identifier", many((i) => 15634602 + i * 9973)],
  "ISO dates": ["date", many((i) => `2024-01-${10 + (i % 20)}`)],
  "dates and times": ["date", many((i) => `2024-01-${10 + (i % 20)} 12:${10 + i}:00`)],
  "day, month, year": ["date", many((i) => `${10 + (i % 20)}/02/2024`)],
  "names of months": ["date", many((i) => `${10 + (i % 20)} Feb 2024`)],
  "dates as numbers": ["date", many((i) => 20240110 + (i % 20))],
  "times of day": ["date", many((i) => `${10 + (i % 9)}:30`)],
  nothing: ["empty", many(() => "")],
  "texts for nothing": ["empty", pick("NA", "?", "-", "null", "#DIV/0!")],
};
for (const [title, [kind, cells]] of Object.entries(KINDS)) {
  test(`analyzeColumn takes ${title} for ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`, () => {
    const { decision, learned, problem } = analyze(cells);
    assert.equal(decision.kind, kind);
    assert.equal(learned !== undefined, kind === "number" || kind === "category");
    assert.equal(problem, undefined);
  });
}

test("analyzeColumn takes different integers for an identifier when the name says so", () => {
  const cells = many((i) => (i * 7919) % 100003);
  for (const name of ["id", "ID", "Id", "PassengerId", "customer_id", "Sample code number"])
    assert.equal(analyze(cells, { name }).decision.kind, "identifier", name);
  for (const name of ["acid", "humidity", "paid", "population", "index_of_nothing_xid"])
    assert.equal(
      analyze(cells, { name }).decision.kind,
      name.startsWith("index") ? "identifier" : "number",
      name,
    );
});

test("analyzeColumn leaves nothing out of a table of fewer than ten rows but constants", () => {
  for (const cells of [
    [1, 2, 3, 4],
    ["a", "b", "c", "d"],
    [20240101, 20240102],
  ])
    assert.notEqual(analyze(cells).learned, undefined);
});

test("analyzeColumn follows what is said about a column", () => {
  const ids = many((i) => i + 1);
  const named = new Set(["x"]);
  assert.equal(analyze(ids, { numeric: named }).decision.kind, "number");
  assert.equal(analyze(ids, { features: named }).decision.kind, "number");
  assert.equal(
    analyze(
      many((i) => i % 3),
      { categorical: named },
    ).decision.kind,
    "category",
  );
  assert.equal(
    analyze(
      many((i) => `name ${i}`),
      { features: named },
    ).decision.kind,
    "category",
  );
  assert.deepEqual(analyze(ids, { numeric: named }).decision.confirm, []);
  assert.match(analyze([1, 2, "many"], { numeric: named }).problem!.reason, /got "many"/);
});

test("analyzeColumn says what was done and which options say the same or decide otherwise", () => {
  assert.deepEqual(analyze(many((i) => (i % 4 === 0 ? "NA" : i / 3))).decision, {
    column: "x",
    kind: "number",
    missing: 15,
    done: "missing cells take the mean",
    otherwise: { name: "ignore", value: "x" },
    confirm: [{ name: "missing", value: "mean" }],
  });
  assert.deepEqual(analyze(many((i) => `name ${i}`)).decision, {
    column: "x",
    kind: "identifier",
    missing: 0,
    done: "left out: 60 different texts in 60 rows",
    otherwise: { name: "categorical", value: "x" },
    confirm: [{ name: "ignore", value: "x" }],
  });
  const rare = many((i) => (i < 5 ? `r${i}` : ["u", "v", ""][i % 3]), 600);
  assert.deepEqual(analyze(rare).decision, {
    column: "x",
    kind: "category",
    missing: 199,
    done: "2 categories, 5 rare ones as one; missing cells are one of their own",
    otherwise: { name: "ignore", value: "x" },
    confirm: [
      { name: "categorical", value: "x" },
      { name: "missing", value: "mean" },
    ],
  });
});

test("analyzeColumn names a few other texts among different numbers as a problem", () => {
  const cells: (string | number)[] = many((i) => i / 7);
  cells[20] = "hot";
  cells[40] = "hot";
  cells[41] = "cold";
  const { problem } = analyze(cells);
  assert.deepEqual(problem, {
    row: 20,
    index: 0,
    reason: 'expected a number as in the rest of "x", got "hot", and 1 more',
    texts: ["hot", "cold"],
  });
});
