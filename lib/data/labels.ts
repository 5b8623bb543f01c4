// How the names of classes become the integers that a net works with.

import type { NewInt32Array } from "../base/arrays.ts";
import { checkArray, checkDistinct, show } from "../base/checks.ts";
import { ArgumentRangeError, ArgumentTypeError } from "../base/errors.ts";
import { checkArrayLike } from "../matrix/arguments.ts";

/** What a class is called. */
export type ClassName = string | number;

/**
 * The classes of `values` and each value's class: classes[y[i]] is values[i]. Classes are sorted,
 * numbers by size and strings by UTF-16 code unit, unless `classes` gives them. No values: no
 * classes. Throws TypeError for a mixture of strings and numbers, RangeError for a number that is
 * not finite or a value that is not among `classes`.
 * @example
 * const { y, classes } = encodeLabels(["plum", "fig", "plum"]);
 * console.log(y.join(), classes.join()); // 1,0,1 fig,plum
 */
export function encodeLabels(
  values: ArrayLike<ClassName>,
  classes?: readonly ClassName[],
): { y: NewInt32Array; classes: ClassName[] } {
  checkArrayLike("encodeLabels", "values", values, "an array of strings or numbers");
  if (classes !== undefined) checkArray("encodeLabels", "classes", classes);
  const kind = typeof (classes ?? values)[0];
  checkClassNames("encodeLabels: classes", classes ?? [], kind);
  checkClassNames("encodeLabels: values", values, kind);
  const known = classes?.slice() ?? sortClasses(new Set(Array.from(values)));
  checkDistinct("encodeLabels", "classes", known);
  const classOf = new Map(known.map((label, c) => [label, c]));
  const y = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const c = classOf.get(values[i]);
    if (c === undefined)
      throw new ArgumentRangeError(
        `encodeLabels: values[${i}] expected one of ${listClasses(known)}, got ${show(values[i])}`,
      );
    y[i] = c;
  }
  return { y, classes: known };
}

/**
 * Throws unless `classes` are all strings or all finite numbers, whichever `kind` says; `name` is
 * what they are called.
 */
export function checkClassNames(
  name: string,
  classes: ArrayLike<unknown>,
  kind: string = typeof classes[0],
): void {
  const known = kind === "string" || kind === "number";
  for (let i = 0; i < classes.length; i++) {
    const label = classes[i];
    if (!known || typeof label !== kind) {
      const expected = known ? `a ${kind} as the first one` : "a string or a number";
      throw new ArgumentTypeError(`${name}[${i}] expected ${expected}, got ${show(label)}`);
    }
    if (kind === "number" && !Number.isFinite(label))
      throw new ArgumentRangeError(`${name}[${i}] expected a finite number, got ${show(label)}`);
  }
}

/**
 * Distinct labels in their order: numbers by size, strings by code unit. −0 and 0 are one label.
 */
export function sortClasses<T extends ClassName>(distinct: Iterable<T>): T[] {
  return [...distinct].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** `"a", "b", "c", … (12 in all)`: what there is, for a message, which names at most `shown`. */
export function listClasses(classes: readonly ClassName[], shown = 10): string {
  const list = classes.slice(0, shown).map(show).join(", ");
  return classes.length > shown ? `${list}, … (${classes.length} in all)` : list;
}
