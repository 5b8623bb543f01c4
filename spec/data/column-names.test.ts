import assert from "node:assert/strict";
import { test } from "node:test";
import { checkNames, columnIndices, listColumns } from "../../lib/data/column-names.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";

const table = parseCsv("width,height,kind\n1,2,x\n", { name: "t.csv" });

test("columnIndices finds columns in any order, whatever blanks stand around the names", () => {
  assert.deepEqual(columnIndices(table, ["kind", " width "]), [2, 0]);
});

test("columnIndices names what is missing, what there is, and what may have been meant", () => {
  assert.throws(() => columnIndices(table, ["Widht"]), {
    name: "FormatError",
    message: 't.csv: expected a column "Widht", got "width", "height", "kind"; did you mean width?',
  });
});

test("columnIndices says that capital letters count where nothing else differs", () => {
  const list = 'got "width", "height", "kind"';
  assert.throws(() => columnIndices(table, ["Width", "HEIGHT"]), {
    name: "FormatError",
    message:
      `t.csv: expected columns "Width", "HEIGHT", ${list}; ` +
      "capital letters count: rename the columns of the file",
  });
  assert.throws(() => columnIndices(table, ["Width", "depth"]), {
    name: "FormatError",
    message: `t.csv: expected columns "Width", "depth", ${list}; did you mean width?`,
  });
});

test("listColumns names a hundred columns and counts the rest", () => {
  const names = Array.from({ length: 101 }, (_, i) => `c${i}`);
  assert.match(listColumns(names), /"c99", … \(101 in all\)$/);
  assert.doesNotMatch(listColumns(names.slice(1)), /…/);
});

test("checkNames gives the names as the table has them", () => {
  assert.deepEqual(checkNames("f", table, "ignore", [" height"], "kind"), ["height"]);
  assert.deepEqual(checkNames("f", table, "ignore", undefined, "kind"), []);
  assert.throws(() => checkNames("f", table, "ignore", ["width", "width "], "kind"), {
    name: "RangeError",
    message: 'f: ignore expected names that differ, got "width" twice',
  });
});
