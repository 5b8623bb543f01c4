// What was decided while a CSV file was read, and cells that are missing or that a model does not
// know: notes on stderr, errors with --strict.

import { show } from "../base/checks.ts";
import type { Remark } from "../base/table.ts";
import type { CellCounts } from "../data/encode.ts";
import type { Arguments } from "./arguments.ts";
import { FileError } from "./files.ts";
import { commandLine } from "./provenance.ts";
import { note } from "./terminal.ts";

type Remarked = { readonly name: string; readonly remarks: readonly Remark[] };

/** Says on stderr what was decided about a file. */
export function sayRemarks({ name, remarks }: Remarked): void {
  for (const { text, option } of remarks)
    note(`${name}: ${text}${option === undefined ? "" : ` (${option})`}`);
}

/** Throws a FileError for decisions about a file that an option could have made. */
export function refuseRemarks(args: Arguments, { name, remarks }: Remarked): void {
  const refused = remarks.filter(({ option }) => option !== undefined);
  if (refused.length === 0) return;
  const options = refused.map(({ option }) => option).join(" ");
  const texts = refused.map(({ text }) => `${name}: ${text}`).join("\n");
  throw new FileError(`${texts}\naccept with: ${givenCommand(args)} ${options}`);
}

/** The command line as it was given. */
export function givenCommand(args: Arguments): string {
  const { command: name, positionals } = args;
  return commandLine({ name, positionals, options: args.pick(args.given) });
}

/** Counts of unusable cells, added up over the pieces of a file. */
export class CellNotes {
  readonly #counts = new Map<string, CellCounts>();

  add(cells: readonly CellCounts[]): void {
    for (const { column, missing, notNumbers, unknown, example } of cells) {
      const sum = this.#counts.get(column) ?? { column, missing: 0, notNumbers: 0, unknown: 0 };
      this.#counts.set(column, {
        column,
        missing: sum.missing + missing,
        notNumbers: sum.notNumbers + notNumbers,
        unknown: sum.unknown + unknown,
        example: sum.example ?? example,
      });
    }
  }

  get counts(): CellCounts[] {
    return [...this.#counts.values()];
  }

  /** One line for each column. */
  get lines(): string[] {
    return this.counts.map(({ column, missing, notNumbers, unknown, example }) => {
      const such = example === undefined ? "" : `, such as ${show(example)}`;
      const parts = [
        missing > 0 && `${cells(missing)} missing`,
        notNumbers > 0 && `${cells(notNumbers)} not a number${such}`,
        unknown > 0 && `${cells(unknown)} of an unknown category${such}`,
      ];
      return `${show(column)}: ${parts.filter(Boolean).join(", ")}`;
    });
  }

  /** Says the counts on stderr, or with --strict throws a FileError. */
  finish(args: Arguments, source: string): void {
    if (this.#counts.size === 0) return;
    const what = "cells that are missing, not a number or of an unknown category";
    const text = `${source}: ${what}\n  ${this.lines.join("\n  ")}`;
    if (args.has("strict")) throw new FileError(`${text}\n--strict refuses them`);
    note(text);
  }
}

function cells(count: number): string {
  return `${count} cell${count === 1 ? "" : "s"}`;
}
