// Axes, linear or logarithmic: the place of a value, and ticks at 1, 2 or 5 times powers of ten,
// for any data (constant, empty, over the whole range of float64).

import { formatPercent, typeset } from "./text.ts";

export type Scale = {
  /** The ends of the axis; min < max always. */
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly number[];
  /** The ticks as text, one for each. */
  readonly labels: readonly string[];
  /** The place of `value`: 0 at min, 1 at max, clamped; NaN if the axis has no place for it. */
  at(value: number): number;
};

export type ScaleOptions = {
  /** The approximate number of ticks. Default: 5. */
  count?: number | undefined;
  /** Widens the ends to the next ticks. Default: true. */
  nice?: boolean | undefined;
  /** Puts ticks at integers only. Default: false. */
  integer?: boolean | undefined;
  /** Writes ticks as percentages. Default: false. */
  percent?: boolean | undefined;
  /** The axis does not extend beyond these. Default: no limits. */
  limits?: readonly [min: number, max: number] | undefined;
};

// max − min of ends clamped to it is finite, also after they were widened to the next ticks
const HUGE = 4e307;
// a span below this part of the values themselves is round-off: the data count as constant
const SAME = 1e-10;
const SLACK = 1e-9; // of a step: the round-off of ticks
const UNLIMITED = [-Infinity, Infinity] as const;

/**
 * The smallest and largest finite value over all arrays (only positive ones count where
 * `positive`), or undefined when there is none.
 */
export function extent(
  arrays: Iterable<ArrayLike<number>>,
  positive = false,
): [min: number, max: number] | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (const values of arrays) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (!Number.isFinite(value) || (positive && value <= 0)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return min <= max ? [min, max] : undefined;
}

/** A linear axis over min..max. */
export function linearScale(min: number, max: number, options: ScaleOptions = {}): Scale {
  const { count = 5, nice = true, integer = false, percent, limits = UNLIMITED } = options;
  [min, max] = widen(clamp(min, -HUGE, HUGE), clamp(max, -HUGE, HUGE), integer);
  // data beyond the limits must still be seen
  const isInside = Math.max(min, limits[0]) < Math.min(max, limits[1]);
  const [least, most] = isInside ? limits : UNLIMITED;
  [min, max] = [Math.max(min, least), Math.min(max, most)];
  const [mantissa, exponent] = niceStep(Math.max((max - min) / count, integer ? 1 : 0));
  // parsed, so that 3 steps of 0.1 are 0.3 and not 0.30000000000000004
  const tick = (k: number): number => Number(`${k * mantissa}e${exponent}`);
  const step = tick(1);
  if (nice) {
    min = Math.max(tick(Math.floor(min / step + SLACK)), least);
    max = Math.min(tick(Math.ceil(max / step - SLACK)), most);
  }
  const [first, last] = [Math.ceil(min / step - SLACK), Math.floor(max / step + SLACK)];
  // not by k++, which leaves numbers beyond 2^53 as they are
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => tick(first + i));
  const decimals = Math.max(0, -exponent);
  const text = (value: number): string =>
    percent ? formatPercent(value, Math.max(0, decimals - 2)) : tickLabel(value, decimals, step);
  return scaleOf(ticks, ticks.map(text), min, max, (value) => value);
}

/**
 * A logarithmic axis over min..max, both > 0, with about `count` ticks: at powers of ten, and at 2
 * and 5 times them where there is room.
 */
export function logScale(min: number, max: number, count = 5): Scale {
  if (!(max > min * (1 + SAME)))
    [min, max] = [Math.max(min / 2, Number.MIN_VALUE), Math.min(max * 2, Number.MAX_VALUE)];
  // under two decades the powers of ten alone are too few
  const multiples = max / min < 100 ? [1, 2, 5] : [1];
  const [low, high] = [Math.log10(min), Math.log10(max)];
  const every = Math.max(1, Math.ceil((high - low) / count));
  const usable: number[] = [];
  for (let e = (Math.floor(low / every) - 1) * every; e <= high + every; e += every)
    // parsed, hence the nearest double
    usable.push(...multiples.map((multiple) => Number(`${multiple}e${e}`)).filter(isPositive));
  min = usable.filter((value) => value <= min * (1 + SAME)).at(-1) ?? min;
  max = usable.find((value) => value >= max * (1 - SAME)) ?? max;
  const ticks = usable.filter((value) => value >= min && value <= max);
  const text = (value: number): string =>
    tickLabel(value, Math.max(0, -Math.floor(Math.log10(value) + SAME)), value);
  const position = (value: number): number => (value > 0 ? Math.log10(value) : NaN);
  return scaleOf(ticks, ticks.map(text), min, max, position);
}

/** The scale on which a value is placed as its position lies between those of the ends. */
function scaleOf(
  ticks: number[],
  labels: string[],
  min: number,
  max: number,
  position: (value: number) => number,
): Scale {
  const [start, end] = [position(min), position(max)];
  const at = (value: number): number => clamp((position(value) - start) / (end - start), 0, 1);
  return { min, max, ticks, labels, at };
}

/** Ends that differ: a constant gets room on both sides, so that it is drawn in the middle. */
function widen(min: number, max: number, integer: boolean): [number, number] {
  const size = Math.max(Math.abs(min), Math.abs(max));
  if (max - min > Math.max(size * SAME, 1e-290)) return [min, max];
  const room = integer && size < 1e9 ? 0.5 : size > 1e-290 ? size / 10 : 1;
  return [min - room, max + room];
}

/** The smallest 1, 2 or 5 times a power of ten that is >= `rough`. */
function niceStep(rough: number): [mantissa: number, exponent: number] {
  const exponent = Math.floor(Math.log10(rough));
  const mantissa = [1, 2, 5].find((digit) => rough / 10 ** exponent <= digit * (1 + SLACK));
  return mantissa ? [mantissa, exponent] : [1, exponent + 1];
}

function tickLabel(value: number, decimals: number, step: number): string {
  if (value === 0) return "0";
  return typeset(
    Math.abs(value) < 1e6 && step >= 0.9e-4
      ? value.toFixed(decimals)
      : Number(value.toPrecision(12)).toExponential(),
  );
}

function isPositive(value: number): boolean {
  return value > 0 && value < Infinity;
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
