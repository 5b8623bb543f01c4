// What a benchmark prints: the machine, then its rows as an aligned table, or both as JSON.

import { formatTable } from "../lib/report/table.ts";
import { machine } from "./harness.ts";

/**
 * Runs through `rows` and prints them; `columns` are the heads. Where stderr is a terminal it says
 * what is being timed.
 */
export async function report<Row extends object>(
  name: string,
  rows: Iterable<Row> | AsyncIterable<Row>,
  columns: Record<keyof Row & string, string>,
  json: boolean,
): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) {
    all.push(row);
    if (process.stderr.isTTY)
      process.stderr.write(`\r\x1b[K${Object.values(row).slice(0, 2).join("  ")}`);
  }
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  if (json) {
    console.log(JSON.stringify({ bench: name, machine: machine(), rows: all }, null, 2));
  } else {
    const keys = Object.keys(columns) as (keyof Row & string)[];
    const cells = all.map((row) => keys.map((key) => cell(row[key])));
    console.log(`${machine()}\n\n${formatTable(cells, { header: Object.values(columns) })}`);
  }
  return all;
}

function cell(value: unknown): string {
  return typeof value === "number" ? figure(value) : value === undefined ? "" : String(value);
}

/** Three significant digits; integers of more stay whole. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  return Math.abs(value) >= 99.95 ? value.toFixed(0) : value.toPrecision(3);
}
