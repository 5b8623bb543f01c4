import { test } from "node:test";
import { Arguments, UsageError } from "../../lib/cli/arguments.ts";
import { readPrepared } from "../../lib/cli/prepared-source.ts";
import type { Source } from "../../lib/cli/source.ts";
import { parseCsv } from "../../lib/formats/csv/csv.ts";
import { shapesCsv } from "../helpers/cli.ts";
import { assertThrows } from "../helpers/throws.ts";

const args = (options: Record<string, string | true> = {}): Arguments =>
  new Arguments("train", [], new Map(Object.entries(options)));
const source: Source = {
  kind: "table",
  table: parseCsv(shapesCsv(60)),
  name: "shapes.csv",
  hash: "",
};

test("readPrepared requires a label of a CSV and refuses it for images", () => {
  assertThrows(
    () => readPrepared(args(), source),
    UsageError,
    'expected --label COLUMN, one of "id", "size", "color", "shape"',
  );
  const images: Source = {
    kind: "images",
    images: { shape: [2, 1], data: Uint8Array.of(1, 2) },
    y: Int32Array.of(0, 1),
    classes: [0, 1],
    name: "i",
    hash: "",
  };
  assertThrows(
    () => readPrepared(args({ label: "x" }), images),
    UsageError,
    "--label is for CSV, got images",
  );
  assertThrows(
    () => readPrepared(args({ label: "shape", validation: "1" }), source),
    UsageError,
    "--validation expected a share below 1, got 1",
  );
});
