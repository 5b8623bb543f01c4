import assert from "node:assert/strict";
import { test } from "node:test";
import { polyline } from "../../lib/report/polyline.ts";
import { numbersOf } from "../helpers/svg.ts";

const same = (value: number) => value;

/** The line through the values, `columns` pixels wide, at pixels that `xs` gives. */
const draw = (ys: ArrayLike<number>, columns: number, xs = same) =>
  polyline(
    Array.from(ys, (_, i) => xs(i)),
    ys,
    { left: 0, right: columns, x: same, y: same },
  );

test("A short series keeps every point, with at most two decimals", () => {
  assert.equal(draw([1, 2.345, 3], 100).path, "M0 1L1 2.35L2 3");
  assert.deepEqual(draw([1, 2, 3], 100).end, [2, 3]);
});

test("NaN breaks the line, and a point between two gaps becomes a dot", () => {
  const line = draw([1, 2, NaN, 4, NaN, NaN, 7, 8], 100);
  assert.equal(line.path, "M0 1L1 2M6 7L7 8");
  assert.deepEqual(line.dots, [[3, 4]]);
  assert.deepEqual(draw([NaN, NaN], 10), { path: "", dots: [], end: undefined });
  assert.deepEqual(draw([], 10), { path: "", dots: [], end: undefined });
  assert.deepEqual(draw([5], 10), { path: "", dots: [[0, 5]], end: [0, 5] });
});

test("Infinity is a gap, and so are an x that is not finite and a y without a place", () => {
  assert.equal(draw([1, Infinity, 3, 4], 100).path, "M2 3L3 4");
  assert.equal(draw([0, 1, 2, 3], 100, (i) => (i === 1 ? NaN : i)).path, "M2 2L3 3");
  const plot = { left: 0, right: 100, x: same, y: (value: number) => Math.log10(value) };
  assert.equal(polyline([0, 1, 2, 3], [-1, -2, 1, 10], plot).path, "M2 0L3 1");
});

test("A long series keeps the first, lowest, highest and last point of each column", () => {
  const ys = [5, 9, 1, 6, /* next column */ 4, 0, 8, 3];
  assert.equal(draw(ys, 2, (i) => Math.floor(i / 4)).path, "M0 5L0 9L0 1L0 6L1 4L1 0L1 8L1 3");
});

test("No spike of a million values is lost, and the path stays at four points a column", () => {
  const n = 1_000_000;
  const columns = 500;
  const ys = new Float64Array(n).fill(100);
  const spikes = [3, 77_777, 500_000, 999_998];
  for (const [k, i] of spikes.entries()) ys[i] = k % 2 ? 200 + k : 10 + k;
  const { path } = draw(ys, columns, (i) => (i / n) * columns);
  const numbers = numbersOf(path);
  for (const i of spikes) assert.ok(numbers.includes(ys[i]), `the spike at ${i}`);
  assert.ok(numbers.length / 2 <= 4 * columns, `${numbers.length / 2} points`);
});

test("A million alternating gaps stay bounded, and a gap as wide as a column is still seen", () => {
  const n = 1_000_000;
  const columns = 500;
  const ys = Float64Array.from({ length: n }, (_, i) => (i % 2 ? NaN : i % 7));
  ys.fill(NaN, 400_000, 410_000); // five columns
  const line = draw(ys, columns, (i) => (i / n) * columns);
  assert.ok(line.path.length < 50_000, `${line.path.length} characters`);
  assert.equal(line.path.match(/M/g)!.length, 2);
});
