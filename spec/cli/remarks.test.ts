import assert from "node:assert/strict";
import { test } from "node:test";
import { Arguments } from "../../lib/cli/arguments.ts";
import { FileError } from "../../lib/cli/files.ts";
import { CellNotes, givenCommand, refuseRemarks } from "../../lib/cli/remarks.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { assertThrows } from "../helpers/throws.ts";

const args = new Arguments("predict", ["m", "d.csv"], new Map([["strict", true as const]]));

test("refuseRemarks refuses what an option could have said, with the command that says it", () => {
  const table = parseCsv("a;b\n1,5;2,5\n3,5;x\n", { name: "d.csv" });
  assertThrows(
    () => refuseRemarks(args, table),
    FileError,
    "d.csv: decimal numbers are written with a comma\n" +
      "accept with: twolayer predict m d.csv --strict --decimal ,",
  );
  refuseRemarks(args, parseCsv("a,b\n1,2\n,\n"));
});

test("CellNotes adds up the cells of the pieces of a file, a line for each column", () => {
  const notes = new CellNotes();
  notes.finish(args, "d.csv");
  notes.add([{ column: "a", missing: 1, notNumbers: 0, unknown: 0 }]);
  notes.add([
    { column: "a", missing: 1, notNumbers: 2, unknown: 0, example: "x" },
    { column: "b c", missing: 0, notNumbers: 0, unknown: 1, example: "new" },
  ]);
  assert.deepEqual(notes.lines, [
    '"a": 2 cells missing, 2 cells not a number, such as "x"',
    '"b c": 1 cell of an unknown category, such as "new"',
  ]);
  assertThrows(
    () => notes.finish(args, "d.csv"),
    FileError,
    "d.csv: cells that are missing, not a number or of an unknown category\n" +
      '  "a": 2 cells missing, 2 cells not a number, such as "x"\n' +
      '  "b c": 1 cell of an unknown category, such as "new"\n--strict refuses them',
  );
});

test("givenCommand is the command line as it was given", () => {
  assert.equal(givenCommand(args), "twolayer predict m d.csv --strict");
});
