import assert from "node:assert/strict";
import { test } from "node:test";
import { fitEncoding } from "../../lib/data/fit.ts";
import { copiesLabel, fitClasses, labelDecision } from "../../lib/data/label-column.ts";
import { missingTest } from "../../lib/data/missing.ts";
import { allRows } from "../../lib/data/rows.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";

const KINDS = ["oak", "elm", "ash"];

/** A table of `rows` rows, whose columns are given by the number of the class and of the row. */
function tableOf(rows: number, columns: Record<string, (c: number, i: number) => unknown>) {
  const cells = Array.from({ length: rows }, (_, i) =>
    Object.values(columns).map((cell) => cell(i % 3, i)),
  );
  return parseCsv([Object.keys(columns), ...cells].map((row) => `${row.join()}\n`).join(""));
}

test("copiesLabel finds columns that are one-to-one with the label, and no others", () => {
  const table = tableOf(30, {
    kind: (c) => KINDS[c],
    same: (c) => KINDS[c],
    code: (c) => 10 * c,
    once: (c, i) => (i === 29 ? "rare" : KINDS[c]),
    coarse: (c) => Math.min(c, 1),
    constant: () => 1,
    row: (_, i) => i,
  });
  assert.deepEqual(
    table.columns.filter((_, j) => j > 0 && copiesLabel(table, j, 0, allRows(30))),
    ["same", "code"],
  );
  assert.ok(copiesLabel(table, 3, 0, allRows(29)), "by the rows that are given");
});

test("copiesLabel finds nothing in fewer than ten rows, nor with a single class", () => {
  const few = tableOf(9, { kind: (c) => KINDS[c], same: (c) => KINDS[c] });
  assert.equal(copiesLabel(few, 1, 0, allRows(9)), false);
  const one = tableOf(30, { kind: () => "oak", same: () => "oak" });
  assert.equal(copiesLabel(one, 1, 0, allRows(30)), false);
});

test("A column that determines the label is learned, and its decision says so", () => {
  const table = tableOf(30, {
    width: (c, i) => c + i / 7,
    code: (c) => c + 0.5,
    name: (c) => `a ${KINDS[c]}`,
    kind: (c) => KINDS[c],
  });
  const { features, decisions = [] } = fitEncoding(table, { label: "kind" });
  assert.deepEqual(
    features.map(({ column }) => column),
    ["width", "code", "name"],
  );
  const remark = "; each value stands for one class: it determines the label";
  assert.deepEqual(
    decisions.map(({ column, done, confirm }) => ({ column, done, confirm })),
    [
      {
        column: "code",
        done: `learned from${remark}`,
        confirm: [{ name: "numeric", value: "code" }],
      },
      {
        column: "name",
        done: `3 categories${remark}`,
        confirm: [{ name: "categorical", value: "name" }],
      },
    ],
  );
  const said = fitEncoding(table, { label: "kind", numeric: ["code"], categorical: ["name"] });
  assert.deepEqual(said.decisions ?? [], [], "what the caller has named is no decision");
});

test("fitClasses and labelDecision tell rows without a label, and how they are written", () => {
  const table = parseCsv("a,kind\n1,oak\n2,\n3,?\n4,elm\n");
  const labels = fitClasses(table, 1, missingTest(), "mean");
  assert.deepEqual(labels, { classes: ["elm", "oak"], absent: [1, 2], absentText: "?" });
  assert.deepEqual(labelDecision("kind", labels, undefined), [
    {
      column: "kind",
      kind: "label",
      missing: 2,
      done: 'rows without a label, such as "?", are left out',
      otherwise: { name: "na", value: "NA" },
      confirm: [{ name: "missing", value: "mean" }],
    },
  ]);
  assert.deepEqual(labelDecision("kind", { absent: [], absentText: "" }, undefined), []);
});
