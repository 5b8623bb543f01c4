// The names of the columns, each only once, from the cells of a header.

import { show } from "../../base/checks.ts";
import type { AddRemark } from "../../base/table.ts";

/** The names, each only once: nameless columns are numbered, and so are repeated names. */
export function distinctNames(names: readonly string[], remark: AddRemark): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  const renamed: string[] = [];
  const result = names.map((name, j) => {
    if (name !== "" && seen.size < seen.add(name).size) return name;
    let number = name === "" ? j + 1 : 2;
    const stem = name === "" ? "column" : name;
    while (taken.has(`${stem}_${number}`)) number++;
    taken.add(`${stem}_${number}`);
    if (name !== "") renamed.push(`${show(name)} in column ${j + 1} is "${stem}_${number}"`);
    return `${stem}_${number}`;
  });
  if (renamed.length > 0)
    remark(`column names that occur twice are numbered: ${renamed.join(", ")}`);
  return result;
}
