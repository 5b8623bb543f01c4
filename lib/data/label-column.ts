// The column of labels: which classes it names, the rows that have none, and columns that say the
// same in other words, such as its codes. A net that reads these learns nothing from the others,
// and can predict only where the answer is known.

import { show } from "../base/checks.ts";
import type { Table } from "../base/table.ts";
import type { ColumnDecision, ColumnOption } from "./column-decision.ts";
import { type ClassName, encodeLabels } from "./labels.ts";
import type { IsMissing, Missing } from "./missing.ts";

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
  const absent: number[] = [];
  let numbers = true;
  for (let row = 0; row < table.rowCount; row++) {
    const text = table.text(row, column);
    if (isMissing(text)) {
      if (text === "" && missing === "error")
        throw table.error("expected a label, got an empty cell", row, column);
      absent.push(row);
      continue;
    }
    numbers &&= table.isNumber(row, column);
    texts.add(text);
  }
  // A minus is a label of its own beside a plus.
  if (texts.has("+") && absent.some((row) => table.text(row, column) === "-")) texts.add("-");
  const left = absent.filter((row) => !texts.has(table.text(row, column)));
  if (left.length > 0 && missing === "error") {
    const text = show(table.text(left[0], column));
    throw table.error(`expected a label, got ${text}`, left[0], column);
  }
  if (texts.size === 0) throw table.error("expected a label in at least one row, got none");
  const { classes } = encodeLabels(numbers ? [...texts].map(Number) : [...texts]);
  const absentText = left.map((row) => table.text(row, column)).find((text) => text !== "") ?? "";
  return { classes, absent: left, absentText };
}

/** What was decided about rows without a label; nothing when every row has one. */
export function labelDecision(
  column: string,
  { absent, absentText }: { absent: readonly number[]; absentText: string },
  said: Missing | undefined,
): ColumnDecision[] {
  if (absent.length === 0) return [];
  const confirm: ColumnOption[] = said !== undefined ? [] : [{ name: "missing", value: "mean" }];
  const done = `rows without a label${absentText && `, such as ${show(absentText)},`} are left out`;
  const otherwise = { name: "na" as const, value: absentText === "?" ? "NA" : "?" };
  const decision = { column, kind: "label" as const, missing: absent.length, done, confirm };
  return [absentText === "" ? decision : { ...decision, otherwise }];
}

/**
 * Whether each class of the label has one value of the column, and each value one class; false for
 * one class and for few rows. It ends at the first row that tells them apart.
 */
export function copiesLabel(
  table: Table,
  column: number,
  label: number,
  rows?: ArrayLike<number>,
): boolean {
  const count = rows?.length ?? table.rowCount;
  if (count < FEW_ROWS) return false;
  const classOf = new Map<string, string>();
  const cellOf = new Map<string, string>();
  for (let i = 0; i < count; i++) {
    const row = rows?.[i] ?? i;
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
