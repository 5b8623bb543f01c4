import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTable } from "../../lib/report/table.ts";
import { assertThrows } from "../helpers/throws.ts";

test("Table aligns words left and numbers right", () => {
  assert.equal(
    formatTable(
      [
        ["train", 0.985, "98.5%"],
        ["validation", 1, "100.0%"],
      ],
      { header: ["rows", "loss", "accuracy"] },
    ),
    [
      "rows         loss  accuracy",
      "──────────  ─────  ────────",
      "train       0.985     98.5%",
      "validation      1    100.0%",
    ].join("\n"),
  );
});

test("Table needs no header, fills short rows and leaves no spaces at the ends of lines", () => {
  assert.equal(
    formatTable([["a", 1], ["bb"], ["c", null, "x"], [undefined, 22, true]]),
    "a    1\nbb\nc       x\n    22  true",
  );
  assert.equal(formatTable([]), "");
  assert.equal(formatTable([], { header: ["a", "bb"] }), "a  bb\n─  ──");
});

test("Table takes the alignment it is given", () => {
  assert.equal(
    formatTable(
      [
        ["a", 1],
        ["bbb", 22],
      ],
      { align: ["right", "left"] },
    ),
    "  a  1\nbbb  22",
  );
});

test("Table counts columns of the terminal, not characters", () => {
  assert.equal(
    formatTable([
      ["日本", "x"],
      ["abcd", "y"],
      ["e\u0301", "z"],
    ]),
    "日本  x\nabcd  y\ne\u0301     z",
  );
});

test("No cell can steer the terminal or add a line", () => {
  assert.equal(formatTable([["\x1b[2Jgone\n", "\u202eevil"]]), "\\x1b[2Jgone\\n  \\u202eevil");
});

test("Wrong arguments are refused", () => {
  assertThrows(
    () => formatTable([["a"], "b" as never]),
    TypeError,
    'formatTable: row 1 expected an array of cells, got "b"',
  );
  assertThrows(
    () => formatTable([], { head: [] } as never),
    TypeError,
    "formatTable: unknown option head; expected header, align",
  );
});
