// Which rows are learnt from and which are held back: seeded, and by default stratified, so that
// every part has the classes in the proportions of the whole.

import type { NewInt32Array } from "../base/arrays.ts";
import { checkFinite, checkFlag, checkOptions } from "../base/checks.ts";
import { ArgumentRangeError } from "../base/errors.ts";
import { checkRandom, Random } from "../base/random.ts";
import { checkDataset, checkLabels, type Dataset, type Labels } from "../matrix/dataset.ts";
import type { Matrix } from "../matrix/matrix.ts";

/** How rows are divided by `split` and `splitRows`. */
export type SplitOptions = {
  /** Share of the rows held back for validation, 0..1; default 0.2. */
  validation?: number | undefined;
  /**
   * Share of the rows held back as a test set, 0..1; default 0. The two together are less than 1.
   */
  test?: number | undefined;
  /** Whether each class is divided in these shares; default true. */
  stratified?: boolean | undefined;
  /** Default `new Random(0)`: the same rows every time. */
  random?: Random | undefined;
};

/** Row numbers of each part, ascending; together every row once. */
export type SplitRows = {
  train: NewInt32Array;
  validation: NewInt32Array;
  test: NewInt32Array;
};

/** The rows of one part: copies. */
export type Part = { X: Matrix; y: NewInt32Array };

/**
 * Divides labelled rows into train, validation and test (copies; a part of share 0 has 0 rows),
 * each in the order of X. Sizes are the shares of N rounded to nearest. A class keeps at least one
 * of its rows in train where sizes allow. Throws ShapeError when X and y differ in length,
 * RangeError for shares that leave nothing to train on.
 * @example
 * const parts = split(blobs({ count: 90 }), { validation: 0.2, test: 0.1 });
 * const { train, validation, test } = parts;
 * console.log(train.X.rows, validation.X.rows, test.y.join("")); // 63 18 012012102
 */
export function split(
  data: Dataset,
  options: SplitOptions = {},
): { train: Part; validation: Part; test: Part } {
  const { X, y } = checkDataset("split", data);
  const rows = splitRows(y, options);
  const part = (indices: Int32Array): Part => ({
    X: X.takeRows(indices),
    y: Int32Array.from(indices, (i) => y[i]),
  });
  return { train: part(rows.train), validation: part(rows.validation), test: part(rows.test) };
}

/**
 * The same division as row numbers only, for whoever holds more than X beside y. Throws as `split`
 * does.
 * @example
 * const rows = splitRows([0, 0, 0, 1, 1, 1], { validation: 1 / 3 });
 * console.log(rows.train.join(), rows.validation.join(), rows.test.length); // 1,2,3,4 0,5 0
 */
export function splitRows(y: Labels, options: SplitOptions = {}): SplitRows {
  checkOptions("split", options, ["validation", "test", "stratified", "random"]);
  const { validation = 0.2, test = 0, stratified = true, random = new Random(0) } = options;
  checkFinite("split", "validation", validation, 0);
  checkFinite("split", "test", test, 0);
  checkRandom("split", random);
  checkFlag("split", "stratified", stratified);
  checkLabels("split", y, undefined);
  const N = y.length;
  const sizes = { test: Math.round(N * test), validation: Math.round(N * validation) };
  if (validation + test >= 1 || (N > 0 && sizes.test + sizes.validation >= N)) {
    throw new ArgumentRangeError(
      `split: expected shares that leave rows to train on, got validation ${validation} and ` +
        `test ${test} of ${N} rows`,
    );
  }
  const strata = groupRows(random.permutation(N), y, stratified);
  const part = (size: number): NewInt32Array => {
    const counts = allocate(
      strata.map((rows) => rows.length),
      size,
    );
    const taken = counts.flatMap((count, s) => strata[s].splice(strata[s].length - count));
    return Int32Array.from(taken).sort();
  };
  const held = { test: part(sizes.test), validation: part(sizes.validation) };
  return { train: Int32Array.from(strata.flat()).sort(), ...held };
}

/** The shuffled rows class by class, classes ascending; all in one group when not stratified. */
function groupRows(shuffled: Int32Array, y: Labels, stratified: boolean): number[][] {
  const groups = new Map<number, number[]>();
  for (const row of shuffled) {
    const key = stratified ? y[row] : 0;
    const group = groups.get(key) ?? [];
    if (group.push(row) === 1) groups.set(key, group);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, rows]) => rows);
}

/**
 * How many to take of each group so that `total` are taken in proportion to the groups' sizes
 * (largest remainders; of equal ones the first). The last row of a group is taken only when there
 * is no other.
 */
function allocate(sizes: number[], total: number): number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const exact = sizes.map((size) => (size * total) / all);
  const counts = exact.map((share, s) => Math.min(Math.floor(share), Math.max(0, sizes[s] - 1)));
  const order = [...sizes.keys()].sort((a, b) => (exact[b] % 1) - (exact[a] % 1));
  let left = total - counts.reduce((sum, count) => sum + count, 0);
  // first leave one of each group behind, then not
  for (const spare of [1, 0]) {
    const hasMore = (s: number): boolean => counts[s] < sizes[s] - spare;
    while (left > 0 && order.some(hasMore)) {
      const taken = order.filter(hasMore).slice(0, left);
      for (const s of taken) counts[s]++;
      left -= taken.length;
    }
  }
  return counts;
}
