// How the names of classes become the integers a net works with, and back.

import { checkInteger, show } from "../base/checks.ts";
import { Matrix } from "../matrix/matrix.ts";

/** What a class is called. */
export type LabelName = string | number;

/**
 * The classes of `values` and each value's class: labels[y[i]] is values[i]. Classes are sorted,
 * numbers by size and strings by UTF-16 code unit, unless `labels` gives them. No values: no
 * classes. Throws TypeError for a mixture of strings and numbers, RangeError for a number that is
 * not finite or a value that is not among `labels`.
 * @example
 * const { y, labels } = encodeLabels(["plum", "fig", "plum"]);
 * console.log(y.join(), labels.join()); // 1,0,1 fig,plum
 */
export function encodeLabels(
  values: ArrayLike<LabelName>,
  labels?: readonly LabelName[],
): { y: Int32Array; labels: LabelName[] } {
  if (typeof values !== "object" || values === null || typeof values.length !== "number") {
    throw new TypeError(
      `encodeLabels: values expected an array of strings or numbers, got ${show(values)}`,
    );
  }
  if (labels !== undefined && !Array.isArray(labels))
    throw new TypeError(`encodeLabels: labels expected an array, got ${show(labels)}`);
  const kind = typeof (labels ?? values)[0];
  checkLabelNames("encodeLabels: labels", labels ?? [], kind);
  checkLabelNames("encodeLabels: values", values, kind);
  const known = labels?.slice() ?? sortLabels(new Set(Array.from(values)));
  const classOf = new Map(known.map((label, c) => [label, c]));
  if (classOf.size < known.length)
    throw new RangeError("encodeLabels: labels expected names that differ, got one twice");
  const y = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const c = classOf.get(values[i]);
    if (c === undefined)
      throw new RangeError(
        `encodeLabels: values[${i}] expected one of ${listLabels(known)}, got ${show(values[i])}`,
      );
    y[i] = c;
  }
  return { y, labels: known };
}

/**
 * Throws unless `labels` are all strings or all finite numbers, whichever `kind` says; `name` is
 * what they are called.
 */
export function checkLabelNames(
  name: string,
  labels: ArrayLike<unknown>,
  kind: string = typeof labels[0],
): void {
  const known = kind === "string" || kind === "number";
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!known || typeof label !== kind) {
      throw new TypeError(
        `${name}[${i}] expected ${known ? `a ${kind} as the first one` : "a string or a number"}, got ${show(label)}`,
      );
    }
    if (kind === "number" && !Number.isFinite(label))
      throw new RangeError(`${name}[${i}] expected a finite number, got ${show(label)}`);
  }
}

/**
 * Distinct labels in their order: numbers by size, strings by code unit. −0 and 0 are one label.
 */
export function sortLabels<T extends LabelName>(distinct: Iterable<T>): T[] {
  return [...distinct].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** `"a", "b", "c", … (12 in all)`: what there is, for a message. */
export function listLabels(labels: readonly LabelName[]): string {
  const SHOWN = 10;
  const list = labels.slice(0, SHOWN).map(show).join(", ");
  return labels.length > SHOWN ? `${list}, … (${labels.length} in all)` : list;
}

/**
 * The names of classes `y`: labels[y[i]] for each i. No y give none. Throws RangeError for a class
 * that has no name.
 * @example
 * console.log(decodeLabels([1, 0, 1], ["fig", "plum"]).join()); // plum,fig,plum
 */
export function decodeLabels<T extends LabelName>(y: ArrayLike<number>, labels: readonly T[]): T[] {
  return Array.from(y, (c, i) => {
    checkInteger("decodeLabels", `y[${i}]`, c, 0, labels.length - 1);
    return labels[c];
  });
}

/**
 * (N, classes) with a 1 in column y[i] of row i and 0 elsewhere. `classes` defaults to the greatest
 * label + 1. Throws RangeError for a label outside 0..classes−1.
 * @example
 * console.log(JSON.stringify(oneHot([2, 0]).toRows())); // [[0,0,1],[1,0,0]]
 */
export function oneHot(y: ArrayLike<number>, classes?: number): Matrix {
  if (classes !== undefined) checkInteger("oneHot", "classes", classes, 0);
  let count = classes ?? 0;
  for (let i = 0; i < y.length; i++) {
    checkInteger("oneHot", `y[${i}]`, y[i], 0, classes === undefined ? 2 ** 31 - 1 : classes - 1);
    if (classes === undefined && y[i] >= count) count = y[i] + 1;
  }
  const out = new Matrix(y.length, count);
  for (let i = 0; i < y.length; i++) out.data[i * count + y[i]] = 1;
  return out;
}
