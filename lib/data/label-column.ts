// The column of labels: which classes it names, the rows that have none, and columns that say the
// same in other words, such as its codes. A net that reads these learns nothing from the others,
// and can predict only where the answer is known.

import { show } from "../base/checks.ts";
import type { Table } from "../base/table.ts";
import type { ColumnDecision, ColumnOption } from "./column-decision.ts";
import { type ClassName, encodeLabels } from "./labels.ts";
import { type IsMissing, type Missing, showCell } from "./missing.ts";

// In fewer rows a column of two values fits the label by chance.
const FEW_ROWS = 10;

/** The names of the classes and the rows without one. */
export function fitClasses(
  table: Table,
  column: number,
  isMissing: IsMissing,
  missing: Missing,
): { classes: ClassName[]; absent: number[]; absentText: string } {
  const texts = new Set<string>();
  const missingRows: number[] = [];
  const textOf = (row: number): string => table.text(row, column);
  let numbers = true;
  for (let row = 0; row < table.rowCount; row++) {
    const text = textOf(row);
    if (isMissing(text)) missingRows.push(row);
    else {
      numbers &&= table.isNumber(row, column);
      texts.add(text);
    }
  }
  // A minus is a label of its own beside a plus.
  if (texts.has("+") && missingRows.some((row) => textOf(row) === "-")) texts.add("-");
  const absent = missingRows.filter((row) => !texts.has(textOf(row)));
  if (absent.length > 0 && missing === "error") {
    const [row] = absent;
    throw table.error(`expected a label, got ${showCell(textOf(row))}`, row, column);
  }
  if (texts.size === 0) throw table.error("expected a label in at least one row, got none");
  const { classes } = encodeLabels(numbers ? [...texts].map(Number) : [...texts]);
  return { classes, absent, absentText: absent.map(textOf).find((text) => text !== "") ?? "" };
}

/** What was decided about rows without a label; nothing when every row has one. */
export function labelDecision(
  column: string,
  { absent, absentText }: { absent: readonly number[]; absentText: string },
  said: Missing | undefined,
): ColumnDecision[] {
  if (absent.length === 0) return [];
  const example = absentText && `, such as ${show(absentText)},`;
  return [
    {
      column,
      kind: "label",
      missing: absent.length,
      done: `rows without a label${example} are left out`,
      confirm: said === undefined ? [{ name: "missing", value: "mean" }] : [],
      ...(absentText && { otherwise: { name: "na", value: absentText === "?" ? "NA" : "?" } }),
    },
  ];
}

/**
 * Whether each class of the label has one value of the column, and each value one class; false for
 * one class and for few rows. It ends at the first row that tells them apart.
 */
export function copiesLabel(
  table: Table,
  column: number,
  label: number,
  rows: Int32Array,
): boolean {
  if (rows.length < FEW_ROWS) return false;
  const classOf = new Map<string, string>();
  const cellOf = new Map<string, string>();
  for (const row of rows) {
    const [value, name] = [table.text(row, column), table.text(row, label)];
    if ((classOf.get(value) ?? name) !== name || (cellOf.get(name) ?? value) !== value)
      return false;
    classOf.set(value, name);
    cellOf.set(name, value);
  }
  return classOf.size > 1;
}

/** The decision with the remark that its column determines the label; `isSaid` if it was named. */
export function remarkOnCopy(decision: ColumnDecision, isSaid: boolean): ColumnDecision {
  const { column, kind, done, confirm } = decision;
  const name = kind === "number" ? "numeric" : "categorical";
  const named: ColumnOption[] = isSaid ? [] : [{ name, value: column }];
  return {
    ...decision,
    done: `${done}; each value stands for one class: it determines the label`,
    confirm: confirm.length > 0 ? confirm : named,
  };
}
