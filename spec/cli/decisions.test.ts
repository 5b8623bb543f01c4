import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { Arguments } from "../../lib/cli/arguments.ts";
import { decisionsTable, refuseDecisions, refuseProblems } from "../../lib/cli/decisions.ts";
import { FileError } from "../../lib/cli/files.ts";
import { analyzeTable } from "../../lib/data/fit.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { HAS_BASH } from "../helpers/shell.ts";
import { assertThrows } from "../helpers/throws.ts";

const args = (options: Record<string, string | true> = {}): Arguments =>
  new Arguments("train", ["a b.csv"], new Map(Object.entries({ label: "y", ...options })));

const CSV = `id,"a, b",size,kind,nothing,y\n${Array.from(
  { length: 40 },
  (_, i) => `${i + 1},${["u", "v", "?"][i % 3]},${i === 7 ? "NA" : i / 7},same,,${i % 2}`,
).join("\n")}\n`;
const table = parseCsv(CSV, { name: "a b.csv" });
const { decisions } = analyzeTable("train", table, { label: "y" });

test("decisionsTable shows column, kind, missing cells, what was done and what to write", () => {
  assert.equal(
    decisionsTable(decisions),
    `column   kind        missing  done                                              to do otherwise
${["─".repeat(7), "─".repeat(10), "─".repeat(7), "─".repeat(48), "─".repeat(18)].join("  ")}
id       identifier        0  left out: the numbers of the rows                 --numeric id
a, b     category         13  2 categories; missing cells are one of their own  --ignore "a\\, b"
size     number            1  missing cells take the mean                       --ignore size
kind     constant          0  left out: always "same"                           --categorical kind
nothing  empty            40  left out: no cell holds anything`,
  );
});

test("decisionsTable writes options that bash reads back, whatever the names are", {
  skip: !HAS_BASH && "there is no bash",
}, () => {
  for (const name of [
    "a b",
    'the "x"',
    "$cost",
    "it's",
    "a\\b",
    "`c`",
    "x, y",
    "a\nb",
    "都市",
    "u!",
  ]) {
    const otherwise = { name: "ignore" as const, value: name };
    const table = decisionsTable([{ ...decisions[3], column: name, otherwise }]);
    const word = table.slice(table.indexOf("--ignore") + "--ignore ".length);
    const read = execFileSync("bash", ["-c", `printf %s ${word}`], { encoding: "utf8" });
    assert.equal(read, name.replaceAll(",", "\\,"), word);
  }
});

test("decisionsTable lets columns with one decision share a line when they are many", () => {
  const many = Array.from({ length: 50 }, (_, i) => ({ ...decisions[3], column: `c${i}` }));
  const lines = decisionsTable(many).split("\n");
  assert.equal(lines.length, 3);
  assert.match(lines[2], /^50 columns: c0, c1, c2/);
});

test("refuseDecisions lists all columns with the command that accepts them", () => {
  assertThrows(
    () => refuseDecisions(args({ ignore: "old", strict: true }), decisions),
    FileError,
    `--strict expected every column to be named in an option, got decisions about 5:
${decisionsTable(decisions)}
accept with: twolayer train 'a b.csv' --label y --ignore old,id,kind,nothing --strict \
--categorical 'a\\, b' --missing mean`.replace("\\\n", ""),
  );
  const accepted = analyzeTable("train", table, {
    label: "y",
    ignore: ["id", "kind", "nothing"],
    categorical: ["a, b"],
    missing: "mean",
  });
  assert.deepEqual(accepted.decisions, []);
  refuseDecisions(args(), accepted.decisions);
});

test("refuseProblems names all columns and keeps the texts that are missing cells already", () => {
  const rows = Array.from({ length: 40 }, (_, i) => `${i / 7},${i / 3},${i % 2}`);
  rows[4] = "hot,NA,1";
  rows[5] = "1.5,low,1";
  const odd = parseCsv(`a,b,y\n${rows.join("\n")}\n`, { name: "t.csv" });
  assertThrows(
    () => refuseProblems(args(), odd, analyzeTable("train", odd, { label: "y" })),
    FileError,
    `t.csv:6:1: expected a number as in the rest of "a", got "hot"
t.csv:7:2: expected a number as in the rest of "b", got "low"
read as missing cells with: twolayer train 'a b.csv' --label y --na NA,hot,low
or name the columns in --categorical or --ignore`,
  );
});

test("decisionsTable says how texts that stand for no label become labels", () => {
  const named = parseCsv("a,y\n1,None\n2,Mild\n3,Bad\n");
  const [decision] = analyzeTable("train", named, { label: "y" }).decisions;
  assert.equal(
    decisionsTable([decision]).split("\n")[2],
    'y       label        1  rows without a label, such as "None", are left out  --na "?"',
  );
});

test("refuseProblems says that a first line of texts may be a second header", () => {
  const rows = Array.from({ length: 20 }, (_, i) => `${i / 7},${i / 3},${i % 2}`);
  const units = parseCsv(`a,b,y\ncm,cm,1\n${rows.join("\n")}\n`, { name: "a b.csv" });
  assertThrows(
    () => refuseProblems(args(), units, analyzeTable("train", units, { label: "y" })),
    FileError,
    `a b.csv:2:1: expected a number as in the rest of "a", got "cm"
a b.csv:2:2: expected a number as in the rest of "b", got "cm"
if this line is no data but says what the columns are, delete it
read as missing cells with: twolayer train 'a b.csv' --label y --na cm
or name the columns in --categorical or --ignore`,
  );
});
