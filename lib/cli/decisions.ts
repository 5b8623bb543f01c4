// What was decided about the columns of a table, as a table on stderr, and the command line that
// decides the same explicitly, for --strict and for columns that cannot be decided.

import type { Table } from "../base/table.ts";
import type { ColumnDecision, ColumnOption, ColumnProblem } from "../data/column-decision.ts";
import type { TableAnalysis } from "../data/fit.ts";
import { MISSING_TEXTS } from "../data/missing.ts";
import { formatTable } from "../report/table.ts";
import { truncate } from "../report/text.ts";
import type { Arguments } from "./arguments.ts";
import { FileError } from "./files.ts";
import { hasControls, quote } from "./provenance.ts";
import { givenCommand } from "./remarks.ts";

const MAX_LINES = 40; // beyond, columns with the same decision share a line
const NAMES_WIDTH = 40;
const HEADER = ["column", "kind", "missing", "done", "to do otherwise"];

/** The decisions as a table: column, kind, missing cells, what was done, what to write instead. */
export function decisionsTable(decisions: readonly ColumnDecision[]): string {
  const groups = decisions.length > MAX_LINES ? group(decisions) : decisions.map((each) => [each]);
  const lines = groups.map((same) => {
    const [{ kind, missing, done, otherwise }] = same;
    const names = same.map(({ column }) => column).join(", ");
    const count = same.length === 1 ? "" : `${same.length} columns: `;
    const value = same.map(({ column }) => escapeComma(column)).join(",");
    const option =
      otherwise && optionText(otherwise.name === "na" ? otherwise : { ...otherwise, value });
    return [
      truncate(count + names, NAMES_WIDTH),
      kind,
      missing,
      done,
      option && truncate(option, NAMES_WIDTH),
    ];
  });
  return formatTable(lines, { header: HEADER, align: ["left", "left", "right", "left", "left"] });
}

/** Decisions that differ only in the column, in the order of the first of each. */
function group(decisions: readonly ColumnDecision[]): ColumnDecision[][] {
  const groups = new Map<string, ColumnDecision[]>();
  for (const decision of decisions) {
    const { kind, missing, done, otherwise } = decision;
    const key = JSON.stringify([kind, missing, done, otherwise?.name]);
    groups.set(key, [...(groups.get(key) ?? []), decision]);
  }
  return [...groups.values()];
}

/** The option as it is typed: in double quotes, which all shells have, where these are enough. */
function optionText({ name, value }: ColumnOption): string {
  const isBare = /^[\w@%+:,./-]+$/.test(value);
  const isPlain = /^(?:[^"$`\\!]|\\,)+$/.test(value) && !hasControls(value);
  const word = isPlain && !isBare ? `"${value}"` : quote(value);
  return `--${name} ${word}`;
}

/** A column's name as a part of a list: a comma in it is written "\,". */
function escapeComma(name: string): string {
  return name.replaceAll(",", "\\,");
}

/**
 * Throws a FileError that lists all columns which cannot be decided, with the command that accepts
 * their texts as missing cells.
 */
export function refuseProblems(args: Arguments, table: Table, analysis: TableAnalysis): void {
  const { problems, na = MISSING_TEXTS } = analysis;
  if (problems.length === 0) return;
  const lines = problems.map(({ reason, row, index }) => table.error(reason, row, index).message);
  const texts = new Set(problems.flatMap(({ texts }) => texts));
  const named = "name the columns in --categorical or --ignore";
  if (texts.size === 0) throw new FileError(`${lines.join("\n")}\n${named}`);
  const known = textsIn(
    table,
    na.filter((text) => text !== ""),
  );
  const accepting = args.with({ na: [...known, ...texts].map(escapeComma).join(",") });
  throw new FileError(
    `${lines.join("\n")}\n${secondHeader(problems)}` +
      `read as missing cells with: ${givenCommand(accepting)}\nor ${named}`,
  );
}

/** A line about texts that all stand in the first row and nowhere else. */
function secondHeader(problems: readonly ColumnProblem[]): string {
  const isOne =
    problems.length > 1 && problems.every(({ row, texts }) => row === 0 && texts.length === 1);
  return isOne ? "if this line is no data but says what the columns are, delete it\n" : "";
}

/** Those of the texts that occur in the table. */
function textsIn(table: Table, texts: readonly string[]): string[] {
  const wanted = new Set(texts);
  const found = new Set<string>();
  for (let row = 0; row < table.rowCount; row++) {
    for (let column = 0; column < table.columns.length; column++) {
      if (table.isNumber(row, column)) continue;
      const text = table.text(row, column);
      if (wanted.has(text)) found.add(text);
    }
  }
  return [...found];
}

/** With --strict: throws a FileError about all decisions, with the command that makes them. */
export function refuseDecisions(args: Arguments, decisions: readonly ColumnDecision[]): void {
  if (decisions.length === 0) return;
  const accepting = args.with(confirmation(args, decisions));
  throw new FileError(
    `--strict expected every column to be named in an option, got decisions about ` +
      `${decisions.length}:\n${decisionsTable(decisions)}\naccept with: ${givenCommand(accepting)}`,
  );
}

/** The options that make the decisions, with what they hold already. */
function confirmation(
  args: Arguments,
  decisions: readonly ColumnDecision[],
): Record<string, string> {
  const values = new Map<string, string[]>();
  for (const { name, value } of decisions.flatMap(({ confirm }) => confirm)) {
    const given =
      name === "missing" ? [] : (args.list(name) ?? []).filter((each) => each !== "auto");
    const known = values.get(name) ?? given;
    if (!known.includes(value)) values.set(name, [...known, value]);
  }
  return Object.fromEntries(
    [...values].map(([name, list]) => [name, list.map(escapeComma).join(",")]),
  );
}
